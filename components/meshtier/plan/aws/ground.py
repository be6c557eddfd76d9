"""The network a cluster stands in: made for it, made for another cluster, or given."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import cast

from ...spec.aws import AwsCloud, AwsCreatedNetwork, NatMode
from ..late import LateText, Ref
from . import roles
from .regions import default_zones
from .resource import AwsCluster


def vpc(cluster: AwsCluster) -> LateText:
    """Return the id of the VPC."""
    given = cluster.cloud.network.given
    return given.vpc if given else Ref(resource=cluster.of_network(roles.VPC), output="id")


def private_subnets(cluster: AwsCluster) -> dict[str, LateText]:
    """Return the id of the nodes' subnet by zone."""
    given = cluster.cloud.network.given
    if given:
        return _in_order(cluster, given.private_subnets)
    return _by_zone(cluster, roles.PRIVATE_SUBNET)


def public_subnets(cluster: AwsCluster) -> dict[str, LateText]:
    """Return the id of the public load balancers' subnet by zone."""
    given = cluster.cloud.network.given
    if given:
        return _in_order(cluster, given.public_subnets)
    return _by_zone(cluster, roles.PUBLIC_SUBNET)


def pod_subnets(cluster: AwsCluster) -> dict[str, LateText]:
    """Return the id of the pods' subnet by zone; empty where pods are in the nodes' subnets."""
    if cluster.cloud.network.given or not pod_range(cluster):
        return {}
    return _by_zone(cluster, roles.POD_SUBNET)


def route_tables(cluster: AwsCluster) -> dict[str, LateText]:
    """Return the id of the private subnets' route tables, by zone or, where given, by the id."""
    given = cluster.cloud.network.given
    if given:
        return {table: table for table in given.route_tables}
    return _by_zone(cluster, roles.PRIVATE_ROUTES)


def ranges(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the ranges of nodes and pods."""
    found = (node_range(cluster), pod_range(cluster))
    return tuple(one for one in found if one)


def ways_out(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the resources without which nodes reach neither the internet nor EKS."""
    if cluster.cloud.network.given:
        return ()
    zones, services = zones_of(cluster), asked_of(cluster).endpoints
    kinds = [(roles.PRIVATE_ASSOCIATION, zones), (roles.ENDPOINT, services)]
    if pod_range(cluster):
        kinds.append((roles.POD_ASSOCIATION, zones))
    if nat_zones(cluster):
        kinds.append((roles.PRIVATE_WAY_OUT, zones))
    return tuple(cluster.of_network_keyed(role, key) for role, keys in kinds for key in keys)


def ways_in(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the resources without which the internet reaches no public load balancer."""
    if cluster.cloud.network.given:
        return ()
    associations = (
        cluster.of_network_keyed(roles.PUBLIC_ASSOCIATION, zone) for zone in zones_of(cluster)
    )
    return (cluster.of_network(roles.PUBLIC_WAY_OUT), *associations)


def zones_of(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the zones of the network a cluster stands in."""
    cloud = cast(AwsCloud, cluster.owner.cloud)
    return cloud.zones or default_zones(cloud.region)


def asked_of(cluster: AwsCluster) -> AwsCreatedNetwork:
    """Return how the network that is made for a cluster, or for its owner, is to be."""
    return cast(AwsCloud, cluster.owner.cloud).network.create or AwsCreatedNetwork()


def node_range(cluster: AwsCluster) -> str:
    """Return the range of the VPC; a rule has seen to it that there is one."""
    return cluster.owner.addresses.nodes or ""


def pod_range(cluster: AwsCluster) -> str | None:
    """Return the range of the pods where it is not within that of the VPC."""
    pods, nodes = cluster.owner.addresses.pods, cluster.owner.addresses.nodes
    if pods is None or nodes is None:
        return pods
    return None if ip_network(pods).overlaps(ip_network(nodes)) else pods


def nat_zones(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the zones in which a NAT gateway is made."""
    zones = zones_of(cluster)
    counts = {NatMode.NONE: 0, NatMode.SINGLE: 1, NatMode.PER_ZONE: len(zones)}
    return zones[: counts[asked_of(cluster).nat]]


def _in_order(cluster: AwsCluster, subnets: Mapping[str, str]) -> dict[str, LateText]:
    # The control plane stays in the first zones for ever, so `zones` may put them first.
    ordered = [zone for zone in cluster.cloud.zones if zone in subnets]
    return {zone: subnets[zone] for zone in dict.fromkeys((*ordered, *sorted(subnets)))}


def _by_zone(cluster: AwsCluster, role: str) -> dict[str, LateText]:
    return {
        zone: Ref(resource=cluster.of_network_keyed(role, zone), output="id")
        for zone in zones_of(cluster)
    }
