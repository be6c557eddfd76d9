"""Which arguments of a cloud's resource can't change without replacing it.

From the upstream providers' ForceNew marks (terraform-provider-aws, terraform-provider-google,
read in 2026-08). The engine has the last word in its preview; this is for readers before it.
"""

import ipaddress
from collections.abc import Mapping
from typing import Final

from .leaves import is_below
from .model import Facts

_EVERYWHERE: Final = ("name", "region", "project", "location")

REPLACING: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:eks/cluster:Cluster": (
        *("role_arn", "bootstrap_self_managed_addons", "remote_network_config"),
        "access_config.bootstrap_cluster_creator_admin_permissions",
        *("kubernetes_network_config.ip_family", "kubernetes_network_config.service_ipv4_cidr"),
    ),
    "aws:eks/nodeGroup:NodeGroup": (
        *("ami_type", "capacity_type", "cluster_name", "disk_size", "instance_types"),
        *("launch_template.id", "launch_template.name", "node_group_name", "node_role_arn"),
        *("remote_access", "subnet_ids"),
    ),
    "aws:ec2/vpc:Vpc": ("cidr_block", "ipv4_ipam_pool_id", "ipv4_netmask_length"),
    "aws:ec2/subnet:Subnet": ("availability_zone", "cidr_block", "vpc_id"),
    "aws:ec2/natGateway:NatGateway": (
        *("allocation_id", "availability_mode", "connectivity_type", "subnet_id", "vpc_id"),
    ),
    "aws:ec2/eip:Eip": ("domain", "network_border_group", "public_ipv4_pool"),
    "gcp:container/cluster:Cluster": (
        *("confidential_nodes", "datapath_provider", "default_max_pods_per_node", "description"),
        *("enable_autopilot", "enable_kubernetes_alpha", "initial_node_count"),
        *("ip_allocation_policy", "network", "networking_mode", "subnetwork"),
        "private_cluster_config.master_ipv4_cidr_block",
        "private_cluster_config.private_endpoint_subnetwork",
    ),
    "gcp:container/nodePool:NodePool": (
        *("cluster", "initial_node_count", "max_pods_per_node", "network_config"),
        *("node_config.boot_disk_kms_key", "node_config.local_ssd_count", "node_config.metadata"),
        *("node_config.oauth_scopes", "node_config.service_account"),
        *("node_config.shielded_instance_config", "node_config.spot"),
    ),
    "gcp:compute/network:Network": ("auto_create_subnetworks", "description"),
    "gcp:compute/subnetwork:Subnetwork": ("ip_cidr_range", "network", "secondary_ip_ranges"),
    "gcp:compute/routerNat:RouterNat": ("router",),
    "gcp:compute/address:Address": ("address", "address_type", "network_tier", "subnetwork"),
}
"""Arguments by type token, beside those of `_EVERYWHERE`."""
_NOT_AWAY: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:eks/cluster:Cluster": ("encryption_config",),
    "gcp:container/cluster:Cluster": ("enable_l4_ilb_subsetting", "enable_fqdn_network_policy"),
}
"""Arguments that may be added in place and not taken away."""
_GROWING: Final = (("gcp:compute/subnetwork:Subnetwork", "ip_cidr_range"),)
"""Ranges that may grow in place and not shrink or move."""


def forcing(kind: str, before: Facts, after: Facts) -> tuple[str, ...]:
    """Return which of the differing arguments of a resource of a type replace it."""
    paths = (*_EVERYWHERE, *REPLACING.get(kind, ()))
    return tuple(
        path
        for path in {**before, **after}
        if (is_below(path, paths) and not _grows(kind, path, before, after))
        or (is_below(path, _NOT_AWAY.get(kind, ())) and after.get(path, "false") == "false")
    )


def _grows(kind: str, path: str, before: Facts, after: Facts) -> bool:
    if (kind, path) not in _GROWING or path not in before or path not in after:
        return False
    old, new = (ipaddress.ip_network(facts[path]) for facts in (before, after))
    return isinstance(old, ipaddress.IPv4Network) and old.subnet_of(ipaddress.IPv4Network(str(new)))
