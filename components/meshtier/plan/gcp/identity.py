"""Who the nodes are: an account of their own with what a node needs, and nothing else."""

from typing import Final

from ..late import Ref
from ..resources import ResourcePlan
from . import names
from .names import GcpCluster, account_id, api_name, provider_name
from .provider import IAM, RESOURCE_MANAGER

_NODE_ROLES: Final = {"node": "roles/container.defaultNodeServiceAccount"}
"""Logs, metrics and node registration; Google's own name for the least a node needs."""


def identity(cluster: GcpCluster) -> tuple[ResourcePlan, ...]:
    """Return the nodes' account and its roles in the project."""
    account = ResourcePlan(
        type="gcp:serviceaccount/account:Account",
        name=cluster.name(names.NODE_ACCOUNT),
        args={
            "account_id": account_id(cluster),
            "display_name": f"nodes of {cluster.physical_name}",
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, IAM),),
        protect=cluster.protect,
    )
    return (account, *(_binding(cluster, key, role) for key, role in _NODE_ROLES.items()))


def node_roles(cluster: GcpCluster) -> tuple[str, ...]:
    """Return the logical names of the nodes' roles."""
    return tuple(cluster.keyed(names.NODE_ROLE, key) for key in _NODE_ROLES)


def node_account(cluster: GcpCluster) -> Ref:
    """Return the address of the nodes' account."""
    return Ref(resource=cluster.name(names.NODE_ACCOUNT), output="email")


def _binding(cluster: GcpCluster, key: str, role: str) -> ResourcePlan:
    return ResourcePlan(
        type="gcp:projects/iAMMember:IAMMember",
        name=cluster.keyed(names.NODE_ROLE, key),
        args={
            "project": cluster.cloud.project,
            "role": role,
            "member": Ref(resource=cluster.name(names.NODE_ACCOUNT), output="member"),
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, RESOURCE_MANAGER),),
    )
