"""A plan as a Mermaid diagram: the hierarchy, and the mesh's networks as boxes around clusters."""

from collections.abc import Iterator
from itertools import combinations

from .model import ClusterPlan, EnvironmentPlan, MeshPlan, NetworkPlan


def diagram(plan: EnvironmentPlan) -> str:
    """Return the diagram's text, without a code fence."""
    return "\n".join(("flowchart TD", *_lines(plan)))


def _lines(plan: EnvironmentPlan) -> Iterator[str]:
    # Ids are numbers: a cluster may be called `end`, which Mermaid takes for its own.
    ids = {cluster.name: f"c{index}" for index, cluster in enumerate(plan.clusters)}
    members = {member.cluster for member in plan.mesh.members} if plan.mesh else set[str]()
    for cluster in plan.clusters:
        if cluster.name not in members:
            yield f"  {_node(cluster, ids)}"
    if plan.mesh is not None:
        yield from _networks(plan, plan.mesh, ids)
    for cluster in plan.clusters:
        if cluster.parent is not None:
            yield f"  {ids[cluster.parent]} --> {ids[cluster.name]}"
    if plan.mesh is not None:
        yield from _crossings(plan.mesh)


def _networks(plan: EnvironmentPlan, mesh: MeshPlan, ids: dict[str, str]) -> Iterator[str]:
    for index, network in enumerate(mesh.networks):
        yield f'  subgraph n{index} ["network {network.name}"]'
        for name in network.members:
            yield f"    {_node(plan.cluster(name), ids)}"
        yield "  end"


def _crossings(mesh: MeshPlan) -> Iterator[str]:
    for (left, one), (right, other) in combinations(enumerate(mesh.networks), 2):
        if _is_reachable(one) and _is_reachable(other):
            yield f'  n{left} <-. "east-west gateways" .-> n{right}'


def _is_reachable(network: NetworkPlan) -> bool:
    return bool(network.gateways)


def _node(cluster: ClusterPlan, ids: dict[str, str]) -> str:
    return (
        f'{ids[cluster.name]}["{cluster.name}<br/>{cluster.level.value}, {cluster.cloud.provider}"]'
    )
