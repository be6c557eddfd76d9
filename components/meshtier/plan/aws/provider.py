"""The providers: one per account, whatever the regions."""

from collections.abc import Sequence
from typing import Final

from ..resources import ResourcePlan
from .regions import partition
from .resource import AwsCluster, provider_name

TOKEN: Final = "pulumi:providers:aws"

_HOMES: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where IAM is at home: no cluster's region, for the provider outlives all of them."""


def providers(clusters: Sequence[AwsCluster]) -> tuple[ResourcePlan, ...]:
    """Return one provider per account of the clusters.

    Its name doesn't hold the role: a provider under another name would replace all it made.
    """
    first = {cluster.cloud.account: cluster for cluster in reversed(clusters)}
    guarded = {cluster.cloud.account for cluster in clusters if cluster.protect}
    return tuple(_provider(first[account], protect=account in guarded) for account in sorted(first))


def _provider(cluster: AwsCluster, *, protect: bool) -> ResourcePlan:
    cloud = cluster.cloud
    roles = {"assume_roles": [{"role_arn": cloud.assume_role}]} if cloud.assume_role else {}
    return ResourcePlan(
        type=TOKEN,
        name=provider_name(cluster),
        args={
            "region": _HOMES[partition(cloud.region)],
            "allowed_account_ids": [cloud.account],
            **roles,
        },
        parent=cluster.environment,
        protect=protect,
    )
