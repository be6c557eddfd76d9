"""Ranges of the subnets of a VPC, by zone: the same ones however many zones there will be.

A quarter of the range each for the nodes and pods of the first three zones, a sixteenth each for
two more; the rest holds the public subnets, a sixty-fourth each, for NAT and load balancers.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Final

from ...spec.aws import MAX_ZONES

_LARGE: Final = ((2, 0), (2, 1), (2, 2), (4, 12), (4, 13))
"""By zone: bits added to the range's prefix, and which of the blocks of that size."""
_SMALL: Final = tuple((6, 56 + zone) for zone in range(MAX_ZONES))
_RESERVED: Final = (4, 14)
"""The last but one: the last block ends in an address that AWS keeps for itself."""


def private_ranges(block: str, zones: Sequence[str]) -> dict[str, str]:
    """Return the range of each zone's private subnet in the VPC's range `block`.

    Raises ValueError for more than `MAX_ZONES` zones.
    """
    return _ranges(block, zones, _LARGE)


def public_ranges(block: str, zones: Sequence[str]) -> dict[str, str]:
    """Return the range of each zone's public subnet; a /22 gives /28, AWS' smallest."""
    return _ranges(block, zones, _SMALL)


def pod_ranges(block: str, zones: Sequence[str]) -> dict[str, str]:
    """Return the range of each zone's subnet for pods, in a range of their own."""
    return _ranges(block, zones, _LARGE)


def reserved_range(subnet: str) -> str:
    """Return the part of a private subnet that is kept for addresses of our choice."""
    return _block(subnet, *_RESERVED)


def _ranges(block: str, zones: Sequence[str], places: Sequence[tuple[int, int]]) -> dict[str, str]:
    if len(zones) > len(places):
        raise ValueError(f"{len(zones)} zones; there is room for {len(places)}")
    return {zone: _block(block, *place) for zone, place in zip(zones, places, strict=False)}


def _block(block: str, bits: int, number: int) -> str:
    whole = IPv4Network(block)
    size = 2 ** (32 - whole.prefixlen - bits)
    first = whole.network_address + number * size
    return f"{first}/{whole.prefixlen + bits}"
