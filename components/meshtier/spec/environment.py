"""The environment after defaults and rules: what the rest of the package believes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import Problem
from .model import Addresses, Cloud, ExistingObjects, MeshSpec


class Level(StrEnum):
    """Where a cluster stands in the hierarchy."""

    MASTER = "master"
    SEED = "seed"
    USER = "user"


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberSpec:
    """How a cluster takes part in the mesh, every default filled in."""

    network: str
    gateway: bool
    """Whether the cluster runs an east-west gateway."""
    gateway_replicas: int
    gateway_annotations: Mapping[str, str]
    gateway_addresses: tuple[str, ...]
    """Fixed addresses of the gateway that the document gives."""
    wait: bool
    """Whether to wait for istiod and the gateway to be ready."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterSpec:
    """One cluster, every default filled in."""

    name: str
    level: Level
    parent: str | None
    """The seed of a user cluster, the master of a seed, None for the master."""
    path: str
    """Where the cluster stands in the document: `master`, `seeds.eu`, `seeds.eu.userClusters.x`."""
    cloud: Cloud
    addresses: Addresses
    labels: Mapping[str, str]
    existing_objects: ExistingObjects
    member: MemberSpec | None
    """None when the cluster is not in the mesh."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardsSpec:
    """What may not be replaced or deleted by accident."""

    protect: bool = False
    allow: frozenset[str] = frozenset()
    """Clusters, or `trust`, that may be all the same."""

    def protects(self, name: str) -> bool:
        """Whether the parts of a cluster, or of `trust`, are protected."""
        return self.protect and name not in self.allow


@dataclass(frozen=True, kw_only=True, slots=True)
class EnvironmentSpec:
    """A whole environment, defaulted and ruled."""

    name: str
    mesh: MeshSpec | None
    clusters: tuple[ClusterSpec, ...]
    """Master first, then each seed followed by its user clusters, names sorted."""
    guards: GuardsSpec = GuardsSpec()
    warnings: tuple[Problem, ...] = field(default=())

    def members(self) -> tuple[ClusterSpec, ...]:
        """Return the clusters in the mesh, in document order."""
        return tuple(cluster for cluster in self.clusters if cluster.member is not None)
