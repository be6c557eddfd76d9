"""By which way one cluster's traffic comes to another, and from which addresses it comes.

Firewalls, endpoint ranges and the choice of internal gateways all follow from this one answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .aws import AwsGivenNetwork
from .environment import ClusterSpec, EnvironmentSpec
from .existing import ExistingCloud
from .gcp import GcpCloud, GcpGivenNetwork, vpc_path


class Route(StrEnum):
    """How packets of one cluster reach another's private addresses, if they do."""

    LOCAL = "local"
    """Both are in one cloud network (VPC)."""
    PEERED = "peered"
    """Their networks are routed to each other."""
    PUBLIC = "public"
    """Only public addresses are reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The ways between the clusters of one environment."""

    clusters: Mapping[str, ClusterSpec]
    peered: frozenset[frozenset[str]]
    """Pairs of mesh networks that are routed to each other."""

    def route(self, source: str, target: str) -> Route:
        """Return how packets of `source` come to `target`."""
        one, other = self.clusters[source], self.clusters[target]
        mine, theirs = self.cloud_network(one), self.cloud_network(other)
        if mine is not None and mine == theirs:
            return Route.LOCAL
        if one.member is None or other.member is None:
            return Route.PUBLIC
        pair = {one.member.network, other.member.network}
        if len(pair) == 1 or frozenset(pair) in self.peered:
            return Route.PEERED
        return Route.PUBLIC

    def cloud_network(self, cluster: ClusterSpec) -> str | None:
        """Return a key of the cluster's VPC; None where nothing is known of it."""
        cloud = cluster.cloud
        if isinstance(cloud, ExistingCloud):
            return None
        match cloud.network.given:
            case AwsGivenNetwork() as given:
                return given.vpc
            case GcpGivenNetwork() as given:
                return vpc_path(cloud.project, given) if isinstance(cloud, GcpCloud) else None
            case None:
                return f"made for {self.owner(cluster).name}"

    def owner(self, cluster: ClusterSpec) -> ClusterSpec:
        """Return the cluster for which the network that `cluster` stands in is made."""
        cloud = cluster.cloud
        if isinstance(cloud, ExistingCloud) or cloud.network.shared_with is None:
            return cluster
        # One step only: a rule refuses sharing what is itself shared.
        return self.clusters.get(cloud.network.shared_with, cluster)


def reach(environment: EnvironmentSpec) -> Reach:
    """Return the ways between the clusters of an environment."""
    networks = environment.mesh.networks if environment.mesh else {}
    return Reach(
        clusters={cluster.name: cluster for cluster in environment.clusters},
        peered=frozenset(
            frozenset({name, other})
            for name, network in networks.items()
            for other in network.peered_with
        ),
    )
