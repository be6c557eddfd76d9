"""Rules about node groups: what EKS would only say once the control plane stands."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ...errors import Problem
from ..aws import AwsNodeGroup
from ..show import show
from .aws import on_aws
from .made import place
from .subject import Subject

MAX_TYPES: Final = 20
"""Instance types of one group (CreateNodegroup)."""

_GROUP: Final = re.compile(r"[a-z]([-a-z0-9]{0,23}[a-z0-9])?")
_TYPE: Final = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
_IMAGE: Final = re.compile(r"(AL2023|BOTTLEROCKET)_(?P<processor>x86_64|ARM_64)(_[A-Z]+)*")
"""Families with images for the versions taken here (CreateNodegroup); sidecars need Linux."""
_GRAVITON: Final = re.compile(r"(a1|[a-z]+\d+g[a-z]*)(-[a-z0-9-]+)?\..+")
"""Types with Arm processors: a `g` first behind the generation ("Instance type names")."""
_LABEL_KEY: Final = re.compile(
    r"(?=.{1,63}$)([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"
)
_LABEL_VALUE: Final = re.compile(r"(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_KUBERNETES_OWN: Final = re.compile(r"(.*\.)?(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)/.*")


def node_group_names(subject: Subject) -> Iterable[Problem]:
    """Names of groups go into names of 63 characters."""
    for path, name, _ in _groups(subject):
        if not _GROUP.fullmatch(name):
            yield Problem(
                path=path,
                got=f"the name {show(name)}",
                allowed="lower-case letters, digits and '-' inside, at most 25",
                fix="rename the group",
            )


def node_group_sizes(subject: Subject) -> Iterable[Problem]:
    """A group begins with a size between its smallest and its largest."""
    for path, _, group in _groups(subject):
        if group.desired is not None and not group.min <= group.desired <= group.max:
            yield Problem(
                path=f"{path}.desired",
                got=str(group.desired),
                allowed=f"from min {group.min} to max {group.max}",
                fix="choose one between",
            )


def instance_types(subject: Subject) -> Iterable[Problem]:
    """A group has some types, spelled as EC2 does."""
    for path, _, group in _groups(subject):
        wrong = [one for one in group.types if not _TYPE.fullmatch(one)]
        if wrong or not 1 <= len(group.types) <= MAX_TYPES:
            count = f"{len(group.types)} types" if group.types else "nothing"
            yield Problem(
                path=f"{path}.types",
                got=show(wrong[0]) if wrong else count,
                allowed=f"from 1 to {MAX_TYPES} instance types",
                fix="write such as `[m7i.large]`",
            )


def images(subject: Subject) -> Iterable[Problem]:
    """An image is of a family that runs the mesh, and for the processors of all its types."""
    for path, _, group in _groups(subject):
        found = _IMAGE.fullmatch(group.ami)
        if found is None:
            yield Problem(
                path=f"{path}.ami",
                got=show(group.ami),
                allowed="an image of AL2023 or BOTTLEROCKET such as 'AL2023_ARM_64_STANDARD'",
                fix="write EKS' name of one",
            )
            continue
        is_arm = found["processor"] == "ARM_64"
        others = [one for one in group.types if bool(_GRAVITON.fullmatch(one)) is not is_arm]
        if others:
            yield Problem(
                path=f"{path}.ami",
                got=f"{show(group.ami)} for {others[0]}",
                allowed=f"an image for {'x86_64' if is_arm else 'ARM_64'} with that type",
                fix="change one of them, or make a group for each processor",
            )


def node_labels(subject: Subject) -> Iterable[Problem]:
    """EKS takes short labels and taints, and no labels that Kubernetes keeps for itself.

    Source: `labelKey` and `labelValue` of EKS' model, eksctl-io/eksctl#4007.
    """
    for path, _, group in _groups(subject):
        written = [(f"labels.{key}", key, value) for key, value in group.labels.items()]
        for index, taint in enumerate(group.taints):
            written.append((f"taints[{index}]", taint.key, taint.value))
        for at, key, value in written:
            is_label = at.startswith("labels")
            is_kept = is_label and _KUBERNETES_OWN.fullmatch(key)
            is_value = _LABEL_VALUE.fullmatch(value) or not (is_label or value)
            if is_kept or not _LABEL_KEY.fullmatch(key) or not is_value:
                yield Problem(
                    path=f"{path}.{at}",
                    got="a key that Kubernetes or EKS keeps" if is_kept else show(f"{key}={value}"),
                    allowed="keys and values of 1 to 63 characters as Kubernetes has them, without "
                    "kubernetes.io, k8s.io and eks.amazonaws.com",
                    fix="choose a key under a domain of your own, and a short value",
                )


def _groups(subject: Subject) -> Iterator[tuple[str, str, AwsNodeGroup]]:
    for cluster, cloud in on_aws(subject):
        for name, group in cloud.nodes.items():
            yield f"{place(cluster)}.nodes.{name}", name, group
