"""Which way every call between clusters takes, predicted from a plan alone.

The rules are those of istiod's endpoint discovery (pilot/pkg/xds/endpoints/ep_filters.go), and
the lab measures whether they hold. Deliberately leaves out everything a workload can do to its
own traffic: policies, sidecar scopes, virtual services.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..plan.model import EnvironmentPlan, MemberPlan, MeshPlan

Pair = tuple[str, str]
"""Source and destination, by cluster name."""


class Way(StrEnum):
    """How a call between two clusters travels."""

    DIRECT = "direct"
    """From pod to pod: both are on one network."""
    GATEWAY = "gateway"
    """Through an east-west gateway of the destination's network."""
    IMPOSSIBLE = "impossible"
    """Not at all over the mesh."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """The way of one call, from a workload of the mesh to a Service of another cluster."""

    way: Way
    gateways: tuple[str, ...] = ()
    """Clusters whose gateways may carry the call; empty unless the way is `gateway`."""
    reason: str = ""
    """Why it is impossible; empty otherwise."""


DIRECT: Final = Route(way=Way.DIRECT)
NO_MESH: Final = Route(way=Way.IMPOSSIBLE, reason="there is no mesh")
SOURCE_OUTSIDE: Final = Route(way=Way.IMPOSSIBLE, reason="the source is not in the mesh")
DESTINATION_OUTSIDE: Final = Route(way=Way.IMPOSSIBLE, reason="the destination is not in the mesh")
BOTH_OUTSIDE: Final = Route(way=Way.IMPOSSIBLE, reason="neither is in the mesh")
UNREAD: Final = Route(
    way=Way.IMPOSSIBLE, reason="the source's istiod does not read the destination's endpoints"
)
_OUTSIDE: Final = {
    (True, False): DESTINATION_OUTSIDE,
    (False, True): SOURCE_OUTSIDE,
    (False, False): BOTH_OUTSIDE,
}
"""By whether source and destination are members."""


def predict(plan: EnvironmentPlan) -> Mapping[Pair, Route]:
    """Return the route of every call between two clusters, and of those inside each cluster."""
    names = [cluster.name for cluster in plan.clusters]
    if plan.mesh is None:
        return {(source, target): NO_MESH for source in names for target in names}
    inside = predict_members(plan.mesh)
    members = {member.cluster for member in plan.mesh.members}
    return {
        (source, target): inside.get((source, target))
        or _OUTSIDE[source in members, target in members]
        for source in names
        for target in names
    }


def predict_members(mesh: MeshPlan) -> Mapping[Pair, Route]:
    """Return the route of every call from a member to a member, itself included."""
    far = {member.cluster: _from_afar(mesh, member) for member in mesh.members}
    found: dict[Pair, Route] = {}
    for source in mesh.members:
        read = {peer.cluster for peer in source.peers} | {source.cluster}
        for target in mesh.members:
            if target.cluster not in read:
                route = UNREAD
            else:
                is_near = source.network == target.network
                route = DIRECT if is_near else far[target.cluster]
            found[source.cluster, target.cluster] = route
    return found


def _from_afar(mesh: MeshPlan, target: MemberPlan) -> Route:
    """Return how calls from other networks reach a member."""
    if target.gateway is not None and not target.gateway.addresses:
        # istiod prefers gateways of the endpoint's own cluster, which it knows by their Service;
        # of those with fixed addresses it is told the network alone.
        return Route(way=Way.GATEWAY, gateways=(target.cluster,))
    network = next(one for one in mesh.networks if one.name == target.network)
    if network.gateways:
        return Route(way=Way.GATEWAY, gateways=network.gateways)
    # istiod would hand out the pods' own addresses, which other networks can't reach.
    return Route(way=Way.IMPOSSIBLE, reason=f"network {target.network} has no gateway")
