"""Managed node groups, what their machines look like, and the role they have."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ...spec.aws import AwsNodeGroup
from ...spec.endpoint import TaintEffect
from ..late import LateText, Ref, Text
from ..physical import fit
from ..resources import ResourcePlan
from . import roles
from .addons import addons_before_nodes
from .ground import private_subnets, ways_out
from .regions import partition
from .resource import AwsCluster, cluster_name, regional, tags
from .role import role_of, role_with_policies, service_trust

GROUP_NAME_LIMIT: Final = 63
"""Characters in a node group's name (CreateNodegroup)."""
TEMPLATE_NAME_LIMIT: Final = 128
"""Characters in a launch template's name (CreateLaunchTemplate)."""

_DIGEST: Final = 6
"""Characters of a digest: two shapes of one group share one once in 16 million changes."""
_REPLACING: Final = ("ami_type", "capacity_type", "instance_types")
"""Arguments whose change replaces a group, beside its subnets."""
_EFFECTS: Final = {
    TaintEffect.NO_SCHEDULE: "NO_SCHEDULE",
    TaintEffect.PREFER_NO_SCHEDULE: "PREFER_NO_SCHEDULE",
    TaintEffect.NO_EXECUTE: "NO_EXECUTE",
}


def nodes(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the nodes' role, and every group with its template."""
    policies = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
    suffix = ".cn" if partition(cluster.cloud.region) == "aws-cn" else ""
    trust = service_trust(f"ec2.amazonaws.com{suffix}")
    role = tuple(role_with_policies(cluster, roles.NODE_ROLE, roles.NODE_POLICY, trust, policies))
    yield from role
    first = (*(one.name for one in role[1:]), *_needed_first(cluster))
    for name, group in sorted(cluster.cloud.nodes.items()):
        yield _template(cluster, name, group)
        yield _group(cluster, name, group, first)


def node_groups(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the logical names of the cluster's node groups."""
    return tuple(cluster.keyed(roles.NODES, name) for name in sorted(cluster.cloud.nodes))


def _needed_first(cluster: AwsCluster) -> tuple[str, ...]:
    # Nodes without a network plugin never become ready, and keep its settings of their start.
    addons = (cluster.keyed(roles.ADDON, addon) for addon in addons_before_nodes(cluster))
    return (*addons, *ways_out(cluster))


def _template(cluster: AwsCluster, name: str, group: AwsNodeGroup) -> ResourcePlan:
    label = f"{roles.NODES}-{name}"
    kinds = ("instance", "volume", "network-interface")
    own = tags(cluster, label)
    return regional(
        cluster,
        "aws:ec2/launchTemplate:LaunchTemplate",
        cluster.keyed(roles.NODE_TEMPLATE, name),
        {
            # A dot, as neither part holds one: two clusters can never spell one name.
            "name": fit(f"{cluster.physical_name}.{name}", TEMPLATE_NAME_LIMIT),
            "update_default_version": True,
            "metadata_options": {
                "http_endpoint": "enabled",
                # One hop: pods don't get at the node's credentials.
                "http_put_response_hop_limit": 1,
                "http_tokens": "required",
            },
            "block_device_mappings": [_disk(group)],
            "tag_specifications": [{"resource_type": kind, "tags": own} for kind in kinds],
            "tags": tags(cluster, f"{roles.NODE_TEMPLATE}-{name}"),
        },
    )


def _disk(group: AwsNodeGroup) -> dict[str, Any]:
    # Bottlerocket keeps images and pods on a second disk.
    device = "/dev/xvdb" if group.ami.startswith("BOTTLEROCKET") else "/dev/xvda"
    volume = {
        "delete_on_termination": "true",
        "encrypted": "true",
        "volume_size": group.disk,
        "volume_type": "gp3",
    }
    return {"device_name": device, "ebs": volume}


def _group(
    cluster: AwsCluster, name: str, group: AwsNodeGroup, first: tuple[str, ...]
) -> ResourcePlan:
    template = cluster.keyed(roles.NODE_TEMPLATE, name)
    args: dict[str, Any] = {
        "cluster_name": cluster_name(cluster),
        "node_role_arn": role_of(cluster, roles.NODE_ROLE),
        "subnet_ids": list(private_subnets(cluster).values()),
        "version": cluster.cloud.version,
        "ami_type": group.ami,
        "instance_types": list(group.types),
        "capacity_type": "SPOT" if group.spot else "ON_DEMAND",
        "scaling_config": {
            "desired_size": group.min if group.desired is None else group.desired,
            "max_size": group.max,
            "min_size": group.min,
        },
        "update_config": {"max_unavailable_percentage": 33},
        "node_repair_config": {"enabled": True},
        "launch_template": {
            "id": Ref(resource=template, output="id"),
            "version": Text((Ref(resource=template, output="latest_version"),)),
        },
        "tags": tags(cluster, f"{roles.NODES}-{name}"),
        **_kubernetes(group),
    }
    args["node_group_name"] = _physical_name(name, args, _places(cluster))
    planned = regional(
        cluster,
        "aws:eks/nodeGroup:NodeGroup",
        cluster.keyed(roles.NODES, name),
        args,
        depends_on=first,
    )
    # The name changes with what replaces the group, so the new one can come first.
    return replace(
        planned, delete_before_replace=False, ignore_changes=("scaling_config.desired_size",)
    )


def _kubernetes(group: AwsNodeGroup) -> dict[str, Any]:
    taints = [
        {"key": taint.key, "effect": _EFFECTS[taint.effect]}
        | ({"value": taint.value} if taint.value else {})
        for taint in group.taints
    ]
    labels = {"labels": dict(sorted(group.labels.items()))} if group.labels else {}
    return {**labels, **({"taints": taints} if taints else {})}


def _places(cluster: AwsCluster) -> tuple[LateText, ...]:
    # Subnets of ours have no ids yet; they are replaced with the cluster, and so is the group.
    subnets = private_subnets(cluster)
    return tuple(subnets.values() if cluster.cloud.network.given else subnets)


def _physical_name(name: str, args: Mapping[str, Any], places: tuple[LateText, ...]) -> str:
    replacing = [*(args[key] for key in _REPLACING), places]
    digest = hashlib.sha256(json.dumps(replacing).encode()).hexdigest()[:_DIGEST]
    return fit(f"{name}-{digest}", GROUP_NAME_LIMIT)
