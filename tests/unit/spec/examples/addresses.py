"""Broken rules about address ranges."""

from meshtier.spec.rules import addresses

from tests.unit.spec.examples.example import SHOP, Example, at

ADDRESSES = {
    "no range": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "10.3.0.0"},
        lines=(
            f"{SHOP}.addresses.pods: got '10.3.0.0'; allowed a range in CIDR form such as "
            "10.32.0.0/16; write address, slash and prefix length",
        ),
    ),
    "prefix too long": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/services": "10.3.0.0/33"},
        lines=(
            f"{SHOP}.addresses.services: got '10.3.0.0/33'; allowed a range in CIDR form such as "
            "10.32.0.0/16; write address, slash and prefix length",
        ),
    ),
    "host bits": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "10.9.2.3/16"},
        lines=(
            f"{SHOP}.addresses.pods: got '10.9.2.3/16'; allowed a range without host bits, in its "
            "short form; write 10.9.0.0/16",
        ),
    ),
    "long IPv6 form": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "fd00:0::/56"},
        lines=(
            f"{SHOP}.addresses.pods: got 'fd00:0::/56'; allowed a range without host bits, in its "
            "short form; write fd00::/56",
        ),
    ),
    "own pods and services": Example(
        rule=addresses.own_overlap,
        changes={"master/addresses": {"pods": "10.1.0.0/16", "services": "10.1.7.0/24"}},
        lines=(
            "master.addresses.services: got 10.1.7.0/24, which overlaps the cluster's own pods "
            "10.1.0.0/16; allowed ranges of pods and services that are apart; choose another range",
        ),
    ),
    "pods and pods": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/pods": "10.4.0.128/25"},
        lines=(
            f"{SHOP}.addresses.pods: got 10.4.0.128/25, which overlaps pods 10.4.0.0/24 of pay on "
            "network eu; allowed ranges that nothing else on network eu uses; choose another range",
        ),
    ),
    "services and services": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/services": "10.4.1.0/24"},
        lines=(
            f"{SHOP}.addresses.services: got 10.4.1.0/24, which overlaps services 10.4.1.0/24 of "
            "pay on network eu; allowed ranges that nothing else on network eu uses; choose "
            "another range",
        ),
    ),
    "services and pods": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/services": "10.4.0.0/22"},
        lines=(
            f"{SHOP}.addresses.services: got 10.4.0.0/22, which overlaps pods 10.4.0.0/24 of pay "
            "on network eu and 1 more; allowed ranges that nothing else on network eu uses; "
            "choose another range",
        ),
    ),
    "with a cluster outside the mesh on the same network": Example(
        rule=addresses.overlap_in_network,
        changes={"seeds/eu/mesh": {"network": "eu"}, f"{at(SHOP)}/addresses/pods": "10.2.0.0/24"},
        lines=(
            f"{SHOP}.addresses.pods: got 10.2.0.0/24, which overlaps pods 10.2.0.0/24 of eu on "
            "network eu; allowed ranges that nothing else on network eu uses; choose another range",
        ),
    ),
    "nodes and services": Example(
        rule=addresses.own_overlap,
        changes={"master/addresses": {"nodes": "10.1.0.0/16", "services": "10.1.7.0/24"}},
        lines=(
            "master.addresses.services: got 10.1.7.0/24, which overlaps the cluster's own nodes "
            "10.1.0.0/16; allowed ranges of nodes and services that are apart; choose another "
            "range",
        ),
    ),
    "nodes and pods": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/nodes": "10.4.0.0/25"},
        lines=(
            f"{SHOP}.addresses.nodes: got 10.4.0.0/25, which overlaps pods 10.4.0.0/24 of pay on "
            "network eu; allowed ranges that nothing else on network eu uses; choose another range",
        ),
    ),
    "on peered networks": Example(
        rule=addresses.overlap_in_network,
        changes={
            "mesh/networks": {"eu": {"peeredWith": ["us"]}, "us": {}},
            "seeds/us/userClusters/web/addresses/pods": "10.4.0.0/24",
        },
        lines=(
            "seeds.us.userClusters.web.addresses.pods: got 10.4.0.0/24, which overlaps pods "
            "10.4.0.0/24 of pay on network eu; allowed ranges that nothing else on network us "
            "uses, nor on one peered with it; choose another range",
        ),
    ),
}
