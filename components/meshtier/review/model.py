"""What differs between two plans, as frozen data: for people, machines and pictures alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .paths import Pair, Route, Way


class Section(StrEnum):
    """What a change is about, in the order a reader wants it."""

    CLUSTERS = "clusters"
    NETWORKS = "networks"
    GATEWAYS = "gateways"
    PEERS = "peers"
    """Who reads whose endpoints, as `reader -> target`."""
    ENDPOINTS = "API addresses for peers"
    TRUST = "trust"
    MESH = "mesh"
    RELEASES = "releases"
    CLOUD = "cloud resources"
    OBJECTS = "other objects"


class Kind(StrEnum):
    """How something differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Key(NamedTuple):
    """What a fact is about; the same thing in both plans has the same key."""

    section: Section
    what: str
    """Such as `cluster`, `root certificate`, `release istiod`."""
    name: str
    """Cluster, network or pair; empty where there is only one."""


Facts = Mapping[str, str]
"""What is true of one thing, by aspect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that differs."""

    key: Key
    before: Facts | None
    """What was true; only the aspects that differ when the thing stays. None: it was not there."""
    after: Facts | None

    @property
    def kind(self) -> Kind:
        """Whether it came, went or became another."""
        if self.before is None:
            return Kind.ADDED
        return Kind.REMOVED if self.after is None else Kind.CHANGED


class Effect(StrEnum):
    """What happens to a call."""

    POSSIBLE = "becomes possible"
    IMPOSSIBLE = "becomes impossible"
    PATH = "takes another way"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallChange:
    """A call between two clusters whose route differs."""

    pair: Pair
    before: Route
    after: Route

    @property
    def effect(self) -> Effect | None:
        """What a caller notices; None when it was and stays impossible."""
        was, is_ = (route.way is not Way.IMPOSSIBLE for route in (self.before, self.after))
        if was and is_:
            return Effect.PATH
        if not was and not is_:
            return None
        return Effect.POSSIBLE if is_ else Effect.IMPOSSIBLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """Something that is paid for, in money or in load, and whose count differs."""

    name: str
    before: int
    after: int
    monthly: float | None = None
    """What the difference costs a month in US dollars, where a list price is known."""
    source: str = ""
    """Whose price, and of when."""

    @property
    def delta(self) -> int:
        """How many more; negative when fewer."""
        return self.after - self.before


class Fate(StrEnum):
    """What happens to something that carries traffic."""

    REPLACED = "replaced"
    DESTROYED = "destroyed"


class Carrier(StrEnum):
    """What carries traffic, so that losing it is noticed."""

    CONTROL_PLANE = "control plane"
    GATEWAY = "gateway"
    CA = "certificate authority"
    PROVIDER = "provider"
    NODES = "nodes"
    NETWORK = "cloud network"


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """A thing that carries traffic and is replaced or destroyed."""

    carrier: Carrier
    what: str
    """Such as `east-west gateway`, `root certificate`, `EKS cluster`."""
    cluster: str
    """Where it is; empty for what belongs to the whole mesh."""
    guard: str
    """Name under which `guards.allow` lets it happen: the cluster's, or `trust`."""
    fate: Fate
    why: tuple[str, ...] = ()
    """Settings that force the replacement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Everything that differs between two plans of one environment."""

    environment: str
    is_new: bool
    """Whether there was no such environment before."""
    is_removed: bool
    changes: tuple[Change, ...]
    calls: tuple[CallChange, ...]
    costs: tuple[Cost, ...]
    losses: tuple[Loss, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.calls or self.costs or self.losses)

    def section(self, section: Section) -> tuple[Change, ...]:
        """Return the changes of one section."""
        return tuple(change for change in self.changes if change.key.section is section)
