"""A cluster that resources can be registered into: owned or given, all look alike."""

from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as k8s

from .late import Made


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
    """Address of the API server; for peers where there is one for them, else the stack's."""
    context: str | None = None
    """The kubeconfig's context, None for its current one."""
    adopt: bool = False
    """Whether objects and releases that are there already are taken over."""
    control_plane: pulumi.Resource | None = None
    """What all that is in the cluster goes and comes with; None where nobody here makes it."""
    made: Made = field(default_factory=dict[str, pulumi.Resource])
    """What late leaves of the cluster's objects and releases name."""
    ready: tuple[pulumi.Resource, ...] = ()
    """What stands as long as anything is in the cluster: it comes before and goes after it."""
    load_balancing: tuple[pulumi.Resource, ...] = ()
    """What makes the cluster's load balancers: it comes before them and goes after them."""
