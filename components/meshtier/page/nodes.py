"""What the picture knows of each cluster: who it is, where it stands, how it is marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..plan.model import ClusterPlan, EnvironmentPlan, MemberPlan
from ..review.model import Kind
from ..spec.environment import Level

LEVELS: Final = {Level.MASTER: "master", Level.SEED: "seed", Level.USER: "user cluster"}
PROVIDERS: Final = {"aws": "AWS", "gcp": "GCP"}
"""How people call a provider; any other is called by its key in the document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One cluster of the picture."""

    name: str
    level: Level
    parent: str | None
    provider: str
    """As people call it."""
    region: str
    """Empty where the document names none."""
    network: str | None
    """None outside the mesh."""
    gateway: bool
    mark: Kind | None = None
    """What a change does to the cluster."""

    @property
    def place(self) -> str:
        """Provider and region, as one short text."""
        return f"{self.provider} · {self.region}" if self.region else self.provider

    @property
    def level_name(self) -> str:
        """The level as people call it."""
        return LEVELS[self.level]

    def said(self) -> str:
        """Return the whole cluster in one sentence, for those who don't see the picture."""
        facts = [self.name, self.level_name]
        facts += [f"in {self.parent}"] if self.parent else []
        facts += [self.place]
        facts += [f"network {self.network}" if self.network else "not in the mesh"]
        facts += ["east-west gateway"] if self.gateway else []
        facts += [self.mark.value] if self.mark else []
        return ", ".join(facts)


def nodes_of(
    plan: EnvironmentPlan, marks: Mapping[str, Kind], before: EnvironmentPlan | None = None
) -> tuple[Node, ...]:
    """Return the clusters of a plan, parents first; those that went are taken from `before`.

    One that went from below a cluster that is no seed any more has no place, and is left out.
    """
    nodes = list(_nodes(plan, marks))
    if before is not None:
        there = {node.name for node in nodes}
        removed = dict.fromkeys((one.name for one in before.clusters), Kind.REMOVED)
        nodes += [node for node in _nodes(before, removed) if node.name not in there]
        seeds = {node.name for node in nodes if node.level is Level.SEED}
        nodes = [node for node in nodes if node.level is not Level.USER or node.parent in seeds]
    # By level, else in plan order: a seed that went stands before its clusters all the same.
    return tuple(sorted(nodes, key=lambda node: list(Level).index(node.level)))


def _nodes(plan: EnvironmentPlan, marks: Mapping[str, Kind]) -> Iterator[Node]:
    members = {one.cluster: one for one in plan.mesh.members} if plan.mesh else {}
    for cluster in plan.clusters:
        yield _node(cluster, members.get(cluster.name), marks.get(cluster.name))


def _node(cluster: ClusterPlan, member: MemberPlan | None, mark: Kind | None) -> Node:
    provider = cluster.cloud.provider
    return Node(
        name=cluster.name,
        level=cluster.level,
        parent=cluster.parent,
        provider=PROVIDERS.get(provider, provider),
        region=str(getattr(cluster.cloud, "region", "")),
        network=member.network if member else None,
        gateway=member is not None and member.gateway is not None,
        mark=mark,
    )
