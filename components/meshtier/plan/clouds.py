"""Everything the clouds are asked for, in the order in which it can be made.

One module per cloud answers the same questions (`CloudPlanner`); what depends on several clusters
(who may come in from where, whose networks are peered) is decided here, once for all clouds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import combinations
from typing import Any, Final, Protocol, TypeAlias, cast

from ..errors import Problem, SpecError
from ..spec.environment import ClusterSpec, EnvironmentSpec
from ..spec.existing import ExistingCloud
from ..spec.model import MadeCloud
from ..spec.reach import Reach, Route, reach
from . import names
from .cloud_cluster import CloudCluster
from .gateway_checks import refuse_gateways
from .labels import cloud_marks
from .late import LateText
from .model import InsidePlan
from .physical import fit
from .resources import AccessPlan, FixedGateway, ResourcePlan

_PHYSICAL: Final = 32
"""Leaves room for what clouds and controllers append (GKE's own limit is 40)."""


Pair: TypeAlias = tuple[CloudCluster[Any], CloudCluster[Any]]
Clusters: TypeAlias = Mapping[str, CloudCluster[Any]]
"""Clusters of one cloud by their component."""
Problems: TypeAlias = tuple[Problem, ...]


class CloudPlanner(Protocol):
    """What one cloud's module answers; resources are in an order in which they can be made."""

    def providers(self, clusters: Sequence[CloudCluster[Any]]) -> tuple[ResourcePlan, ...]:
        """Return the providers, one per account or project."""
        ...

    def network(self, cluster: CloudCluster[Any]) -> tuple[ResourcePlan, ...]:
        """Return the network made for the cluster, its ways out, and its gateway's addresses."""
        ...

    def egress(self, cluster: CloudCluster[Any]) -> tuple[LateText, ...]:
        """Return the public ranges (CIDR) the cluster's traffic leaves from."""
        ...

    def fixed_gateway(self, cluster: CloudCluster[Any]) -> FixedGateway:
        """Return the cloud's side of the cluster's east-west gateway."""
        ...

    def peering(self, pairs: Sequence[Pair]) -> tuple[ResourcePlan, ...]:
        """Return what routes two networks to each other; the pairs are the clusters in them."""
        ...

    def cluster(self, cluster: CloudCluster[Any]) -> tuple[ResourcePlan, ...]:
        """Return the control plane, who may reach it, its nodes and what they need."""
        ...

    def too_many(self, clusters: Clusters, resources: Sequence[ResourcePlan]) -> Problems:
        """Return what is more than the cloud gives anybody."""
        ...

    def beyond_default(self, clusters: Clusters, resources: Sequence[ResourcePlan]) -> Problems:
        """Return what needs a higher quota than new accounts have."""
        ...

    def access(self, cluster: CloudCluster[Any]) -> AccessPlan:
        """Return how the stack and the peers reach the API server."""
        ...

    def inside(self, cluster: CloudCluster[Any]) -> InsidePlan:
        """Return what the cloud needs inside the cluster."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudsPlan:
    """What the clouds are asked for; the maps are by cluster."""

    resources: tuple[ResourcePlan, ...]
    access: Mapping[str, AccessPlan]
    inside: Mapping[str, InsidePlan]
    gateways: Mapping[str, FixedGateway]
    quotas: tuple[Problem, ...]
    """What an account may not have the quota for."""


def plan_clouds(environment: EnvironmentSpec) -> CloudsPlan:
    """Return the plan of every cluster that a cloud makes; empty where all exist already."""
    ways = reach(environment)
    grounds = {
        cluster.name: _ground(environment, cluster, cluster.cloud, ways)
        for cluster in environment.clusters
        if not isinstance(cluster.cloud, ExistingCloud)
    }
    exits = {name: _planner(one).egress(one) for name, one in grounds.items()}
    chosen = {name: _with_sources(ground, ways, exits) for name, ground in grounds.items()}
    gateways = {
        name: _planner(one).fixed_gateway(one) for name, one in chosen.items() if one.gateway
    }
    refuse_gateways(chosen, gateways, ways)
    resources = tuple(_resources(chosen, ways))
    return CloudsPlan(
        resources=resources,
        access={name: _planner(one).access(one) for name, one in chosen.items()},
        inside={name: _planner(one).inside(one) for name, one in chosen.items()},
        gateways=gateways,
        quotas=_quotas(chosen.values(), resources),
    )


def _quotas(clusters: Iterable[CloudCluster[Any]], resources: Sequence[ResourcePlan]) -> Problems:
    """Return what is beyond default quotas; raise SpecError for what no quota can be raised for."""
    lots = [
        (_planner(alike[0]), {one.component: one for one in alike}) for alike in _by_cloud(clusters)
    ]
    refused = [one for cloud, those in lots for one in cloud.too_many(those, resources)]
    if refused:
        raise SpecError(refused)
    return tuple(one for cloud, those in lots for one in cloud.beyond_default(those, resources))


def _planner(cluster: CloudCluster[Any]) -> CloudPlanner:
    # Imported by name: an environment on one cloud doesn't pay for the others.
    return cast(CloudPlanner, import_module(f".{cluster.cloud.provider}", __package__))


def _resources(clusters: Mapping[str, CloudCluster[Any]], ways: Reach) -> Iterator[ResourcePlan]:
    by_cloud = _by_cloud(clusters.values())
    for alike in by_cloud:
        yield from _planner(alike[0]).providers(alike)
    # What is shared comes before those who share it.
    for cluster in sorted(clusters.values(), key=lambda one: not one.owns_network):
        yield from _planner(cluster).network(cluster)
    for alike in by_cloud:
        for pairs in _neighbours(alike, ways):
            yield from _planner(alike[0]).peering(pairs)
    for cluster in clusters.values():
        yield from _planner(cluster).cluster(cluster)


def _by_cloud(clusters: Iterable[CloudCluster[Any]]) -> Sequence[Sequence[CloudCluster[Any]]]:
    found: dict[str, list[CloudCluster[Any]]] = {}
    for cluster in clusters:
        found.setdefault(cluster.cloud.provider, []).append(cluster)
    return tuple(found.values())


def _neighbours(clusters: Iterable[CloudCluster[Any]], ways: Reach) -> Iterable[Sequence[Pair]]:
    """Return, for each pair of networks of one cloud to be peered, the clusters in them."""
    found: dict[frozenset[str], list[Pair]] = {}
    for one, other in combinations(clusters, 2):
        if ways.route(one.spec.name, other.spec.name) is not Route.PEERED:
            continue
        if one.cloud.network.given and other.cloud.network.given:
            continue
        networks = (ways.cloud_network(one.spec), ways.cloud_network(other.spec))
        found.setdefault(frozenset(map(str, networks)), []).append((one, other))
    return found.values()


def _ground(
    environment: EnvironmentSpec, cluster: ClusterSpec, cloud: MadeCloud, ways: Reach
) -> CloudCluster[Any]:
    owner = ways.owner(cluster)
    return CloudCluster(
        environment=environment.name,
        spec=cluster,
        cloud=cloud,
        component=names.tier(environment.name, cluster.name),
        physical_name=fit(f"{environment.name}-{cluster.name}", _PHYSICAL),
        marks=cloud_marks(environment.name, cluster.name, cluster.level.value),
        protect=environment.guards.protects(cluster.name),
        owner=owner,
        owner_component=names.tier(environment.name, owner.name),
        gateway=bool(cluster.member and cluster.member.gateway),
        gateway_is_internal=_is_internal(environment, cluster, ways),
    )


def _is_internal(environment: EnvironmentSpec, cluster: ClusterSpec, ways: Reach) -> bool:
    callers = _callers(environment.members(), cluster)
    return bool(callers) and all(
        ways.route(caller.name, cluster.name) is not Route.PUBLIC for caller in callers
    )


def _callers(members: Iterable[ClusterSpec], target: ClusterSpec) -> tuple[ClusterSpec, ...]:
    """Return the members that come in through the target's gateway: those of other networks."""
    mine = target.member.network if target.member else None
    return tuple(one for one in members if one.member and one.member.network != mine)


def _with_sources(
    cluster: CloudCluster[Any], ways: Reach, exits: Mapping[str, Sequence[LateText]]
) -> CloudCluster[Any]:
    members = [one for one in ways.clusters.values() if one.member]
    if cluster.spec.member is None:
        return cluster
    peers = [one for one in members if one.name != cluster.spec.name]
    callers = _callers(members, cluster.spec)
    flat = [one for one in peers if one not in callers]
    local = [one for one in peers if ways.route(one.name, cluster.spec.name) is Route.LOCAL]

    def sources(those: Iterable[ClusterSpec], private: bool) -> tuple[LateText, ...]:
        found = [
            source
            for one in those
            for source in (_private(one, ways) if private else _public(one, exits))
        ]
        return tuple(dict.fromkeys(found))

    return replace(
        cluster,
        flat_sources=tuple(str(source) for source in sources(flat, True)),
        local_sources=tuple(str(source) for source in sources(local, True)),
        api_sources=sources(peers, not cluster.cloud.endpoint.public),
        gateway_sources=sources(callers, cluster.gateway_is_internal) if cluster.gateway else (),
    )


def _private(cluster: ClusterSpec, ways: Reach) -> tuple[str, ...]:
    mine, shared = cluster.addresses, ways.owner(cluster).addresses
    ranges = (mine.nodes or shared.nodes, mine.pods or shared.pods)
    return tuple(one for one in ranges if one)


def _public(cluster: ClusterSpec, exits: Mapping[str, Sequence[LateText]]) -> Sequence[LateText]:
    return cluster.addresses.egress or exits.get(cluster.name, ())
