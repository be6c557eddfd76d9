"""Rules about EKS clusters and their VPCs."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ...errors import Problem
from ..aws import IDENTITY_AGENT, AwsCloud, Identity
from ..environment import ClusterSpec
from ..show import one_of, show
from .made import place
from .subject import Subject

ADDONS: Final = ("aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni")
"""Add-ons without which nodes don't come up, or pods have no disk."""
MAX_TAGS: Final = 40
"""Tags of one's own: 50 is AWS' limit, four are environment, level, cluster and Name, a subnet
has one for its role, and EKS adds five to its machines."""
MIN_ZONES: Final = 2
"""EKS takes subnets of at least two zones (CreateCluster)."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_REGION: Final = re.compile(r"([a-z]{2}|us-gov)-[a-z]+-\d+")
"""Regions of aws, aws-cn and aws-us-gov, whose service principals and ARNs the plan can spell."""
_ELSEWHERE: Final = re.compile(r"(eusc-[a-z]+|[a-z]{2}-iso[a-z]?)-[a-z]+-\d+")
"""Regions of AWS' other partitions (partitions.json of the SDKs: aws-eusc, aws-iso…)."""
_ADDON_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
_TAG: Final = re.compile(r"[\w .:/=+\-@]*")
_MARKS: Final = frozenset({"meshtier-cluster", "meshtier-environment", "meshtier-level", "Name"})


def account_and_region(subject: Subject) -> Iterable[Problem]:
    """The account is the guard against building in the wrong one; regions have a form."""
    for cluster, cloud in on_aws(subject):
        if not _ACCOUNT.fullmatch(cloud.account):
            yield Problem(
                path=f"{place(cluster)}.account",
                got=show(cloud.account or None),
                allowed="an account id of twelve digits",
                fix="write it in quotes, here or in the defaults above",
            )
        if _ELSEWHERE.fullmatch(cloud.region):
            yield Problem(
                path=f"{place(cluster)}.region",
                got=f"{show(cloud.region)}, of a partition whose names meshtier doesn't know",
                allowed="a region of the partitions aws, aws-cn and aws-us-gov",
                fix="make the cluster yourself and name it under `existing`",
            )
        elif not _REGION.fullmatch(cloud.region):
            yield Problem(
                path=f"{place(cluster)}.region",
                got=show(cloud.region or None),
                allowed="an AWS region such as 'eu-central-1'",
                fix="write it, here or in the defaults above",
            )


def zones_of_region(subject: Subject) -> Iterable[Problem]:
    """Zones are at least two of the cluster's own region, each once."""
    for cluster, cloud in on_aws(subject):
        zones, form = cloud.zones, re.escape(cloud.region) + "[a-z]"
        wrong = [zone for zone in zones if not re.fullmatch(form, zone)]
        if zones and (wrong or len(set(zones)) < MIN_ZONES or len(set(zones)) < len(zones)):
            yield Problem(
                path=f"{place(cluster)}.zones",
                got=show(wrong[0]) if wrong else ", ".join(zones),
                allowed=f"at least {MIN_ZONES} different zones of {cloud.region or 'the region'}",
                fix="write such as `[eu-central-1a, eu-central-1b]`",
            )


def arns(subject: Subject) -> Iterable[Problem]:
    """Roles, principals and keys are named by ARN: a name alone means another account's, too.

    A role to assume is of the cluster's account, the only one the provider takes; a key is of its
    region (CreateCluster, `keyArn`); sessions are no principals (CreateAccessEntry).
    """
    for cluster, cloud in on_aws(subject):
        account = cloud.account if _ACCOUNT.fullmatch(cloud.account) else r"\d{12}"
        role = ("a role", f"iam::{account}:role/", f"iam::{cloud.account}:role/platform")
        who = ("a role or user", r"iam::\d{12}:(role|user)/", "iam::123456789012:role/platform")
        admin = ("a role", r"iam::\d{12}:role/", "iam::123456789012:role/platform")
        place_of_key = f"kms:{re.escape(cloud.region)}:"
        key = ("a key", place_of_key + r"\d{12}:key/", f"kms:{cloud.region}:123456789012:key/1a2b")
        given = {
            "assumeRole": (cloud.assume_role, role),
            "admin": (cloud.admin or None, admin),
            "encryptionKey": (cloud.encryption_key, key),
            **{f"access.{n}.principal": (one.principal, who) for n, one in cloud.access.items()},
        }
        for name, (arn, (kind, pattern, example)) in given.items():
            if arn is not None and not re.fullmatch(rf"arn:aws[a-z-]*:{pattern}\S+", arn):
                yield Problem(
                    path=f"{place(cluster)}.{name}",
                    got=show(arn),
                    allowed=f"the ARN of {kind} such as 'arn:aws:{example}'",
                    fix="write the whole ARN",
                )


