"""meshtier: a master/seed/user hierarchy of Kubernetes clusters and one Istio mesh over it."""

from .args import (
    ClusterSummary,
    EnvironmentArgs,
    MeshArgs,
    MeshCluster,
    ProvidedIntermediate,
    ProvidedTrust,
)
from .hierarchy.environment import Environment
from .mesh.mesh import Mesh
from .stack import stack_args

__all__ = [
    "ClusterSummary",
    "Environment",
    "EnvironmentArgs",
    "Mesh",
    "MeshArgs",
    "MeshCluster",
    "ProvidedIntermediate",
    "ProvidedTrust",
    "stack_args",
]
