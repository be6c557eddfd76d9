"""Rules about names: the environment's, and those of its clusters."""

import re
from collections.abc import Iterable
from typing import Final

from ...errors import Problem
from ..environment import ClusterSpec, Level
from ..show import show
from .subject import Subject

MAX_CLUSTER_NAME: Final = 36
"""Characters in a cluster name.

A cluster's name becomes a label value (at most 63), the name of a ConfigMap (253), the cluster id
of its istiod (a DNS label, 63) and the name of a KKP Cluster object, which is the tightest: KKP
makes `cluster-<name>` and longer names of it and allows 36 (`MaxClusterNameLength` in
kubermatic's pkg/validation/cluster.go). Allowing that everywhere lets a cluster change provider.
"""

MAX_ENVIRONMENT_NAME: Final = 63
"""Characters in an environment name: it is the value of a label (at most 63)."""

_RFC_1035: Final = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_ALLOWED: Final = "a lower-case letter, then letters, digits and '-', not ending in '-', at most {}"


def environment_name(subject: Subject) -> Iterable[Problem]:
    """The environment's name is an RFC 1035 label: it goes into labels and identifiers."""
    name = subject.environment.name
    if not _is_label(name, MAX_ENVIRONMENT_NAME):
        yield Problem(
            path="stack name",
            got=show(name),
            allowed=_ALLOWED.format(MAX_ENVIRONMENT_NAME),
            fix="name the stack so",
        )


def cluster_names(subject: Subject) -> Iterable[Problem]:
    """A cluster's name is an RFC 1035 label within the length budget."""
    for cluster in subject.environment.clusters:
        if not _is_label(cluster.name, MAX_CLUSTER_NAME):
            yield Problem(
                path=_place_of_name(cluster),
                got=f"the name {show(cluster.name)}",
                allowed=_ALLOWED.format(MAX_CLUSTER_NAME),
                fix="rename the cluster",
            )


def unique_names(subject: Subject) -> Iterable[Problem]:
    """A name stands for one cluster in the whole environment, the master included."""
    first: dict[str, ClusterSpec] = {}
    for cluster in subject.environment.clusters:
        other = first.setdefault(cluster.name, cluster)
        if other is not cluster:
            yield Problem(
                path=_place_of_name(cluster),
                got=f"the name {show(cluster.name)}, which {_place_of_name(other)} has too",
                allowed="one cluster of a name in an environment",
                fix="rename one of them",
            )


def _place_of_name(cluster: ClusterSpec) -> str:
    return "master.name" if cluster.level is Level.MASTER else cluster.path


def _is_label(name: str, limit: int) -> bool:
    return len(name) <= limit and _RFC_1035.fullmatch(name) is not None
