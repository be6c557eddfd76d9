"""EKS' add-ons: those that nodes start with, and those that start on nodes."""

from collections.abc import Iterator
from typing import Any, Final

from ...spec.aws import IDENTITY_AGENT, Identity
from ..resources import ResourcePlan
from ..values import overlay
from . import roles
from .ground import pod_subnets
from .identity import addon_identity, addon_identity_args
from .resource import AwsCluster, cluster_name, document, regional, tags

NETWORK: Final = "vpc-cni"

_BEFORE_NODES: Final = (NETWORK, "kube-proxy")
_AFTER_NODES: Final = ("coredns", "aws-ebs-csi-driver")


def addons_before_nodes(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the add-ons without which nodes don't become ready."""
    cloud = cluster.cloud
    has_agent = cloud.identity is Identity.POD_IDENTITY or IDENTITY_AGENT in cloud.addons
    return (*_BEFORE_NODES, *((IDENTITY_AGENT,) if has_agent else ()))


def addons_after_nodes(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the add-ons that only become healthy on nodes."""
    others = sorted({*cluster.cloud.addons} - {*_BEFORE_NODES, *_AFTER_NODES, IDENTITY_AGENT})
    return (*_AFTER_NODES, *others)


def addons(
    cluster: AwsCluster, chosen: tuple[str, ...], after: tuple[str, ...] = ()
) -> Iterator[ResourcePlan]:
    """Yield the chosen add-ons and their identities."""
    for name in chosen:
        identity = tuple(addon_identity(cluster, name))
        yield from identity
        waits = (*(one.name for one in identity[1:]), *after)
        yield _addon(cluster, name, waits)


def _addon(cluster: AwsCluster, name: str, after: tuple[str, ...]) -> ResourcePlan:
    asked = cluster.cloud.addons.get(name)
    settings = overlay(_computed(cluster, name), asked.configuration if asked else {})
    return regional(
        cluster,
        "aws:eks/addon:Addon",
        cluster.keyed(roles.ADDON, name),
        {
            "cluster_name": cluster_name(cluster),
            "addon_name": name,
            # What is there by itself is taken over; afterwards the document has the last word.
            "resolve_conflicts_on_create": "OVERWRITE",
            "resolve_conflicts_on_update": "OVERWRITE",
            "preserve": False,
            "tags": tags(cluster, f"{roles.ADDON}-{name}"),
            **({"addon_version": asked.version} if asked else {}),
            **({"configuration_values": document(settings)} if settings else {}),
            **addon_identity_args(cluster, name),
        },
        depends_on=after,
    )


def _computed(cluster: AwsCluster, name: str) -> dict[str, Any]:
    return _network_settings(cluster) if name == NETWORK else {}


def _network_settings(cluster: AwsCluster) -> dict[str, Any]:
    env = {
        # Nodes are in private subnets: with the plugin's own translation peers would see the
        # node's address instead of the pod's.
        "AWS_VPC_K8S_CNI_EXTERNALSNAT": "true",
        "ENABLE_PREFIX_DELEGATION": "true",
        "WARM_PREFIX_TARGET": "1",
    }
    pods = pod_subnets(cluster)
    if not pods:
        return {"env": env}
    env |= {
        "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
        "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
    }
    # One ENIConfig per zone, called after it; pods get the groups of their node.
    subnets = {zone: {"id": subnet} for zone, subnet in pods.items()}
    interfaces = {"create": True, "region": cluster.cloud.region, "subnets": subnets}
    return {"env": env, "eniConfig": interfaces}
