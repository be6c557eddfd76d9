"""The topology before and after in one Mermaid picture: what comes, goes and changes is marked."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from ..plan.model import ClusterPlan, EnvironmentPlan
from .compare import compare
from .model import Comparison, Kind, Section

MAX_CLUSTERS: Final = 40
"""Largest picture drawn whole; of a larger environment only what changes is drawn, at most as
many clusters, and their parents."""
MAX_NETWORKS: Final = 20
"""Most networks between which lines are drawn: Mermaid gives up at 500 lines."""

_CLASSES: Final = (
    "classDef added stroke:#1a7f37,stroke-width:3px",
    "classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:5 5",
    "classDef changed stroke:#9a6700,stroke-width:3px",
)
_MARKS: Final = {Kind.ADDED: "+ ", Kind.REMOVED: "− ", Kind.CHANGED: "~ "}
"""In the text too: not everybody tells the colours apart."""

Marks = Mapping[str, Kind]


def diagram(
    base: EnvironmentPlan | None,
    head: EnvironmentPlan | None,
    comparison: Comparison | None = None,
) -> str:
    """Return the diagram's text, without a code fence.

    `comparison` is that of the two, where it is known already.
    """
    return "\n".join(_Picture(base, head, comparison or compare(base, head)).lines())


class _Picture:
    """Both plans laid over each other."""

    def __init__(
        self, base: EnvironmentPlan | None, head: EnvironmentPlan | None, comparison: Comparison
    ) -> None:
        both = [plan for plan in (base, head) if plan is not None]
        self._all = {cluster.name: cluster for plan in both for cluster in plan.clusters}
        self._networks = {name: list[str]() for plan in both for name in _networks(plan)}
        for name, network in _places(both).items():
            self._networks[network].append(name)
        self._base, self._head = (_with_gateways(plan) for plan in (base, head))
        self._clusters = cluster_marks(comparison)
        self._network_marks = {
            change.key.name: change.kind for change in comparison.section(Section.NETWORKS)
        }
        self._drawn = self._chosen()
        self._ids = {name: f"c{index}" for index, name in enumerate(self._drawn)}

    def lines(self) -> Iterator[str]:
        """Yield the diagram line by line."""
        yield "flowchart TD"
        inside = {name: network for network, found in self._networks.items() for name in found}
        for name in self._drawn:
            if name not in inside:
                yield f"  {self._node(name)}"
        shown = [network for network in self._networks if self._members(network)]
        for index, network in enumerate(shown):
            yield from self._network(f"n{index}", network)
        for name, cluster in self._drawn.items():
            if cluster.parent in self._ids:
                yield f"  {self._ids[cluster.parent]} --> {self._ids[name]}"
        if len(shown) <= MAX_NETWORKS:
            yield from self._crossings(shown)
        left = [name for name in self._all if name not in self._drawn]
        if left:
            changed = sum(name in self._clusters for name in left)
            yield f'  more["{len(left)} more clusters, {changed or "none"} of them changed"]'
        yield from (f"  {line}" for line in _CLASSES)

    def _members(self, network: str) -> list[str]:
        return [name for name in self._networks[network] if name in self._drawn]

    def _network(self, node: str, network: str) -> Iterator[str]:
        kind = self._network_marks.get(network)
        yield f'  subgraph {node} ["{_mark(kind)}network {network}"]'
        for name in self._members(network):
            yield f"    {self._node(name)}"
        yield "  end"
        if kind is not None:
            yield f"  class {node} {kind.value}"

    def _node(self, name: str) -> str:
        cluster, kind = self._drawn[name], self._clusters.get(name)
        style = f":::{kind.value}" if kind else ""
        about = f"{cluster.level.value}, {cluster.cloud.provider}"
        return f'{self._ids[name]}["{_mark(kind)}{name}<br/>{about}"]{style}'

    def _crossings(self, networks: list[str]) -> Iterator[str]:
        pairs = combinations(enumerate(networks), 2)
        for (left, one), (right, other) in pairs:
            was, is_ = ({one, other} <= found for found in (self._base, self._head))
            if was or is_:
                kind = None if was == is_ else Kind.ADDED if is_ else Kind.REMOVED
                yield f'  n{left} <-. "{_mark(kind)}east-west gateways" .-> n{right}'

    def _chosen(self) -> dict[str, ClusterPlan]:
        if len(self._all) <= MAX_CLUSTERS:
            return self._all
        # Those that come and go before those that only change.
        marked = [name for name in self._clusters if name in self._all]
        marked.sort(key=lambda name: self._clusters[name] is Kind.CHANGED)
        wanted = set(marked[:MAX_CLUSTERS])
        wanted |= {parent for name in wanted if (parent := self._all[name].parent)}
        wanted |= {parent for name in wanted if (parent := self._all[name].parent)}
        return {name: cluster for name, cluster in self._all.items() if name in wanted}


def _networks(plan: EnvironmentPlan) -> dict[str, tuple[str, ...]]:
    mesh = plan.mesh
    return {network.name: network.members for network in mesh.networks} if mesh else {}


def _places(plans: Sequence[EnvironmentPlan]) -> dict[str, str]:
    """Return the network of each cluster; of one that moves, the one it moves to."""
    return {
        name: network
        for plan in plans
        for network, members in _networks(plan).items()
        for name in members
    }


def _with_gateways(plan: EnvironmentPlan | None) -> frozenset[str]:
    networks = plan.mesh.networks if plan and plan.mesh else ()
    return frozenset(network.name for network in networks if network.gateways)


def cluster_marks(comparison: Comparison) -> Marks:
    """Return what happens to each cluster of which something changes."""
    marks: dict[str, Kind] = {}
    for change in comparison.changes:
        if change.key.section not in (Section.NETWORKS, Section.PEERS):
            marks.setdefault(change.key.name, Kind.CHANGED)
        if change.key.section is Section.CLUSTERS:
            marks[change.key.name] = change.kind
    for loss in comparison.losses:
        marks.setdefault(loss.cluster, Kind.CHANGED)
    return marks


def _mark(kind: Kind | None) -> str:
    return _MARKS[kind] if kind else ""
