"""What is done around Helm when a release is made or changed: before it, the way is cleared of what
a killed run left; after it, the objects of the release get the labels of all that is ours.

Neither ever fails a run: what can't be done is warned of, and Helm has the last word.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pulumi

from ..plan.helm_records import (
    HelmRecord,
    in_the_way_of_creation,
    in_the_way_of_update,
    latest_of,
)
from ..plan.model import ReleasePlan
from ..spec.model import UPSERT
from .api import ApiError, ClusterApi, asking
from .handle import ClusterHandle

_HELD: Final = "Helm has one that this stack doesn't hold; `existingObjects: adopt` takes it over"

_THREADS: Final = ThreadPoolExecutor(max_workers=32, thread_name_prefix="meshtier-hooks")
"""Not the loop's own: all of those may stand in registrations that wait for these very hooks."""

Step = Callable[[ClusterApi], str | None]
"""Something to do in a cluster; returns what the user is warned of."""


def release_hooks(plan: ReleasePlan, cluster: ClusterHandle) -> pulumi.ResourceHookBinding | None:
    """Return the hooks of a release, None in a preview, which would register them for nothing.

    None of them is about deletion: `pulumi destroy` needs no program.
    """
    if pulumi.runtime.is_dry_run():
        return None
    adopt = cluster.adopt or os.environ.get(UPSERT) == "true"

    def clear_creation(api: ClusterApi) -> str | None:
        records = api.records(plan.namespace, plan.name)
        way = in_the_way_of_creation(records, adopt=adopt)
        _forget(api, plan, way)
        return _HELD if records and not way else None

    def clear_update(api: ClusterApi) -> None:
        _forget(api, plan, in_the_way_of_update(api.records(plan.namespace, plan.name)))

    def label(api: ClusterApi) -> None:
        _label(api, plan)

    labelled = _hook("labels", label, plan, cluster)
    return pulumi.ResourceHookBinding(
        before_create=[_hook("creation", clear_creation, plan, cluster)],
        before_update=[_hook("update", clear_update, plan, cluster)],
        after_create=[labelled],
        after_update=[labelled],
    )


def _hook(
    purpose: str, step: Step, plan: ReleasePlan, cluster: ClusterHandle
) -> pulumi.ResourceHook:
    async def run(_: pulumi.ResourceHookArgs) -> None:
        kubeconfig = await cluster.kubeconfig.future()
        # Unknown only where the provider is too, and then there is no release.
        warning = await asyncio.get_running_loop().run_in_executor(
            _THREADS, _warning, step, cluster, kubeconfig or ""
        )
        if warning:
            pulumi.log.warn(f"{cluster.name}: release {plan.name}: {warning}")

    never_fails = pulumi.ResourceHookOptions(ignore_errors=True)
    return pulumi.ResourceHook(f"{plan.logical_name}:{purpose}", run, never_fails)


def _warning(step: Step, cluster: ClusterHandle, kubeconfig: str) -> str | None:
    try:
        with asking(kubeconfig, cluster.context) as api:
            return step(api)
    except ApiError as error:
        return f"neither cleared of what a killed run left nor labelled: {error}"


def _forget(api: ClusterApi, plan: ReleasePlan, records: tuple[HelmRecord, ...]) -> None:
    for record in records:
        api.forget(plan.namespace, record)


def _label(api: ClusterApi, plan: ReleasePlan) -> None:
    latest = latest_of(api.records(plan.namespace, plan.name))
    if latest is None:
        return
    wanted = plan.labels.items()
    bare = [
        one
        for one in api.manifest(plan.namespace, latest)
        if not wanted <= (one["metadata"].get("labels") or {}).items()
    ]
    if bare:
        api.label(bare, plan.namespace, plan.labels)
