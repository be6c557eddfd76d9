"""Who is in the mesh, on which network, and who reads whom. Roles are derived, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..spec.environment import ClusterSpec, Level, MemberSpec
from .model import Role
from .resources import FixedGateway


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A cluster that joins the mesh, with or without a hierarchy around it."""

    name: str
    settings: MemberSpec
    api_server: str | None = None
    """`https://host:port` for the peers; None when it is known only late."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels of every object in the cluster."""
    fixed: FixedGateway | None = None
    """Fixed addresses of its gateway, where it has them."""
    protect: bool = False

    @property
    def role(self) -> Role:
        """What the member does in the mesh: every member runs its own istiod."""
        return Role.PRIMARY


def primaries(members: Iterable[Member]) -> tuple[Member, ...]:
    """Return the members that run an istiod, by name."""
    chosen = (member for member in members if member.role is Role.PRIMARY)
    return tuple(sorted(chosen, key=lambda member: member.name))


def by_network(members: Iterable[Member]) -> dict[str, tuple[str, ...]]:
    """Return the names of the members on each network, both by name."""
    found: dict[str, list[str]] = {}
    for member in sorted(members, key=lambda member: member.name):
        found.setdefault(member.settings.network, []).append(member.name)
    return {network: tuple(found[network]) for network in sorted(found)}


def edges(members: Sequence[Member]) -> tuple[tuple[str, str], ...]:
    """Return every (reader, target): a primary's istiod reads each other member's endpoints."""
    return tuple(
        (reader.name, target.name)
        for reader in primaries(members)
        for target in sorted(members, key=lambda member: member.name)
        if reader.name != target.name
    )


def ordered(clusters: Sequence[ClusterSpec]) -> tuple[ClusterSpec, ...]:
    """Return master, then each seed followed by its user clusters, names sorted."""
    return tuple(sorted(clusters, key=_place))


def below(clusters: Sequence[ClusterSpec], host: ClusterSpec) -> tuple[ClusterSpec, ...]:
    """Return the clusters a host keeps records of: all for the master, its own for a seed."""
    if host.level is Level.MASTER:
        chosen = (cluster for cluster in clusters if cluster.level is not Level.MASTER)
    else:
        chosen = (cluster for cluster in clusters if cluster.parent == host.name)
    return ordered(tuple(chosen))


def _place(cluster: ClusterSpec) -> tuple[int, str, int, str]:
    if cluster.level is Level.MASTER:
        return (0, "", 0, cluster.name)
    if cluster.level is Level.SEED:
        return (1, cluster.name, 0, "")
    return (1, cluster.parent or "", 1, cluster.name)
