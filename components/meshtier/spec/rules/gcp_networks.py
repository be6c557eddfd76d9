"""Rules about the networks that GKE clusters stand in: what Google refuses when half is made."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from ...errors import Problem
from ..gcp import GcpCloud, GcpGivenNetwork
from ..show import show
from .gcp import on_gcp
from .made import place
from .ranges import block_of, is_too_wide
from .subject import Subject

_RESERVED: Final = 4
"""Addresses that Google keeps of a subnet's primary range ("Subnets", unusable addresses)."""
_SUBNET: Final = 29
"""The smallest primary range of a subnet."""
_PODS: Final = 24
"""The smallest range of pods that GKE takes where it doesn't choose the range itself."""
_SERVICES: Final = range(16, 28)
"""What GKE takes for Services ("VPC-native clusters", secondary range for Services)."""

_NAME: Final = "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"
_PROJECT: Final = "(?:https://[a-z.]+/compute/v1/)?projects/[^/]+"


def ranges_fit(subject: Subject) -> Iterable[Problem]:
    """Ranges are IPv4, of a size that GKE takes, with room for all nodes that may come."""
    for cluster, cloud in on_gcp(subject):
        for kind, sizes, why in _sizes(cloud):
            block = block_of(getattr(cluster.addresses, kind) or "")
            is_right = isinstance(block, IPv4Network) and block.prefixlen in sizes
            if block is not None and not is_right:
                yield Problem(
                    path=f"{cluster.path}.addresses.{kind}",
                    got=str(block),
                    allowed=f"an IPv4 range from /{sizes.start} to /{sizes.stop - 1}{why}",
                    fix="choose such a range",
                )


def api_callers(subject: Subject) -> Iterable[Problem]:
    """GKE's authorised networks are IPv4; with a private endpoint only, private ones."""
    for cluster, cloud in on_gcp(subject):
        is_public = cloud.endpoint.public
        for index, text in enumerate(cloud.endpoint.ranges):
            block = block_of(text)
            is_right = isinstance(block, IPv4Network) and (is_public or not block.is_global)
            is_told = is_public and is_too_wide(text)  # in `let_in`
            if block is not None and not is_right and not is_told:
                yield Problem(
                    path=f"{place(cluster)}.endpoint.ranges[{index}]",
                    got=str(block),
                    allowed="an IPv4 range"
                    if is_public
                    else "a private IPv4 range, for the endpoint is private",
                    fix="write the addresses that the endpoint sees",
                )


def given_names(subject: Subject) -> Iterable[Problem]:
    """What is given has the form of its name, or of its path; the subnet is in the region."""
    for cluster, cloud in on_gcp(subject):
        given = cloud.network.given
        for key, text, pattern, allowed in _forms(cloud, given) if given else ():
            if not re.fullmatch(pattern, text):
                yield Problem(
                    path=f"{place(cluster)}.network.given.{key}",
                    got=show(text or None),
                    allowed=allowed,
                    fix="write what `gcloud compute networks subnets describe` prints",
                )


def _sizes(cloud: GcpCloud) -> Iterator[tuple[str, range, str]]:
    """Yield each kind of range with the prefix lengths that it may have, and why."""
    nodes, pods = sum(pool.max for pool in cloud.nodes.values()), cloud.max_pods_per_node
    # GKE gives a node twice the addresses of its pods, rounded up to a power of two.
    per_node = 32 - _bits(2 * pods)
    yield "nodes", range(8, min(_SUBNET, 32 - _bits(nodes + _RESERVED)) + 1), f" for {nodes} nodes"
    words = f" for {nodes} nodes with up to {pods} pods each"
    yield "pods", range(8, min(_PODS, per_node - _bits(nodes)) + 1), words
    yield "services", _SERVICES, ""


def _bits(count: int) -> int:
    """Return how many bits tell `count` things apart."""
    return max(count - 1, 0).bit_length()


def _forms(cloud: GcpCloud, given: GcpGivenNetwork) -> Iterator[tuple[str, str, str, str]]:
    region = re.escape(cloud.region)
    yield (
        *("network", given.network, f"(?:{_PROJECT}/global/networks/)?{_NAME}"),
        "the name of a VPC, or projects/…/global/networks/…",
    )
    yield (
        *("subnetwork", given.subnetwork, f"(?:{_PROJECT}/regions/{region}/subnetworks/)?{_NAME}"),
        f"the name of a subnet, or projects/…/regions/{cloud.region}/subnetworks/…",
    )
    for key, text in {"podsRange": given.pods_range, "servicesRange": given.services_range}.items():
        yield key, text, _NAME, "the name of a secondary range"
