"""Started by the engine as pulumi-resource-kubernetes."""

from ..serve import run
from .provider import KubernetesPlugin

run(KubernetesPlugin)
