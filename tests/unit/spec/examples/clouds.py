"""Broken rules about clusters that a cloud makes."""

from typing import Any

from meshtier.spec.rules import made, reach

from tests.unit.spec.cloud_documents import OFFICE, at_web, aws, gcp
from tests.unit.spec.documents import MISSING
from tests.unit.spec.examples.example import SHOP, WEB, Example, at

AWS = f"{WEB}.cloud.aws"
GCP = f"{WEB}.cloud.gcp"


def of_aws(rule: Any, line: str, **more: Any) -> Example:
    """Return a `web` on AWS with one thing wrong in its block."""
    return Example(rule=rule, changes=at_web(aws(**more)), lines=(f"{AWS}.{line}",))


def of_gcp(rule: Any, line: str, **more: Any) -> Example:
    """Return a `web` on GCP with one thing wrong in its block."""
    return Example(rule=rule, changes=at_web(gcp(**more)), lines=(f"{GCP}.{line}",))


MADE = {
    "no nodes": of_aws(
        made.nodes_exist,
        "nodes: got no node group; allowed at least one; write one by name, such as "
        "`general: {min: 2, max: 6}`",
        nodes={},
    ),
    "more at least than at most": of_gcp(
        made.node_counts,
        "nodes.general.min: got 7, with max 6; allowed at most max; lower min or raise max",
        nodes={"general": {"min": 7}},
    ),
    "a member of one node": of_gcp(
        made.members_have_nodes,
        "nodes: got at least 1 nodes in a member of the mesh; allowed at least 2; raise min of a "
        "node group",
        nodes={"general": {"min": 1}},
    ),
    "no range of nodes": Example(
        rule=made.ranges_known,
        changes=at_web(gcp(), **{"addresses/nodes": MISSING}),
        lines=(
            f"{WEB}.addresses.nodes: got nothing; allowed the range of the nodes in CIDR form; "
            "choose one that no peer uses",
        ),
    ),
    "a network made and shared": of_aws(
        made.one_network_source,
        "network: got create and given; allowed at most one of create, sharedWith and given; "
        "remove the others",
        network={"create": {}, "given": {"vpc": "vpc-1", "privateSubnets": {"a": "1", "b": "2"}}},
        endpoint={"ranges": [OFFICE]},
    ),
    "a network shared with another cloud": Example(
        rule=made.shared_network,
        changes=at_web(
            aws(network={"sharedWith": "hq"}),
            **{"addresses/pods": MISSING, "addresses/nodes": MISSING},
        ),
        lines=(
            f"{AWS}.network.sharedWith: got 'hq'; allowed a cluster on aws in the same account "
            "and region, with a network made for it; name such a cluster, or remove it",
        ),
    ),
    "a version that is over": of_aws(
        made.kubernetes_version,
        "version: got '1.33'; allowed 1.34, 1.35 or 1.36; write one of them in quotes",
        version="1.33",
    ),
    "a patch version on EKS": of_aws(
        made.kubernetes_version,
        "version: got '1.35.2'; allowed 1.34, 1.35 or 1.36; write one of them in quotes",
        version="1.35.2",
    ),
    "peered with nobody": Example(
        rule=reach.peered_networks,
        changes={"mesh/networks": {"eu": {"peeredWith": ["uk"]}, "us": {}}},
        lines=(
            "mesh.networks.eu.peeredWith[0]: got 'uk'; allowed us; name another declared network",
        ),
    ),
    "two clouds on one network": Example(
        rule=reach.one_cloud_per_flat_network,
        changes={
            **at_web(aws()),
            f"{at(SHOP)}/cloud": gcp(),
            f"{at(SHOP)}/addresses": {
                "nodes": "10.96.0.0/20",
                "pods": "10.100.0.0/14",
                "services": "10.104.0.0/20",
            },
            f"{at(SHOP)}/mesh": {"network": "us"},
        },
        lines=(
            f"{WEB}.mesh.network: got 'us', which shop on gcp is on; allowed one cloud on a "
            "network whose VPCs are made here; give the clusters of each cloud a network of "
            "their own",
        ),
    ),
    "a private endpoint far away": Example(
        rule=reach.private_endpoint_reached,
        changes=at_web(aws(endpoint={"public": False})),
        lines=(
            f"{AWS}.endpoint.public: got false, with no private route from pay or shop; allowed a "
            "private endpoint only where every other member has a route to it; peer the networks "
            "(mesh.networks.<name>.peeredWith), or allow a public endpoint with ranges",
        ),
    ),
    "a private endpoint of GKE behind a peering": Example(
        rule=reach.private_endpoint_reached,
        changes={
            **at_web(gcp(endpoint={"public": False})),
            "mesh/networks": {"eu": {"peeredWith": ["us"]}, "us": {}},
        },
        lines=(
            f"{GCP}.endpoint.public: got false, with no private route from pay or shop; allowed a "
            "private endpoint only where every other member has a route to it; put them into one "
            "VPC (network.sharedWith), or allow a public endpoint with ranges",
        ),
    ),
    "a peer from nowhere": Example(
        rule=reach.sources_known,
        changes={**at_web(gcp()), f"{at(SHOP)}/addresses/egress": []},
        lines=(
            f"{SHOP}.addresses.egress: got nothing; allowed the public ranges its traffic leaves "
            "from: web lets in its peers only; write the addresses of its NAT, each with /32",
        ),
    ),
}
