"""Rules about address ranges: their form, and that they do not overlap where it matters.

Two clusters are compared when both say which network they are on, members of the mesh or not:
routes of one network meet, whoever is in the mesh. Of a cluster without a network nothing is
known, so nothing is said; KKP, for one, gives every user cluster the same ranges by default.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from ...errors import Problem
from ..environment import ClusterSpec
from ..show import show
from .subject import Subject

_KINDS: Final = ("pods", "services")


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
            block = _block(text)
            if block is None:
                yield Problem(
                    path=path,
                    got=show(text),
                    allowed="a range in CIDR form such as 10.32.0.0/16",
                    fix="write address, slash and prefix length",
                )
            elif str(block) != text:
                yield Problem(
                    path=path,
                    got=show(text),
                    allowed="a range without host bits, in its short form",
                    fix=f"write {block}",
                )


def own_overlap(subject: Subject) -> Iterable[Problem]:
    """A cluster's pod and service ranges are apart, wherever the cluster is."""
    for cluster in subject.environment.clusters:
        found = {item.kind: item for item in _ranges_of(cluster, None)}
        pods, services = found.get("pods"), found.get("services")
        if pods and services and pods.overlaps(services):
            yield Problem(
                path=services.path,
                got=f"{services.block}, which overlaps the cluster's own pods {pods.block}",
                allowed="pod and service ranges that are apart",
                fix="choose another range",
            )


def overlap_in_network(subject: Subject) -> Iterable[Problem]:
    """On one network no two clusters share an address: traffic would reach the wrong pod."""
    for item, others in _overlaps(subject, lambda one, two: one == two):
        yield Problem(
            path=item.path,
            got=_description(item, others),
            allowed=f"ranges that nothing else on network {item.mesh_network} uses",
            fix="choose another range",
        )


def overlap_across_networks(subject: Subject) -> Iterable[Problem]:
    """Across networks an overlap works, through gateways, and rules out joining them later."""
    for item, others in _overlaps(subject, lambda one, two: one != two):
        yield Problem(
            path=item.path,
            got=_description(item, others),
            allowed="such an overlap only while the networks stay apart",
            fix="choose another range if the networks may ever be joined",
        )


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
    texts = (cluster.addresses.pods, cluster.addresses.services)
    blocks = ((kind, _block(text)) for kind, text in zip(_KINDS, texts, strict=True) if text)
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
    texts = (cluster.addresses.pods, cluster.addresses.services)
    for kind, text in zip(_KINDS, texts, strict=True):
        if text is not None:
            yield f"{cluster.path}.addresses.{kind}", text


def _block(text: str) -> IPv4Network | IPv6Network | None:
    """Return the range a text means, host bits dropped; None when it means none.

    A bare address is no range: Python would read it as one of a single address.
    """
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
