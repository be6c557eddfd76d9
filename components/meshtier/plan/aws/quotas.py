"""What AWS takes only so many of.

An account may have been given more than the default, which only AWS knows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from ...errors import Problem
from ..resources import ResourcePlan
from .resource import AwsCluster

PUBLIC_RANGES: Final = 40
"""Ranges let in by a public endpoint of EKS, not adjustable ("Amazon EKS service quotas")."""
GROUP_RULES: Final = 60
"""Rules of a security group and direction ("Amazon VPC quotas")."""
OTHERS_RULES: Final = 5
"""Room left in a group for the rules of EKS and of the load balancer controller."""

_PER_REGION: Final = {"aws:ec2/eip:Eip": ("Elastic IPs", 5), "aws:ec2/vpc:Vpc": ("VPCs", 5)}
"""Type -> its name, and how many an account has by default ("Amazon VPC quotas")."""

Clusters: TypeAlias = Mapping[str, AwsCluster]


def too_many(clusters: Clusters, resources: Sequence[ResourcePlan]) -> tuple[Problem, ...]:
    """Return what is more than AWS gives anybody; `clusters` are by component."""
    return tuple(_public_ranges(clusters, resources))


def beyond_default(clusters: Clusters, resources: Sequence[ResourcePlan]) -> tuple[Problem, ...]:
    """Return what needs a higher quota than new accounts have; `clusters` are by component."""
    return (*_in_region(clusters, resources), *_in_group(clusters, resources))


def _public_ranges(clusters: Clusters, resources: Sequence[ResourcePlan]) -> Iterator[Problem]:
    for one in resources:
        if one.type == "aws:eks/cluster:Cluster":
            count = len(one.args["vpc_config"].get("public_access_cidrs", ()))
            if count > PUBLIC_RANGES:
                yield Problem(
                    path=f"{clusters[one.parent].spec.path}.cloud.aws.endpoint.ranges",
                    got=f"{count} ranges with the addresses that peers leave from",
                    allowed=f"at most {PUBLIC_RANGES}",
                    fix="write fewer, give peers fewer NAT gateways, or set endpoint.public to "
                    "false where all have a private route",
                )


def _in_region(clusters: Clusters, resources: Sequence[ResourcePlan]) -> Iterator[Problem]:
    made = [one for one in resources if one.type in _PER_REGION]
    places = [_place(clusters[one.parent]) for one in made]
    counts = Counter((one.type, place) for one, place in zip(made, places, strict=True))
    for (kind, place), count in counts.items():
        words, limit = _PER_REGION[kind]
        if count > limit:
            first = next(one for one in clusters.values() if _place(one) == place)
            yield Problem(
                path=f"{first.spec.path}.cloud.aws.region",
                got=f"{count} {words} in {place[1]} of account {place[0]}",
                allowed=f"{limit} by AWS' default quota",
                fix="have it raised before the run, or share networks and NAT gateways",
            )


def _in_group(clusters: Clusters, resources: Sequence[ResourcePlan]) -> Iterator[Problem]:
    rules = [one for one in resources if "security_group_id" in one.args]
    counts = Counter((one.parent, one.type, one.args["security_group_id"]) for one in rules)
    for (parent, kind, _), count in counts.items():
        if count > GROUP_RULES - OTHERS_RULES:
            way = "out" if "Egress" in kind else "in"
            yield Problem(
                path=f"{clusters[parent].spec.path}.cloud.aws",
                got=f"{count} rules {way} of one security group",
                allowed=f"{GROUP_RULES} by AWS' default quota, of which {OTHERS_RULES} are for EKS "
                "and the load balancer controller",
                fix="have it raised before the run, or give peers fewer NAT gateways",
            )


def _place(cluster: AwsCluster) -> tuple[str, str]:
    return cluster.cloud.account, cluster.cloud.region
