"""One component per cluster; a seed stands below its master, a user cluster below its seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ..clouds import Kubeconfigs, provision
from ..clouds.handle import ClusterHandle
from ..clouds.resources import register_resources
from ..plan.inventory import TIERS
from ..plan.model import ClusterPlan, EnvironmentPlan
from .records import register_records


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """What the levels need and nobody knows before the engine runs."""

    kubeconfigs: Kubeconfigs
    fingerprint: pulumi.Output[str] | None
    """Of the mesh's root; None without a mesh."""


class Tier(pulumi.ComponentResource):
    """A cluster of the hierarchy, under the token of its level. Complete only after `hold`."""

    def __init__(self, *, plan: ClusterPlan, parent: pulumi.Resource) -> None:
        """Register the component alone: resources of one cloud belong to several of them."""
        super().__init__(
            TIERS[plan.level],
            plan.component_name,
            _inputs(plan),
            pulumi.ResourceOptions(parent=parent),
        )
        self._plan = plan

    def hold(self, handle: ClusterHandle, fingerprint: pulumi.Output[str] | None) -> None:
        """Register the records that the cluster holds."""
        register_records(self._plan, cluster=handle, fingerprint=fingerprint, parent=self)
        self.register_outputs({"apiServer": handle.api_server})


def register_tiers(
    plan: EnvironmentPlan, late: Late, *, parent: pulumi.Resource
) -> Mapping[str, ClusterHandle]:
    """Register every cluster below the one it belongs to; the handles are by cluster name.

    `parent` is the environment's component: what belongs to no cluster stands below it.
    """
    tiers: dict[str, Tier] = {}
    for cluster in plan.clusters:
        above = tiers[cluster.parent] if cluster.parent is not None else parent
        tiers[cluster.name] = Tier(plan=cluster, parent=above)
    components = {cluster.component_name: tiers[cluster.name] for cluster in plan.clusters}
    made = register_resources(plan.cloud, {plan.name: parent, **components})
    handles: dict[str, ClusterHandle] = {}
    for cluster in plan.clusters:
        tier = tiers[cluster.name]
        handle = provision(cluster, late.kubeconfigs, parent=tier, made=made)
        tier.hold(handle, late.fingerprint)
        handles[cluster.name] = handle
    return handles


def _inputs(plan: ClusterPlan) -> dict[str, Any]:
    return {
        "cluster": plan.name,
        "level": plan.level.value,
        "parent": plan.parent,
        "provider": plan.cloud.provider,
        "labels": dict(plan.labels),
    }
