"""Broken rules about the networks of GKE clusters, and about networks that meet."""

from typing import Any

from meshtier.spec.rules import gcp_networks as rules
from meshtier.spec.rules import reach, reach_ranges

from tests.unit.spec.cloud_documents import at_web, aws, gcp
from tests.unit.spec.examples.clouds import of_gcp
from tests.unit.spec.examples.example import PAY, SHOP, WEB, Example, at

_US = "seeds.us"
_GIVEN = {"network": "core", "subnetwork": "web", "podsRange": "pods", "servicesRange": "services"}


def _of_addresses(kind: str, block: str, allowed: str, **more: Any) -> Example:
    return Example(
        rule=rules.ranges_fit,
        changes=at_web(gcp(**more), **{f"addresses/{kind}": block}),
        lines=(
            f"{WEB}.addresses.{kind}: got {block}; allowed an IPv4 range from {allowed}; choose "
            "such a range",
        ),
    )


def _of_given(key: str, text: str, line: str) -> Example:
    return Example(
        rule=rules.given_names,
        changes=at_web(
            gcp(network={"given": {**_GIVEN, key: text}}),
            **{"addresses/egress": ["203.0.113.5/32"]},
        ),
        lines=(
            f"{WEB}.cloud.gcp.network.given.{key}: {line}; write what `gcloud compute networks "
            "subnets describe` prints",
        ),
    )


