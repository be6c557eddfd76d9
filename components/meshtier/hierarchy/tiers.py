"""One component per level; a seed stands below its master, a user cluster below its seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from ..clouds import Kubeconfigs, provision
from ..clouds.handle import ClusterHandle
from ..plan.model import ClusterPlan, EnvironmentPlan
from ..spec.environment import Level
from .records import register_records


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """What the levels need and nobody knows before the engine runs."""

    kubeconfigs: Kubeconfigs
    fingerprint: pulumi.Output[str] | None
    """Of the mesh's root; None without a mesh."""


class Master(pulumi.ComponentResource):
    """The one cluster that knows all the others."""

    handle: ClusterHandle

    def __init__(self, *, plan: ClusterPlan, late: Late, parent: pulumi.Resource) -> None:
        """Register the cluster and the records it holds."""
        super().__init__(
            "meshtier:index:Master", plan.component_name, _inputs(plan), _below(parent)
        )
        self.handle = _register(plan, late, self)
        self.register_outputs({"apiServer": self.handle.api_server})


class Seed(pulumi.ComponentResource):
    """A cluster that carries the control planes of its user clusters."""

    handle: ClusterHandle

    def __init__(self, *, plan: ClusterPlan, late: Late, parent: pulumi.Resource) -> None:
        """Register the cluster and the records it holds."""
        super().__init__("meshtier:index:Seed", plan.component_name, _inputs(plan), _below(parent))
        self.handle = _register(plan, late, self)
        self.register_outputs({"apiServer": self.handle.api_server})


class UserCluster(pulumi.ComponentResource):
    """A cluster for workloads, under one seed."""

    handle: ClusterHandle

    def __init__(self, *, plan: ClusterPlan, late: Late, parent: pulumi.Resource) -> None:
        """Register the cluster."""
        super().__init__(
            "meshtier:index:UserCluster", plan.component_name, _inputs(plan), _below(parent)
        )
        self.handle = _register(plan, late, self)
        self.register_outputs({"apiServer": self.handle.api_server})


_TIERS: Final = {Level.MASTER: Master, Level.SEED: Seed, Level.USER: UserCluster}


def register_tiers(
    plan: EnvironmentPlan, late: Late, *, parent: pulumi.Resource
) -> Mapping[str, ClusterHandle]:
    """Register every cluster below the one it belongs to; the handles are by cluster name."""
    tiers: dict[str, Master | Seed | UserCluster] = {}
    for cluster in plan.clusters:
        above = tiers[cluster.parent] if cluster.parent is not None else parent
        tiers[cluster.name] = _TIERS[cluster.level](plan=cluster, late=late, parent=above)
    return {name: tier.handle for name, tier in tiers.items()}


def _register(plan: ClusterPlan, late: Late, tier: pulumi.Resource) -> ClusterHandle:
    handle = provision(plan, late.kubeconfigs, parent=tier)
    register_records(plan, cluster=handle, fingerprint=late.fingerprint, parent=tier)
    return handle


def _inputs(plan: ClusterPlan) -> dict[str, Any]:
    return {
        "cluster": plan.name,
        "level": plan.level.value,
        "parent": plan.parent,
        "provider": plan.cloud.provider,
        "labels": dict(plan.labels),
    }


def _below(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent)
