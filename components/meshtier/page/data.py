"""What the page's scripts know: each cluster's words for the search, its calls, its values."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from ..plan.dump import plain
from ..plan.model import ClusterPlan, EnvironmentPlan, GatewayPlan, MemberPlan
from ..review.paths import Way, predict
from .nodes import Node
from .shared import Shared

_SAID_ELSEWHERE: Final = frozenset(
    {"name", "level", "parent", "cluster", "role", "network", "peers", "component_name"}
    | {"provider_name", "identifier", "adopt", "wait", "protect", "records"}
)
"""Fields that are facts of their own, or of the clusters below, or names for the engine."""
_TITLES: Final = {
    "cloud": "where it lives",
    "istiod": "istiod: Helm release and values",
    "base": "Istio base: Helm release and values",
    "crds": "Istio definitions: Helm release and values",
    "gateway": "east-west gateway: workload, Service, Istio Gateway",
    "access": "how the stack reaches it",
    "inside": "what the cloud needs inside",
    "resources": "resources of the cloud",
    "cacerts": "Secret of the member's certificate, without its content",
    "remote_secret": "Secret of the peers' kubeconfigs, without its content",
}
"""What a field of a plan is called; any other by its own name, its underscores blanks."""


def data_of(plan: EnvironmentPlan, nodes: Sequence[Node]) -> dict[str, Any]:
    """Return plain data for the page; positions stand for clusters, in the order of `nodes`."""
    shared = Shared()
    groups = _Groups({node.name: at for at, node in enumerate(nodes)})
    described = descriptions(plan)
    clusters = {cluster.name: cluster for cluster in plan.clusters}
    members = {member.cluster: member for member in plan.mesh.members} if plan.mesh else {}
    far = {
        target: route.gateways
        for (_, target), route in predict(plan).items()
        if route.way is Way.GATEWAY
    }
    return {
        "clusters": [
            {
                "name": node.name,
                "parent": groups.positions.get(node.parent or ""),
                "network": node.network,
                "mark": node.mark,
                "facts": shared.position(
                    dict(_facts(node, clusters.get(node.name), members.get(node.name), described)),
                    node.name,
                ),
                "reads": groups.position(_reads(members.get(node.name))),
                "via": groups.position(far.get(node.name, ())),
                "values": _values(clusters.get(node.name), members.get(node.name), plan, shared),
            }
            for node in nodes
        ],
        "groups": list(groups.known),
        "titles": _TITLES,
        "shared": shared.entries,
    }


def descriptions(plan: EnvironmentPlan) -> dict[str, str]:
    """Return what the document says of networks, by their name."""
    networks = plan.mesh.networks if plan.mesh else ()
    return {network.name: network.description for network in networks if network.description}


class _Groups:
    """Sets of clusters, each stored once: most clusters have the same peers and gateways."""

    def __init__(self, positions: Mapping[str, int]) -> None:
        self.positions = positions
        self.known: dict[tuple[int, ...], int] = {}

    def position(self, names: Iterable[str]) -> int:
        """Return where a set stands among those that are known, adding it when it is new."""
        group = tuple(sorted(self.positions[name] for name in names))
        return self.known.setdefault(group, len(self.known))


def _reads(member: MemberPlan | None) -> set[str]:
    """Return the clusters whose endpoints a member knows, itself among them.

    With itself the set is the same for all members, and stored once.
    """
    if member is None:
        return set()
    return {member.cluster, *(peer.cluster for peer in member.peers)}


def _facts(
    node: Node,
    cluster: ClusterPlan | None,
    member: MemberPlan | None,
    descriptions: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    yield "level", node.level_name
    yield "parent", node.parent or "none"
    yield "provider", node.provider
    if node.region:
        yield "region", node.region
    yield "network", node.network or "not in the mesh"
    described = descriptions.get(node.network or "")
    if described:
        yield "about the network", described
    if member is not None:
        yield "role", f"{member.role.value}: runs its own istiod"
        yield "gateway", _gateway(member.gateway)
    if cluster is not None:
        yield "existing objects", "adopted" if cluster.adopt else "refused"
        yield "protected", "yes" if cluster.protect else "no"


def _gateway(gateway: GatewayPlan | None) -> str:
    if gateway is None:
        return "none"
    words = ["internal"] if gateway.is_internal else []
    words += ["1 replica" if gateway.replicas == 1 else f"{gateway.replicas} replicas"]
    words += [one for one in gateway.addresses if isinstance(one, str)]
    late = sum(not isinstance(one, str) for one in gateway.addresses)
    words += [f"{late} fixed address{'' if late == 1 else 'es'}, known once made"] if late else []
    return ", ".join(words)


def _values(
    cluster: ClusterPlan | None,
    member: MemberPlan | None,
    plan: EnvironmentPlan,
    shared: Shared,
) -> dict[str, int]:
    """Return the entries of what can be folded open, by field of the plan."""
    if cluster is None:
        return {}
    found = {**_fields(cluster), "resources": _resources(plan, cluster)}
    found |= _fields(member) if member else {}
    return {
        field: shared.position(value, cluster.name)
        for field, value in found.items()
        if _is_foldable(value)
    }


def _fields(part: ClusterPlan | MemberPlan) -> dict[str, Any]:
    chosen = (field.name for field in dataclasses.fields(part))
    return {name: plain(getattr(part, name)) for name in chosen if name not in _SAID_ELSEWHERE}


def _resources(plan: EnvironmentPlan, cluster: ClusterPlan) -> list[dict[str, Any]]:
    """Return the cloud's resources of a cluster by type.

    As lists and not by name: a firewall's rules are the same in many clusters, but for the one
    that each has none for, so that maps of them would all be different.
    """
    found: dict[str, list[Any]] = {}
    for resource in plan.cloud:
        if resource.parent == cluster.component_name:
            entry = {"name": resource.name, "args": plain(resource.args)}
            found.setdefault(resource.type, []).append(entry)
    return [{"name": kind, "resources": entries} for kind, entries in found.items()]


def _is_foldable(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(cast("Sequence[Any]", value))
