"""Roles of the account, with the policies that AWS keeps for the purpose."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..late import Ref, Text
from ..physical import fit
from ..resources import ResourcePlan
from .regions import managed_policy
from .resource import AwsCluster, document, global_, tags

NAME_LIMIT: Final = 64
"""Characters in a role's name (CreateRole)."""


def service_trust(*services: str, actions: tuple[str, ...] = ("sts:AssumeRole",)) -> dict[str, Any]:
    """Return the trust policy of a role that AWS services take on."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": list(actions),
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(
    cluster: AwsCluster, name: str, label: str, trust: Mapping[str, Any] | Text
) -> ResourcePlan:
    """Return a role; `label` is what it is called behind the cluster's name."""
    return global_(
        cluster,
        "aws:iam/role:Role",
        name,
        {
            # By name, as an account may let roles of some names only be made.
            "name": fit(f"{cluster.physical_name}-{label}", NAME_LIMIT),
            "assume_role_policy": document(trust) if isinstance(trust, Mapping) else trust,
            "tags": tags(cluster, label),
        },
    )


def role_with_policies(
    cluster: AwsCluster,
    role_role: str,
    policy_role: str,
    trust: Mapping[str, Any],
    policies: tuple[str, ...],
) -> Iterator[ResourcePlan]:
    """Yield the cluster's only role of a kind, and what attaches AWS' policies to it."""
    yield role(cluster, cluster.name(role_role), role_role, trust)
    for policy in policies:
        key = policy.rpartition("/")[2]
        yield attachment(cluster, cluster.keyed(policy_role, key), cluster.name(role_role), policy)


def attachment(cluster: AwsCluster, name: str, role_name: str, policy: str) -> ResourcePlan:
    """Return what attaches one of AWS' policies to a role."""
    return global_(
        cluster,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name,
        {
            "role": Ref(resource=role_name, output="name"),
            "policy_arn": managed_policy(cluster.cloud.region, policy),
        },
    )


def role_of(cluster: AwsCluster, role_role: str) -> Ref:
    """Return the ARN of the cluster's only role of a kind."""
    return Ref(resource=cluster.name(role_role), output="arn")
