"""Rules about the ranges of EKS clusters: everything is IPv4, and AWS reserves some."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from ...errors import Problem
from ..aws import AwsCloud
from ..environment import ClusterSpec
from .aws import on_aws
from .made import place
from .ranges import block_of, is_too_wide
from .subject import Subject

_PRIVATE: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_NOT_PUBLIC: Final = (
    *_PRIVATE,
    *map(IPv4Network, ("100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
)


def vpc_size(subject: Subject) -> Iterable[Problem]:
    """A VPC made here has room for its subnets; AWS itself takes /16 to /28.

    Beside a shared one a range of its own would be let in by peers, and the nodes' left out.
    """
    for cluster, cloud in on_aws(subject):
        is_made, owner = cloud.network.given is None, cloud.network.shared_with
        for text, block in _known(cluster.addresses.nodes):
            if owner is not None:
                allowed, fix = _beside("nodes", owner), "remove it"
            elif block is None or (is_made and not 16 <= block.prefixlen <= 22):
                allowed = "an IPv4 range" + (" from /16 to /22" if is_made else "")
                fix = "choose such a range"
            else:
                continue
            path = f"{cluster.path}.addresses.nodes"
            yield Problem(path=path, got=text, allowed=allowed, fix=fix)


def services_range(subject: Subject) -> Iterable[Problem]:
    """EKS takes some private ranges for Services, outside the VPC (`serviceIpv4Cidr`)."""
    clusters = {cluster.name: cluster for cluster in subject.environment.clusters}
    for cluster, cloud in on_aws(subject):
        owner = clusters.get(cloud.network.shared_with or "")
        around = (owner.addresses.nodes, owner.addresses.pods) if owner else ()
        taken = [block for text in around for _, block in _known(text) if block]
        for text, block in _known(cluster.addresses.services):
            is_private = block and any(block.subnet_of(one) for one in _PRIVATE)
            if not block or not is_private or not 12 <= block.prefixlen <= 24:
                got = text
            elif any(block.overlaps(one) for one in taken):
                got = f"{text}, which is in the VPC shared with {cloud.network.shared_with}"
            else:
                continue
            yield Problem(
                path=f"{cluster.path}.addresses.services",
                got=got,
                allowed="a range from /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
                fix="choose one outside the VPC",
            )


def pods_range(subject: Subject) -> Iterable[Problem]:
    """Pods have a range that can be added to the VPC made for them, or addresses of the VPC.

    To a VPC of one of the private blocks AWS adds no range of another ("VPC CIDR blocks", IPv4
    CIDR block association restrictions).
    """
    for cluster, cloud in on_aws(subject):
        for text, block in _known(cluster.addresses.pods):
            allowed = _allowed_pods(cluster, cloud, block)
            if allowed is not None:
                fix = "remove it" if cloud.network.shared_with else "choose such a range"
                path = f"{cluster.path}.addresses.pods"
                yield Problem(path=path, got=text, allowed=allowed, fix=fix)


def api_callers(subject: Subject) -> Iterable[Problem]:
    """An endpoint of EKS lets in IPv4 ranges, its public one public ones (`publicAccessCidrs`)."""
    for cluster, cloud in on_aws(subject):
        for index, text in enumerate(cloud.endpoint.ranges):
            is_public = cloud.endpoint.public
            if _is_refused(text, is_public=is_public):
                yield Problem(
                    path=f"{place(cluster)}.endpoint.ranges[{index}]",
                    got=text,
                    allowed="a public IPv4 range" if is_public else "an IPv4 range",
                    fix="write the addresses that the endpoint sees",
                )


def peers_egress(subject: Subject) -> Iterable[Problem]:
    """What members leave from is let in by IPv4 rules of their peers on AWS."""
    members = subject.environment.members()
    on_aws = [one.name for one in members if isinstance(one.cloud, AwsCloud)]
    for cluster in members:
        targets = [name for name in on_aws if name != cluster.name]
        for index, text in enumerate(cluster.addresses.egress if targets else ()):
            if _is_refused(text, is_public=True):
                yield Problem(
                    path=f"{cluster.path}.addresses.egress[{index}]",
                    got=text,
                    allowed=f"a public IPv4 range: {targets[0]} on AWS lets in nothing else",
                    fix="write the addresses of its NAT, each with /32",
                )


def _allowed_pods(cluster: ClusterSpec, cloud: AwsCloud, block: IPv4Network | None) -> str | None:
    """Return what range pods may have where theirs is none of those; None where it is."""
    owner = cloud.network.shared_with
    if owner is not None:
        return _beside("pods", owner)
    if block is None:
        return "an IPv4 range"
    for _, nodes in _known(cluster.addresses.nodes) if cloud.network.given is None else ():
        if nodes is None or block.subnet_of(nodes):
            continue
        if block.overlaps(nodes) or not 16 <= block.prefixlen <= 24:
            return "a range from /16 to /24, or one within that of the nodes"
        if any(one.overlaps(block) and not one.overlaps(nodes) for one in _PRIVATE):
            return f"a range of the same private block as {nodes}, or of 100.64.0.0/10"
    return None


def _beside(kind: str, owner: str) -> str:
    return f"nothing beside a shared network: {kind} have addresses of {owner}'s"


def _is_refused(text: str, *, is_public: bool) -> bool:
    for _, block in _known(text):
        if block is None:
            return not (is_public and is_too_wide(text))  # then it is told in `let_in`
        return is_public and any(block.subnet_of(one) for one in _NOT_PUBLIC)
    return False


def _known(text: str | None) -> Iterator[tuple[str, IPv4Network | None]]:
    """Yield a range that is well written, None for one that isn't IPv4."""
    block = block_of(text or "")
    if text and block is not None and str(block) == text:
        yield text, block if isinstance(block, IPv4Network) else None
