"""The EKS cluster, its role, and who may do what in it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from ...spec.aws import AccessPolicy, Support
from ..late import LateText, Ref
from ..resources import ResourcePlan
from . import roles
from .ground import private_subnets
from .guards import ingress
from .regions import partition
from .resource import AwsCluster, cluster_name, document, global_, regional, tags
from .role import role_of, role_with_policies, service_trust

NAME_LIMIT: Final = 100
"""Characters in a cluster's name (CreateCluster); the plan's own limit is far below."""
ZONES: Final = 2
"""Zones the control plane's interfaces stand in: the fewest that EKS takes.

It never takes another zone later (UpdateClusterConfig), and nodes reach it from every zone: with
the first two only, a zone more is a change of the nodes alone.
"""
ALL_PORTS: Final = (0, 65_535)
API_PORTS: Final = (443, 443)

_POLICIES: Final = {
    AccessPolicy.CLUSTER_ADMIN: "AmazonEKSClusterAdminPolicy",
    AccessPolicy.ADMIN: "AmazonEKSAdminPolicy",
    AccessPolicy.EDIT: "AmazonEKSEditPolicy",
    AccessPolicy.VIEW: "AmazonEKSViewPolicy",
}


def control_plane(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the cluster, its role, and its firewall."""
    role = role_with_policies(
        cluster,
        roles.CONTROL_PLANE_ROLE,
        roles.CONTROL_PLANE_POLICY,
        service_trust("eks.amazonaws.com"),
        ("AmazonEKSClusterPolicy",),
    )
    made = [*role, *_key_policy(cluster)]
    yield from made
    planned = regional(
        cluster,
        "aws:eks/cluster:Cluster",
        cluster.name(roles.CONTROL_PLANE),
        _args(cluster),
        # EKS takes its interfaces and groups away with this role: it has to keep its policies.
        depends_on=[one.name for one in made[1:]],
        protect=cluster.protect,
    )
    # Subnets of ours change with their VPC only, and EKS takes none of another VPC. Given ones may
    # move within theirs.
    fixed = () if cluster.cloud.network.given else ("vpc_config.subnet_ids",)
    yield replace(planned, replace_on_changes=fixed)
    yield from _firewall(cluster)


def admin_of(cluster: AwsCluster) -> str:
    """Return the principal that the stack's Kubernetes calls are made as."""
    return cluster.cloud.admin or cluster.cloud.assume_role or ""


def api_rules(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the names of the rules by which others come to a private endpoint."""
    return tuple(rule.name for rule in _api_callers(cluster))


def access_entries(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield who may do what: the stack's own role first."""
    admin = (admin_of(cluster), AccessPolicy.CLUSTER_ADMIN, ())
    names = (cluster.name(roles.ADMIN_ENTRY), cluster.name(roles.ADMIN_POLICY))
    yield from _entry(cluster, names, *admin)
    for key, access in sorted(cluster.cloud.access.items()):
        names = (cluster.keyed(roles.ACCESS_ENTRY, key), cluster.keyed(roles.ACCESS_POLICY, key))
        yield from _entry(cluster, names, access.principal, access.policy, access.namespaces)


def _args(cluster: AwsCluster) -> dict[str, Any]:
    cloud = cluster.cloud
    support = {Support.STANDARD: "STANDARD", Support.EXTENDED: "EXTENDED"}[cloud.support]
    key = {"provider": {"key_arn": cloud.encryption_key}, "resources": ["secrets"]}
    return {
        "name": cluster.physical_name,
        "version": cloud.version,
        "role_arn": role_of(cluster, roles.CONTROL_PLANE_ROLE),
        "access_config": {
            "authentication_mode": "API",
            # Who happens to run the stack first is nobody; the admin has an entry of its own.
            "bootstrap_cluster_creator_admin_permissions": False,
        },
        "bootstrap_self_managed_addons": False,
        "deletion_protection": cluster.protect,
        "enabled_cluster_log_types": sorted(log.value for log in cloud.logs),
        "kubernetes_network_config": {
            "ip_family": "ipv4",
            "service_ipv4_cidr": cluster.spec.addresses.services,
        },
        "upgrade_policy": {"support_type": support},
        "vpc_config": _vpc_config(cluster),
        "tags": tags(cluster, roles.CONTROL_PLANE),
        **({"encryption_config": key} if cloud.encryption_key else {}),
    }


def _vpc_config(cluster: AwsCluster) -> dict[str, Any]:
    endpoint = cluster.cloud.endpoint
    ranges = [*endpoint.ranges, *cluster.api_sources]
    return {
        "subnet_ids": list(private_subnets(cluster).values())[:ZONES],
        "endpoint_private_access": True,
        "endpoint_public_access": endpoint.public,
        **({"public_access_cidrs": list(dict.fromkeys(ranges))} if endpoint.public else {}),
    }


def _firewall(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    group = _group(cluster)
    for source in cluster.flat_sources:
        yield ingress(cluster, roles.FLAT_CALLER, group, source, ALL_PORTS)
    yield from _api_callers(cluster)


def _api_callers(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    for source in dict.fromkeys(_private_callers(cluster)):
        yield ingress(cluster, roles.API_CALLER, _group(cluster), source, API_PORTS)


def _private_callers(cluster: AwsCluster) -> tuple[LateText, ...]:
    if not cluster.cloud.endpoint.public:
        return (*cluster.cloud.endpoint.ranges, *cluster.api_sources)
    # Inside its VPC the endpoint's name means private addresses, public endpoint or not.
    return tuple(one for one in cluster.local_sources if one not in cluster.flat_sources)


def _group(cluster: AwsCluster) -> Ref:
    # EKS' own group is the only one of nodes and control plane: a second would split them.
    return Ref(
        resource=cluster.name(roles.CONTROL_PLANE), output="vpc_config.cluster_security_group_id"
    )


def _key_policy(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    if not cluster.cloud.encryption_key:
        return
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": cluster.cloud.encryption_key}
    role = cluster.name(roles.CONTROL_PLANE_ROLE)
    yield global_(
        cluster,
        "aws:iam/rolePolicy:RolePolicy",
        cluster.name(roles.CONTROL_PLANE_KEY),
        {
            "name": roles.CONTROL_PLANE_KEY,
            "role": Ref(resource=role, output="name"),
            "policy": document({"Version": "2012-10-17", "Statement": [statement]}),
        },
    )


def _entry(
    cluster: AwsCluster,
    names: tuple[str, str],
    principal: str,
    policy: AccessPolicy,
    namespaces: tuple[str, ...],
) -> Iterator[ResourcePlan]:
    entry, association = names
    whose = {"cluster_name": cluster_name(cluster), "principal_arn": principal}
    yield regional(
        cluster,
        "aws:eks/accessEntry:AccessEntry",
        entry,
        {**whose, "type": "STANDARD", "tags": tags(cluster, roles.ACCESS_ENTRY)},
    )
    prefix = f"arn:{partition(cluster.cloud.region)}:eks::aws:cluster-access-policy"
    scope: dict[str, Any] = {"type": "cluster"}
    if namespaces:
        scope = {"type": "namespace", "namespaces": list(namespaces)}
    yield regional(
        cluster,
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        association,
        {**whose, "policy_arn": f"{prefix}/{_POLICIES[policy]}", "access_scope": scope},
        depends_on=(entry,),
    )