def one_entry_per_principal(subject: Subject) -> Iterable[Problem]:
    """EKS takes one access entry per principal; the stack's own role has the first."""
    for cluster, cloud in on_aws(subject):
        seen = {cloud.admin or cloud.assume_role: "admin"}
        for name, access in sorted(cloud.access.items()):
            other = seen.setdefault(access.principal, f"access.{name}")
            if other != f"access.{name}":
                yield Problem(
                    path=f"{place(cluster)}.access.{name}.principal",
                    got=f"{show(access.principal)}, which is {other} too",
                    allowed="one entry per principal",
                    fix="remove one of them",
                )


def admin_known(subject: Subject) -> Iterable[Problem]:
    """Cluster admin is a named role; "whoever ran it first" changes with the pipeline."""
    for cluster, cloud in on_aws(subject):
        if not cloud.admin and not cloud.assume_role:
            yield Problem(
                path=f"{place(cluster)}.admin",
                got="nothing",
                allowed="the ARN of the role the stack's Kubernetes calls are made as",
                fix="write it, or assumeRole, which then is it",
            )


def addons_pinned(subject: Subject) -> Iterable[Problem]:
    """What nodes depend on has a version that somebody chose."""
    for cluster, cloud in on_aws(subject):
        for name in _needed_addons(cloud):
            if name not in cloud.addons:
                yield Problem(
                    path=f"{place(cluster)}.addons.{name}",
                    got="nothing",
                    allowed="a pinned version",
                    fix="write one that `aws eks describe-addon-versions` lists",
                )
        for name, addon in cloud.addons.items():
            if not _ADDON_VERSION.fullmatch(addon.version):
                yield Problem(
                    path=f"{place(cluster)}.addons.{name}.version",
                    got=show(addon.version),
                    allowed="a version such as 'v1.20.4-eksbuild.2'",
                    fix="write one that `aws eks describe-addon-versions` lists",
                )


def tags(subject: Subject) -> Iterable[Problem]:
    """AWS takes 50 tags of limited length; ours and its own are not written here.

    IAM knows no difference between upper and lower case in keys (TagRole), and IAM and EKS take
    fewer characters than EC2 (the pattern of `tagValueType` in IAM's model).
    """
    for cluster, cloud in on_aws(subject):
        path = f"{place(cluster)}.tags"
        if len(cloud.tags) > MAX_TAGS:
            yield Problem(
                path=path,
                got=f"{len(cloud.tags)} tags",
                allowed=f"at most {MAX_TAGS}",
                fix="remove some",
            )
        seen: dict[str, str] = {}
        for key, value in sorted(cloud.tags.items()):
            wrong = _wrong_tag(key, value, seen.setdefault(key.casefold(), key))
            if wrong is not None:
                yield Problem(
                    path=f"{path}.{key}",
                    got=wrong,
                    allowed="keys of 1 to 128 and values of at most 256 letters, digits, spaces "
                    f"and '_.:/=+-@', without {one_of([*sorted(_MARKS), 'aws:'])}",
                    fix="choose another",
                )


def on_aws(subject: Subject) -> Iterator[tuple[ClusterSpec, AwsCloud]]:
    """Yield the clusters that AWS makes."""
    for cluster in subject.environment.clusters:
        if isinstance(cluster.cloud, AwsCloud):
            yield cluster, cluster.cloud


def _wrong_tag(key: str, value: str, first: str) -> str | None:
    folded = key.casefold()
    if folded.startswith("aws:") or folded in {mark.casefold() for mark in _MARKS}:
        return "a reserved key"
    if first != key:
        return f"the key {show(first)} too, which is the same to IAM"
    if not 1 <= len(key) <= 128 or len(value) > 256:
        return "a key or value of another length"
    if not _TAG.fullmatch(key + value):
        return "a character that IAM refuses"
    return None


def _needed_addons(cloud: AwsCloud) -> tuple[str, ...]:
    is_agent = cloud.identity is Identity.POD_IDENTITY
    return (*ADDONS, *((IDENTITY_AGENT,) if is_agent else ()))
