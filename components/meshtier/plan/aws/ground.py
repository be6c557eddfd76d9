"""The network a cluster stands in: made for it, made for another cluster, or given."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import cast

from ...spec.aws import AwsCloud, AwsCreatedNetwork, AwsGivenNetwork, NatMode
from ..late import LateText, Ref
from . import roles
from .regions import default_zones
from .resource import AwsCluster


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Ids of a network's parts, and its ranges."""

    vpc: LateText
    private: Mapping[str, LateText]
    """Id of the nodes' subnet by zone."""
    public: Mapping[str, LateText]
    """Id of the public load balancers' subnet by zone."""
    pods: Mapping[str, LateText]
    """Id of the pods' subnet by zone; empty where pods have addresses of the nodes' subnets."""
    route_tables: Mapping[str, LateText]
    """Id of the private subnets' route tables, by zone or, where given, by the id."""
    ranges: tuple[str, ...]
    """Ranges of nodes and pods."""
    ways_out: tuple[str, ...]
    """Resources without which nodes reach neither the internet nor, after it, EKS."""


def ground(cluster: AwsCluster) -> Ground:
    """Return the network a cluster stands in."""
    given = cluster.cloud.network.given
    return _made(cluster) if given is None else _given(cluster, given)


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


def _made(cluster: AwsCluster) -> Ground:
    zones = zones_of(cluster)

    def ids(role: str) -> dict[str, LateText]:
        return {
            zone: Ref(resource=cluster.of_network_keyed(role, zone), output="id") for zone in zones
        }

    ways_out = [cluster.of_network_keyed(roles.PRIVATE_ASSOCIATION, zone) for zone in zones]
    if nat_zones(cluster):
        ways_out += [cluster.of_network_keyed(roles.PRIVATE_WAY_OUT, zone) for zone in zones]
    services = asked_of(cluster).endpoints
    ways_out += [cluster.of_network_keyed(roles.ENDPOINT, service) for service in services]
    return Ground(
        vpc=Ref(resource=cluster.of_network(roles.VPC), output="id"),
        private=ids(roles.PRIVATE_SUBNET),
        public=ids(roles.PUBLIC_SUBNET),
        pods=ids(roles.POD_SUBNET) if pod_range(cluster) else {},
        route_tables=ids(roles.PRIVATE_ROUTES),
        ranges=_ranges(cluster),
        ways_out=tuple(ways_out),
    )


def _given(cluster: AwsCluster, given: AwsGivenNetwork) -> Ground:
    return Ground(
        vpc=given.vpc,
        private=dict(sorted(given.private_subnets.items())),
        public=dict(sorted(given.public_subnets.items())),
        pods={},
        route_tables={table: table for table in given.route_tables},
        ranges=_ranges(cluster),
        ways_out=(),
    )


def _ranges(cluster: AwsCluster) -> tuple[str, ...]:
    found = (node_range(cluster), pod_range(cluster))
    return tuple(one for one in found if one)
