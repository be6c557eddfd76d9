"""Rules about clusters that a cloud makes here: what every cloud has to be told.

What only one cloud asks stands in `aws` and `gcp`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ...errors import Problem
from ..aws import AwsCloud
from ..environment import ClusterSpec
from ..existing import ExistingCloud
from ..model import MadeCloud
from ..show import one_of, show
from .subject import Subject

KUBERNETES: Final = ("1.34", "1.35", "1.36")
"""Kubernetes minors that EKS and GKE's regular channel offer and Istio 1.31 runs on (2026-11)."""
_MINOR: Final = r"\d+\.\d+"
_GKE_VERSION: Final = rf"{_MINOR}(\.\d+(-gke\.\d+)?)?"
MIN_MEMBER_NODES: Final = 2
"""istiod asks 0.5 cores and 2 GiB beside the sidecars; a single node can't be replaced in peace."""


def nodes_exist(subject: Subject) -> Iterable[Problem]:
    """A cluster without nodes runs nothing, not even its own DNS."""
    for cluster, cloud in made(subject):
        if not cloud.nodes:
            yield Problem(
                path=f"{place(cluster)}.nodes",
                got="no node group",
                allowed="at least one",
                fix="write one by name, such as `general: {min: 2, max: 6}`",
            )


def node_counts(subject: Subject) -> Iterable[Problem]:
    """The fewest nodes are not more than the most."""
    for cluster, cloud in made(subject):
        for name, group in cloud.nodes.items():
            if group.min > group.max:
                yield Problem(
                    path=f"{place(cluster)}.nodes.{name}.min",
                    got=f"{group.min}, with max {group.max}",
                    allowed="at most max",
                    fix="lower min or raise max",
                )


def members_have_nodes(subject: Subject) -> Iterable[Problem]:
    """A member carries istiod, and a gateway: one node is not enough for either."""
    for cluster, cloud in made(subject):
        fewest = sum(group.min for group in cloud.nodes.values())
        if cluster.member and cloud.nodes and fewest < MIN_MEMBER_NODES:
            yield Problem(
                path=f"{place(cluster)}.nodes",
                got=f"at least {fewest} nodes in a member of the mesh",
                allowed=f"at least {MIN_MEMBER_NODES}",
                fix="raise min of a node group",
            )


def ranges_known(subject: Subject) -> Iterable[Problem]:
    """Who makes a network has to know its ranges; who peers with one, too."""
    for cluster, cloud in made(subject):
        for kind in _needed(cloud):
            if not getattr(cluster.addresses, kind):
                yield Problem(
                    path=f"{cluster.path}.addresses.{kind}",
                    got="nothing",
                    allowed=f"the range of the {kind} in CIDR form",
                    fix="choose one that no peer uses",
                )


def one_network_source(subject: Subject) -> Iterable[Problem]:
    """A network is made, shared or given; half of each is none."""
    for cluster, cloud in made(subject):
        network = cloud.network
        sources = {
            "create": network.create,
            "sharedWith": network.shared_with,
            "given": network.given,
        }
        written = [name for name, value in sources.items() if value is not None]
        if len(written) > 1:
            yield Problem(
                path=f"{place(cluster)}.network",
                got=" and ".join(written),
                allowed="at most one of create, sharedWith and given",
                fix="remove the others",
            )


def shared_network(subject: Subject) -> Iterable[Problem]:
    """A network is shared with a cluster of the same cloud and place that has one made for it."""
    clusters = {cluster.name: cluster for cluster in subject.environment.clusters}
    for cluster, cloud in made(subject):
        name = cloud.network.shared_with
        if name is None:
            continue
        owner = clusters.get(name)
        if name == cluster.name or owner is None or not _can_share(cloud, owner):
            yield Problem(
                path=f"{place(cluster)}.network.sharedWith",
                got=show(name),
                allowed=f"a cluster on {cloud.provider} in the same {_place_words(cloud)}, with a "
                "network made for it",
                fix="name such a cluster, or remove it",
            )


def kubernetes_version(subject: Subject) -> Iterable[Problem]:
    """A version that a cloud no longer offers, or Istio does not run on, fails after an hour."""
    for cluster, cloud in made(subject):
        version = cloud.version
        if version is None:
            continue
        minor = ".".join(version.split(".")[:2])
        is_minor = isinstance(cloud, AwsCloud)
        form = _MINOR if is_minor else _GKE_VERSION
        if minor not in KUBERNETES or not re.fullmatch(form, version):
            yield Problem(
                path=f"{place(cluster)}.version",
                got=show(version),
                allowed=one_of(KUBERNETES) + ("" if is_minor else ", or a full GKE version of one"),
                fix="write one of them in quotes",
            )


def made(subject: Subject) -> Iterator[tuple[ClusterSpec, MadeCloud]]:
    """Yield the clusters that a cloud makes."""
    for cluster in subject.environment.clusters:
        if not isinstance(cluster.cloud, ExistingCloud):
            yield cluster, cluster.cloud


def place(cluster: ClusterSpec) -> str:
    """Return where a cluster's cloud block stands."""
    return f"{cluster.path}.cloud.{cluster.cloud.provider}"


def _needed(cloud: MadeCloud) -> tuple[str, ...]:
    if isinstance(cloud, AwsCloud):
        return ("services",) if cloud.network.shared_with else ("nodes", "services")
    return ("nodes", "pods", "services")


def _can_share(cloud: MadeCloud, owner: ClusterSpec) -> bool:
    other = owner.cloud
    if isinstance(other, ExistingCloud) or _place(other) != _place(cloud):
        return False
    return other.network.shared_with is None and other.network.given is None


def _place(cloud: MadeCloud) -> tuple[str, ...]:
    if isinstance(cloud, AwsCloud):
        return ("aws", cloud.account, cloud.region)
    return ("gcp", cloud.project)


def _place_words(cloud: MadeCloud) -> str:
    return "account and region" if isinstance(cloud, AwsCloud) else "project"
