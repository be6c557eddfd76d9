"""Rules about EKS clusters and their VPCs."""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from ...errors import Problem
from ..aws import IDENTITY_AGENT, AwsCloud, Identity
from ..environment import ClusterSpec
from ..show import one_of, show
from .made import place
from .ranges import block_of
from .subject import Subject

ADDONS: Final = ("aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni")
"""Add-ons without which nodes don't come up, or pods have no disk."""
MAX_TAGS: Final = 40
"""Tags of one's own: 50 is AWS' limit, four are environment, level, cluster and Name, a subnet
has one for its role, and EKS adds five to its machines."""
MIN_ZONES: Final = 2
"""EKS takes subnets of at least two zones (CreateCluster)."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:(iam|sts|kms):[a-z0-9-]*:\d{12}:\S+")
_ADDON_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
_GROUP: Final = re.compile(r"[a-z]([-a-z0-9]{0,23}[a-z0-9])?")
_MARKS: Final = frozenset({"meshtier-cluster", "meshtier-environment", "meshtier-level", "Name"})


def account_and_region(subject: Subject) -> Iterable[Problem]:
    """The account is the guard against building in the wrong one; regions have a form."""
    for cluster, cloud in _aws(subject):
        if not _ACCOUNT.fullmatch(cloud.account):
            yield Problem(
                path=f"{place(cluster)}.account",
                got=show(cloud.account or None),
                allowed="an account id of twelve digits",
                fix="write it in quotes, here or in the defaults above",
            )
        if not _REGION.fullmatch(cloud.region):
            yield Problem(
                path=f"{place(cluster)}.region",
                got=show(cloud.region or None),
                allowed="an AWS region such as 'eu-central-1'",
                fix="write it, here or in the defaults above",
            )


def zones_of_region(subject: Subject) -> Iterable[Problem]:
    """Zones are at least two of the cluster's own region, each once."""
    for cluster, cloud in _aws(subject):
        zones = cloud.zones
        wrong = [zone for zone in zones if not re.fullmatch(rf"{cloud.region}[a-z]", zone)]
        if zones and (wrong or len(set(zones)) < MIN_ZONES or len(set(zones)) < len(zones)):
            yield Problem(
                path=f"{place(cluster)}.zones",
                got=show(wrong[0]) if wrong else ", ".join(zones),
                allowed=f"at least {MIN_ZONES} different zones of {cloud.region or 'the region'}",
                fix="write such as `[eu-central-1a, eu-central-1b]`",
            )


def arns(subject: Subject) -> Iterable[Problem]:
    """Roles, principals and keys are named by ARN: a name alone means another account's, too."""
    for cluster, cloud in _aws(subject):
        given = {"assumeRole": cloud.assume_role, "encryptionKey": cloud.encryption_key}
        given |= {f"access.{name}.principal": who.principal for name, who in cloud.access.items()}
        given["admin"] = cloud.admin or None
        for key, arn in given.items():
            if arn is not None and not _ARN.fullmatch(arn):
                yield Problem(
                    path=f"{place(cluster)}.{key}",
                    got=show(arn),
                    allowed="an ARN such as 'arn:aws:iam::123456789012:role/platform'",
                    fix="write the whole ARN",
                )


def one_entry_per_principal(subject: Subject) -> Iterable[Problem]:
    """EKS takes one access entry per principal; the stack's own role has the first."""
    for cluster, cloud in _aws(subject):
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
    for cluster, cloud in _aws(subject):
        if not cloud.admin and not cloud.assume_role:
            yield Problem(
                path=f"{place(cluster)}.admin",
                got="nothing",
                allowed="the ARN of the role the stack's Kubernetes calls are made as",
                fix="write it, or assumeRole, which then is it",
            )


def addons_pinned(subject: Subject) -> Iterable[Problem]:
    """What nodes depend on has a version that somebody chose."""
    for cluster, cloud in _aws(subject):
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


def node_groups(subject: Subject) -> Iterable[Problem]:
    """Names of groups go into names of 63 characters; counts are in order; a type is named."""
    for cluster, cloud in _aws(subject):
        for name, group in cloud.nodes.items():
            if not _GROUP.fullmatch(name):
                yield Problem(
                    path=f"{place(cluster)}.nodes.{name}",
                    got=f"the name {show(name)}",
                    allowed="lower-case letters, digits and '-' inside, at most 25",
                    fix="rename the group",
                )
            if group.desired is not None and not group.min <= group.desired <= group.max:
                yield Problem(
                    path=f"{place(cluster)}.nodes.{name}.desired",
                    got=str(group.desired),
                    allowed=f"from min {group.min} to max {group.max}",
                    fix="choose one between",
                )
            if not group.types:
                yield Problem(
                    path=f"{place(cluster)}.nodes.{name}.types",
                    got="nothing",
                    allowed="at least one instance type",
                    fix="write such as `[m7i.large]`",
                )


def vpc_size(subject: Subject) -> Iterable[Problem]:
    """A VPC has /16 to /28; three zones of public and private subnets need some room."""
    for cluster, text, block in _blocks(subject, lambda cluster: cluster.addresses.nodes):
        if not 16 <= block.prefixlen <= 22:
            yield Problem(
                path=f"{cluster.path}.addresses.nodes",
                got=text,
                allowed="a VPC from /16 to /22",
                fix="choose a range of that size",
            )


def services_range(subject: Subject) -> Iterable[Problem]:
    """EKS takes private ranges from /12 to /24 for Services, outside the VPC."""
    for cluster, text, block in _blocks(subject, lambda cluster: cluster.addresses.services):
        if not 12 <= block.prefixlen <= 24 or not block.is_private:
            yield Problem(
                path=f"{cluster.path}.addresses.services",
                got=text,
                allowed="a private range from /12 to /24",
                fix="choose one outside the VPC",
            )


def tags(subject: Subject) -> Iterable[Problem]:
    """AWS takes 50 tags of limited length; ours and its own are not written here."""
    for cluster, cloud in _aws(subject):
        path = f"{place(cluster)}.tags"
        if len(cloud.tags) > MAX_TAGS:
            yield Problem(
                path=path,
                got=f"{len(cloud.tags)} tags",
                allowed=f"at most {MAX_TAGS}",
                fix="remove some",
            )
        for key, value in cloud.tags.items():
            is_ours = key in _MARKS or key.lower().startswith("aws:")
            if is_ours or not 1 <= len(key) <= 128 or len(value) > 256:
                yield Problem(
                    path=f"{path}.{key}",
                    got="a reserved key" if is_ours else "a key or value that is too long",
                    allowed="keys of at most 128 and values of at most 256 characters, without "
                    f"{one_of([*sorted(_MARKS), 'aws:'])}",
                    fix="choose another",
                )


def _needed_addons(cloud: AwsCloud) -> tuple[str, ...]:
    is_agent = cloud.identity is Identity.POD_IDENTITY
    return (*ADDONS, *((IDENTITY_AGENT,) if is_agent else ()))


def _aws(subject: Subject) -> Iterator[tuple[ClusterSpec, AwsCloud]]:
    for cluster in subject.environment.clusters:
        if isinstance(cluster.cloud, AwsCloud):
            yield cluster, cluster.cloud


def _blocks(
    subject: Subject, read: Callable[[ClusterSpec], str | None]
) -> Iterator[tuple[ClusterSpec, str, IPv4Network]]:
    for cluster, _ in _aws(subject):
        text = read(cluster) or ""
        block = block_of(text)
        if isinstance(block, IPv4Network) and str(block) == text:
            yield cluster, text, block
