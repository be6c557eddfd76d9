"""What the page's scripts know: each cluster's words for the search, its calls, its values."""

from collections.abc import Iterator, Mapping, Sequence
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
"""What a field of a plan is called; any other by its own name."""


def data_of(plan: EnvironmentPlan, nodes: Sequence[Node]) -> dict[str, Any]:
    """Return plain data for the page; positions stand for clusters, in the order of `nodes`."""
    shared = Shared()
    positions = {node.name: at for at, node in enumerate(nodes)}
    clusters = {cluster.name: cluster for cluster in plan.clusters}
    members = {member.cluster: member for member in plan.mesh.members} if plan.mesh else {}
    far = _gateways_into(plan, positions)
    return {
        "clusters": [
            {
                "name": node.name,
                "words": _words(node),
                "parent": positions.get(node.parent or ""),
                "network": node.network,
                "mark": node.mark,
                "facts": list(_facts(node, clusters.get(node.name), members.get(node.name))),
                "reads": _reads(members.get(node.name), positions, shared),
                "via": far.get(node.name, []),
                "values": _values(clusters.get(node.name), members.get(node.name), plan, shared),
            }
            for node in nodes
        ],
        "shared": shared.entries,
    }


def _words(node: Node) -> str:
    words = (node.name, node.level_name, node.network or "", node.provider, node.region)
    marks = (node.parent or "", "gateway" if node.gateway else "", node.mark or "")
    return " ".join((*words, *marks)).lower()


def _gateways_into(plan: EnvironmentPlan, positions: Mapping[str, int]) -> Mapping[str, list[int]]:
    """Return the gateways through which other networks reach a cluster; none where they can't."""
    return {
        target: [positions[name] for name in route.gateways]
        for (_, target), route in predict(plan).items()
        if route.way is Way.GATEWAY
    }


def _reads(member: MemberPlan | None, positions: Mapping[str, int], shared: Shared) -> int | None:
    """Return the entry of the clusters whose endpoints a member knows, itself among them.

    With itself the list is the same for all members, so it is stored once and not once each.
    """
    if member is None:
        return None
    known = {member.cluster, *(peer.cluster for peer in member.peers)}
    return shared.position(sorted(positions[name] for name in known), member.cluster)


def _facts(
    node: Node, cluster: ClusterPlan | None, member: MemberPlan | None
) -> Iterator[tuple[str, str]]:
    yield "level", node.level_name
    yield "parent", node.parent or "none"
    yield "provider", node.provider
    if node.region:
        yield "region", node.region
    yield "network", node.network or "not in the mesh"
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
) -> list[tuple[str, int]]:
    """Return titles and entries of what can be folded open."""
    if cluster is None:
        return []
    found: dict[str, Any] = plain(cluster)
    own = [plain(one) for one in plan.cloud if one.parent == cluster.component_name]
    found |= {"resources": {f"{one['type']} {one['name']}": one["args"] for one in own}}
    found |= plain(member) if member else {}
    return [
        (_TITLES.get(field, field.replace("_", " ")), shared.position(value, cluster.name))
        for field, value in found.items()
        if field not in _SAID_ELSEWHERE and _is_foldable(value)
    ]


def _is_foldable(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(cast("Sequence[Any]", value))
