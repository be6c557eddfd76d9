"""Turns planned objects and releases into resources, each with the provider of its cluster."""

# Annotations stay texts, for the typed resources they name load slowly.
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from ..plan.charts import chart_location
from ..plan.model import ObjectPlan, ReleasePlan
from .handle import ClusterHandle
from .late import resolve
from .release_hooks import release_hooks
from .resources import protected

Constructor = Callable[..., pulumi.CustomResource]


@cache
def _constructors() -> Mapping[tuple[str, str], Constructor]:
    """Return the typed resources by apiVersion and kind; a function, for the SDK loads slowly."""
    return {
        ("v1", "ConfigMap"): k8s.core.v1.ConfigMap,
        ("v1", "Namespace"): k8s.core.v1.Namespace,
        ("v1", "Secret"): k8s.core.v1.Secret,
        ("v1", "Service"): k8s.core.v1.Service,
        ("v1", "ServiceAccount"): k8s.core.v1.ServiceAccount,
        ("rbac.authorization.k8s.io/v1", "ClusterRole"): k8s.rbac.v1.ClusterRole,
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): k8s.rbac.v1.ClusterRoleBinding,
        ("storage.k8s.io/v1", "StorageClass"): k8s.storage.v1.StorageClass,
    }


def register_object(
    plan: ObjectPlan,
    *,
    cluster: ClusterHandle,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource] = (),
    late: Mapping[str, pulumi.Input[Any]] | None = None,
    protect: bool = False,
) -> pulumi.CustomResource:
    """Register one Kubernetes object.

    `late` holds top-level fields of the object that are known only later, such as `data`; they
    take the place of planned ones. Kinds without a typed resource are custom resources.
    """
    fields: dict[str, Any] = {**resolve(plan.manifest, cluster.made), **(late or {})}
    key = (str(fields["apiVersion"]), str(fields["kind"]))
    constructor = _constructors().get(key, k8s.apiextensions.CustomResource)
    return constructor(
        plan.logical_name,
        **{_snake_case(name): value for name, value in fields.items()},
        opts=_options(cluster, parent, depends_on, protect, plan.replacing),
    )


def register_release(
    plan: ReleasePlan,
    *,
    cluster: ClusterHandle,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource] = (),
    protect: bool = False,
) -> k8s.helm.v3.Release:
    """Register one Helm release."""
    return k8s.helm.v3.Release(
        plan.logical_name,
        name=plan.name,
        namespace=plan.namespace,
        chart=chart_location(plan.chart, Path.cwd()),
        version=plan.version,
        repository_opts={"repo": plan.repository} if plan.repository else None,
        values=resolve(plan.values, cluster.made),
        description=None if plan.keeper_of is None else resolve(plan.keeper_of, cluster.made),
        skip_await=not plan.wait,
        opts=pulumi.ResourceOptions.merge(
            _options(cluster, parent, depends_on, protect, is_keeper=plan.keeper_of is not None),
            pulumi.ResourceOptions(hooks=release_hooks(plan, cluster)),
        ),
    )


def _options(
    cluster: ClusterHandle,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource],
    protect: bool,
    replacing: Sequence[str] = (),
    *,
    is_keeper: bool = False,
) -> pulumi.ResourceOptions:
    # Not the provider waits for nodes: one that is skipped, for they failed, ends the whole run.
    own = pulumi.ResourceOptions(
        parent=parent,
        provider=cluster.provider,
        depends_on=list(depends_on or cluster.ready),
        protect=protected(protect),
        replace_on_changes=list(replacing),
    )
    return pulumi.ResourceOptions.merge(own, _lifetime(cluster, is_keeper=is_keeper))


def _lifetime(cluster: ClusterHandle, *, is_keeper: bool) -> pulumi.ResourceOptions:
    """Return how long something in a cluster is there: as long as the control plane.

    To the engine the provider of a cluster that is made anew is the same, and what was in the old
    one unchanged. So it is told that all of it goes, while there is somebody to let it go, and
    comes anew. What it is told so by `replace_with` goes in any order; what has an input that the
    control plane makes unknown, and that replaces it, goes after that, in the order of dependence.
    """
    if cluster.control_plane is None:
        return pulumi.ResourceOptions()
    if is_keeper:
        return pulumi.ResourceOptions(
            replace_on_changes=["description"], delete_before_replace=True
        )
    return pulumi.ResourceOptions(replace_with=[cluster.control_plane], delete_before_replace=True)


def _snake_case(name: str) -> str:
    """Return the SDK's spelling of a top-level field: `roleRef` is `role_ref` there."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
