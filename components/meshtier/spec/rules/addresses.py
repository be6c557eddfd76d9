"""Rules about address ranges: their form, and that they do not overlap where it matters.

Two clusters are compared when both say which network they are on, members of the mesh or not:
routes of one network meet, whoever is in the mesh. Of a cluster without a network nothing is
known, so nothing is said; KKP, for one, gives every user cluster the same ranges by default.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from itertools import combinations
from typing import Final

from ...errors import Problem
from ..aws import AwsCloud
from ..environment import ClusterSpec
from ..reach import reach
from .ranges import block_of, cidr_problem
from .subject import Subject

_KINDS: Final = ("nodes", "pods", "services")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Range:
    cluster: str
    kind: str
    path: str
    mesh_network: str | None
    block: IPv4Network | IPv6Network

    def overlaps(self, other: "_Range") -> bool:
        return self.block.version == other.block.version and self.block.overlaps(other.block)


def range_syntax(subject: Subject) -> Iterable[Problem]:
    """A range is a CIDR block without host bits."""
    for cluster in subject.environment.clusters:
        for path, text in _written(cluster):
            problem = cidr_problem(path, text)
            if problem is not None:
                yield problem


def own_overlap(subject: Subject) -> Iterable[Problem]:
    """A cluster's own ranges are apart, wherever it is; but AWS gives pods nodes' addresses."""
    for cluster in subject.environment.clusters:
        for one, other in combinations(_ranges_of(cluster, None), 2):
            is_usual = {one.kind, other.kind} == {"nodes", "pods"} and isinstance(
                cluster.cloud, AwsCloud
            )
            if one.overlaps(other) and not is_usual:
                yield Problem(
                    path=other.path,
                    got=f"{other.block}, which overlaps the cluster's own {one.kind} {one.block}",
                    allowed=f"ranges of {one.kind} and {other.kind} that are apart",
                    fix="choose another range",
                )


def overlap_in_network(subject: Subject) -> Iterable[Problem]:
    """Where routes meet no two clusters share an address: traffic would reach the wrong pod."""
    for item, others in _overlaps(subject, _is_routed(subject)):
        is_peered = any(other.mesh_network != item.mesh_network for other in others)
        yield Problem(
            path=item.path,
            got=_description(item, others),
            allowed=f"ranges that nothing else on network {item.mesh_network} uses"
            + (", nor on one peered with it" if is_peered else ""),
            fix="choose another range",
        )


def overlap_across_networks(subject: Subject) -> Iterable[Problem]:
    """Across networks an overlap works, through gateways, and rules out joining them later."""
    is_routed = _is_routed(subject)
    for item, others in _overlaps(subject, lambda one, two: not is_routed(one, two)):
        yield Problem(
            path=item.path,
            got=_description(item, others),
            allowed="such an overlap only while the networks stay apart",
            fix="choose another range if the networks may ever be joined",
        )


def _is_routed(subject: Subject) -> Callable[[str | None, str | None], bool]:
    ways = reach(subject.environment)
    return lambda one, two: one == two or frozenset({one, two}) in ways.peered


def _overlaps(
    subject: Subject, is_compared: Callable[[str | None, str | None], bool]
) -> Iterator[tuple[_Range, list[_Range]]]:
    """Yield each range with the earlier ones of other clusters that it overlaps."""
    earlier: list[_Range] = []
    for cluster in subject.environment.clusters:
        own = [
            item
            for item in _ranges_of(cluster, subject.networks[cluster.path])
            if item.mesh_network is not None
        ]
        for item in own:
            others = [
                other
                for other in earlier
                if is_compared(item.mesh_network, other.mesh_network) and item.overlaps(other)
            ]
            if others:
                yield item, others
        earlier += own


def _description(item: _Range, others: list[_Range]) -> str:
    first = others[0]
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return (
        f"{item.block}, which overlaps {first.kind} {first.block} of {first.cluster} "
        f"on network {first.mesh_network}{more}"
    )


def _ranges_of(cluster: ClusterSpec, mesh_network: str | None) -> list[_Range]:
    texts = ((kind, getattr(cluster.addresses, kind)) for kind in _KINDS)
    blocks = ((kind, block_of(text)) for kind, text in texts if text)
    return [
        _Range(
            cluster=cluster.name,
            kind=kind,
            path=f"{cluster.path}.addresses.{kind}",
            mesh_network=mesh_network,
            block=block,
        )
        for kind, block in blocks
        if block is not None
    ]


def _written(cluster: ClusterSpec) -> Iterator[tuple[str, str]]:
    for kind in _KINDS:
        text: str | None = getattr(cluster.addresses, kind)
        if text is not None:
            yield f"{cluster.path}.addresses.{kind}", text
