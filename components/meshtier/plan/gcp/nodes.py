"""Node pools."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from ...spec.endpoint import Taint, TaintEffect
from ...spec.gcp import GcpNodePool
from ..late import Ref
from ..physical import fit
from ..resources import ResourcePlan
from . import names
from .identity import node_account, node_roles
from .names import POOL_LIMIT, GcpCluster, node_tag, provider_name

_ZONES: Final = 3
"""Zones that GKE chooses in a region when none are named."""
_SCOPES: Final = ["https://www.googleapis.com/auth/cloud-platform"]
"""Scopes only narrow what the account's roles allow; Google advises this one."""
_EFFECTS: Final = {
    TaintEffect.NO_SCHEDULE: "NO_SCHEDULE",
    TaintEffect.PREFER_NO_SCHEDULE: "PREFER_NO_SCHEDULE",
    TaintEffect.NO_EXECUTE: "NO_EXECUTE",
}


def pools(cluster: GcpCluster) -> tuple[ResourcePlan, ...]:
    """Return the cluster's node pools, by name.

    They aren't protected: one may come, go, or be replaced on any day, the new one first. All of
    them go only with the control plane, which is.
    """
    asked = cluster.cloud.nodes
    return tuple(_pool(cluster, key, asked[key]) for key in sorted(asked))


def pool_names(cluster: GcpCluster) -> tuple[str, ...]:
    """Return the logical names of the node pools."""
    return tuple(cluster.keyed(names.NODE_POOL, key) for key in sorted(cluster.cloud.nodes))


def pool_name(key: str, pool: GcpNodePool) -> str:
    """Return the pool's name, another one for every change that replaces it.

    Only what is set counts: a setting that is new here must not rename the pools that are there.
    """
    replacing = {"spot": True} if pool.spot else {}
    if not replacing:
        return fit(key, POOL_LIMIT)
    said = json.dumps(replacing, sort_keys=True).encode()
    return fit(f"{key}-{hashlib.sha256(said).hexdigest()[:6]}", POOL_LIMIT)


def first_node(cluster: GcpCluster) -> Mapping[str, Any]:
    """Return the nodes of the pool that GKE makes with a cluster, and that goes at once.

    They are like those of the first pool: what an organisation's rules let in there, they let in
    here.
    """
    asked = cluster.cloud.nodes
    plain = asked[min(asked)].model_copy(update={"labels": {}, "taints": (), "spot": False})
    return _node(cluster, plain)


def _pool(cluster: GcpCluster, key: str, pool: GcpNodePool) -> ResourcePlan:
    return ResourcePlan(
        type="gcp:container/nodePool:NodePool",
        name=cluster.keyed(names.NODE_POOL, key),
        args={
            "name": pool_name(key, pool),
            # The id is late where the cluster is replaced, and then so is the pool.
            "cluster": Ref(resource=cluster.name(names.CONTROL_PLANE), output="id"),
            "location": cluster.cloud.zone or cluster.cloud.region,
            "initial_node_count": -(-pool.min // _zones(cluster)),
            "autoscaling": {
                "total_min_node_count": pool.min,
                "total_max_node_count": pool.max,
                "location_policy": "ANY" if pool.spot else "BALANCED",
            },
            "management": {"auto_repair": True, "auto_upgrade": True},
            "upgrade_settings": {"strategy": "SURGE", "max_surge": 1, "max_unavailable": 0},
            "node_config": _node(cluster, pool),
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=node_roles(cluster),
        # Only for the beginning, and a change would replace the pool.
        ignore_changes=("initial_node_count",),
        # Of another name, the new pool takes the pods over before the old one goes.
        delete_before_replace=False,
    )


def _zones(cluster: GcpCluster) -> int:
    chosen = {*cluster.cloud.zones, *([cluster.cloud.zone] if cluster.cloud.zone else [])}
    return len(chosen) or _ZONES


def _node(cluster: GcpCluster, pool: GcpNodePool) -> dict[str, Any]:
    return {
        "machine_type": pool.type,
        "disk_size_gb": pool.disk,
        "disk_type": pool.disk_type,
        "service_account": node_account(cluster),
        "oauth_scopes": list(_SCOPES),
        "tags": [node_tag(cluster)],
        "resource_labels": names.labels(cluster),
        # Pods ask GKE for credentials, never the node's account.
        "workload_metadata_config": {"mode": "GKE_METADATA"},
        "shielded_instance_config": {
            "enable_secure_boot": True,
            "enable_integrity_monitoring": True,
        },
        "kubelet_config": {"insecure_kubelet_readonly_port_enabled": "FALSE"},
        **({"labels": dict(sorted(pool.labels.items()))} if pool.labels else {}),
        **({"taints": [_taint(taint) for taint in pool.taints]} if pool.taints else {}),
        **({"spot": True} if pool.spot else {}),
    }


def _taint(taint: Taint) -> dict[str, str]:
    return {"key": taint.key, "value": taint.value, "effect": _EFFECTS[taint.effect]}
