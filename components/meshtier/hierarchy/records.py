"""By what a cluster knows the clusters below it: a namespace with one ConfigMap for each."""

from collections.abc import Mapping
from typing import Any

import pulumi

from ..clouds.handle import ClusterHandle
from ..clouds.registration import register_object
from ..plan.model import ClusterPlan, RecordPlan


def register_records(
    plan: ClusterPlan,
    *,
    cluster: ClusterHandle,
    fingerprint: pulumi.Output[str] | None,
    parent: pulumi.Resource,
) -> None:
    """Register what the cluster holds; with a mesh, each record tells its root's fingerprint."""
    if plan.namespace is None:
        return
    namespace = register_object(plan.namespace, cluster=cluster, parent=parent)
    for record in plan.records:
        register_object(
            record.config_map,
            cluster=cluster,
            parent=parent,
            depends_on=[namespace],
            late=_late(record, fingerprint),
        )


def _late(record: RecordPlan, fingerprint: pulumi.Output[str] | None) -> Mapping[str, Any] | None:
    if fingerprint is None:
        return None
    return {"data": {**record.config_map.manifest["data"], "rootFingerprint": fingerprint}}