def _beside_its_owner(web: dict[str, Any], us: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return changes that put `web` into the VPC of `us`, which is in no mesh network."""
    return {
        **at_web(web, **more),
        f"{at(_US)}/cloud": us,
        f"{at(_US)}/addresses": {
            "nodes": "10.96.0.0/20",
            "pods": "10.97.0.0/16",
            "services": "10.98.0.0/20",
        },
    }


_SHARED = gcp(network={"sharedWith": "us"})

GCP_NETWORKS = {
    "nodes of another family": _of_addresses("nodes", "fd00:a::/64", "/8 to /28 for 6 nodes"),
    "a subnet with fewer addresses than nodes": _of_addresses(
        "nodes",
        "10.64.0.0/25",
        "/8 to /24 for 125 nodes",
        nodes={"general": {"max": 125}},
    ),
    "pods of fewer nodes than there may be": _of_addresses(
        "pods",
        "10.80.0.0/22",
        "/8 to /21 for 9 nodes with up to 64 pods each",
        nodes={"general": {"max": 9}},
    ),
    "pods of a small cluster": _of_addresses(
        "pods",
        "10.80.0.0/25",
        "/8 to /24 for 2 nodes with up to 8 pods each",
        nodes={"general": {"max": 2}},
        maxPodsPerNode=8,
    ),
    "a handful of Services": _of_addresses("services", "10.84.0.0/28", "/16 to /27"),
    "callers of another family": of_gcp(
        rules.api_callers,
        "endpoint.ranges[0]: got 2001:db8::/32; allowed an IPv4 range; write the addresses that "
        "the endpoint sees",
        endpoint={"ranges": ["2001:db8::/32"]},
    ),
    "public callers of a private endpoint": Example(
        rule=rules.api_callers,
        changes={
            "master/cloud": gcp(endpoint={"public": False, "ranges": ["10.0.0.0/8", "8.8.8.0/24"]}),
            "master/addresses/nodes": "10.96.0.0/20",
            "master/addresses/pods": "10.97.0.0/16",
        },
        lines=(
            "master.cloud.gcp.endpoint.ranges[1]: got 8.8.8.0/24; allowed a private IPv4 range, "
            "for the endpoint is private; write the addresses that the endpoint sees",
        ),
    ),
    "a private endpoint for all": Example(
        rule=rules.api_callers,
        changes={
            "master/cloud": gcp(endpoint={"public": False, "ranges": ["0.0.0.0/0"]}),
            "master/addresses/nodes": "10.96.0.0/20",
            "master/addresses/pods": "10.97.0.0/16",
        },
        lines=(
            "master.cloud.gcp.endpoint.ranges[0]: got 0.0.0.0/0; allowed a private IPv4 range, "
            "for the endpoint is private; write the addresses that the endpoint sees",
        ),
    ),
    "a given VPC without a name": _of_given(
        "network", "", "got nothing; allowed the name of a VPC, or projects/…/global/networks/…"
    ),
    "a given subnet of another region": _of_given(
        "subnetwork",
        "projects/acme-host/regions/us-west1/subnetworks/web",
        "got 'projects/acme-host/regions/us-west1/subnetworks/web'; allowed the name of a subnet, "
        "or projects/…/regions/europe-west3/subnetworks/…",
    ),
    "a block for the name of a given range": _of_given(
        "podsRange", "10.80.0.0/16", "got '10.80.0.0/16'; allowed the name of a secondary range"
    ),
    "a range of the VPC's owner, which is in no mesh": Example(
        rule=reach_ranges.cloud_networks_apart,
        changes=_beside_its_owner(_SHARED, gcp(), **{"addresses/pods": "10.97.128.0/17"}),
        lines=(
            f"{WEB}.addresses.pods: got 10.97.128.0/17, which overlaps 10.97.0.0/16 of us; "
            "allowed ranges that nothing else in the VPC, or in one peered with it, uses; choose "
            "another range",
        ),
    ),
    "a range of the owner of a peered VPC": Example(
        rule=reach_ranges.cloud_networks_apart,
        changes={
            **_beside_its_owner(aws(network={"sharedWith": "us"}), aws()),
            f"{at(WEB)}/addresses": {"services": "10.84.0.0/20"},
            f"{at(_US)}/addresses": {"nodes": "10.96.0.0/16", "services": "10.99.0.0/20"},
            f"{at(_US)}/userClusters/more": {
                "cloud": aws(),
                "addresses": {"nodes": "10.96.0.0/20", "services": "10.85.0.0/20"},
            },
        },
        lines=(
            f"{_US}.userClusters.more.addresses.nodes: got 10.96.0.0/20, which overlaps "
            "10.96.0.0/16 of us; allowed ranges that nothing else in the VPC, or in one peered "
            "with it, uses; choose another range",
        ),
    ),
    "one control plane range for two clusters of a VPC": Example(
        rule=reach_ranges.cloud_networks_apart,
        changes=_beside_its_owner(
            gcp(network={"sharedWith": "us"}, controlPlaneRange="172.16.0.0/28"),
            gcp(controlPlaneRange="172.16.0.0/28"),
        ),
        lines=(
            f"{WEB}.cloud.gcp.controlPlaneRange: got 172.16.0.0/28, which overlaps 172.16.0.0/28 "
            "of us; allowed ranges that nothing else in the VPC, or in one peered with it, uses; "
            "choose another range",
        ),
    ),
    "a control plane range among the nodes": of_gcp(
        reach_ranges.cloud_networks_apart,
        "controlPlaneRange: got 10.64.0.0/28, which overlaps 10.64.0.0/16 of web; allowed ranges "
        "that nothing else in the VPC, or in one peered with it, uses; choose another range",
        controlPlaneRange="10.64.0.0/28",
    ),
    "a peer on the same network with pods from nowhere": Example(
        rule=reach.private_sources_known,
        changes={
            **at_web(gcp(), mesh={"network": "eu"}),
            f"{at(PAY)}/addresses": {"egress": ["203.0.113.4/32"]},
        },
        lines=(
            f"{PAY}.addresses.pods: got nothing; allowed the ranges its pods call from: web is on "
            "a network that is routed to its own, and lets in its peers only; write the range of "
            "its pods, and that of its nodes where they stand for the pods",
        ),
    ),
    "networks of two clouds peered": Example(
        rule=reach.one_cloud_per_peering,
        changes={
            **at_web(aws()),
            f"{at(SHOP)}/cloud": gcp(),
            f"{at(SHOP)}/addresses": {
                "nodes": "10.96.0.0/20",
                "pods": "10.100.0.0/14",
                "services": "10.104.0.0/20",
            },
            "mesh/networks": {"eu": {"peeredWith": ["us"]}, "us": {}},
        },
        lines=(
            "mesh.networks.eu.peeredWith: got 'eu' with shop on gcp, and 'us' with web on aws; "
            "allowed networks of one cloud, where their VPCs are made here; remove it: gateways "
            "call each other across the internet",
        ),
    ),
}
