"""Where a cluster's network is: made for it, made for another cluster, or given."""

from typing import Final

from ...spec.gcp import GcpCloud, GcpCreatedNetwork, vpc_path
from ..late import LateText, Ref
from .names import NETWORK, SUBNET, GcpCluster

PODS_RANGE: Final = "pods"
SERVICES_RANGE: Final = "services"


def network_link(cluster: GcpCluster) -> LateText:
    """Return the VPC's path or self link."""
    given = cluster.cloud.network.given
    if given is None:
        return Ref(resource=cluster.of_network(NETWORK), output="self_link")
    return vpc_path(cluster.cloud.project, given)


def network_project(cluster: GcpCluster) -> str:
    """Return the project of the VPC: another one than the cluster's where it is a Shared VPC."""
    given = cluster.cloud.network.given
    return vpc_path(cluster.cloud.project, given).split("/")[1] if given else cluster.cloud.project


def subnet_link(cluster: GcpCluster) -> LateText:
    """Return the path or self link of the nodes' subnet."""
    given = cluster.cloud.network.given
    if given is None:
        return Ref(resource=cluster.name(SUBNET), output="self_link")
    name = given.subnetwork
    place = f"projects/{network_project(cluster)}/regions/{cluster.cloud.region}"
    return name if "/" in name else f"{place}/subnetworks/{name}"


def range_names(cluster: GcpCluster) -> tuple[str, str]:
    """Return the names of the subnet's secondary ranges: that of the pods, that of Services."""
    given = cluster.cloud.network.given
    return (given.pods_range, given.services_range) if given else (PODS_RANGE, SERVICES_RANGE)


def nat_count(cluster: GcpCluster) -> int:
    """Return how many addresses the cluster's own NAT has; 0 where there is none.

    A cluster in another one's VPC has a NAT of its own, as big as the owner's. What is given has
    its ways out already.
    """
    owner = cluster.owner.cloud
    if cluster.cloud.network.given or not isinstance(owner, GcpCloud):
        return 0
    return (owner.network.create or GcpCreatedNetwork()).nat_addresses


def node_range(cluster: GcpCluster) -> str:
    """Return the range of the nodes' subnet."""
    return required(cluster, "nodes", cluster.spec.addresses.nodes)


def required(cluster: GcpCluster, kind: str, found: str | None) -> str:
    """Return a range that the document's rules ask for; ValueError where it is missing."""
    if found is None:
        raise ValueError(f"{cluster.spec.path}.addresses.{kind} is missing")
    return found
