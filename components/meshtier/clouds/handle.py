"""A cluster that resources can be registered into: owned or given, all look alike."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterHandle:
    """One running (or, in a preview, coming) cluster."""

    name: str
    """Name of the cluster in the environment."""
    provider: k8s.Provider
    """The only Kubernetes provider of the cluster."""
    kubeconfig: pulumi.Output[str]
    """Secret: how the stack reaches the cluster."""
    api_server: pulumi.Output[str]
    """Address of the API server; for peers where the document gives one, else the stack's."""
