"""The form of an address range, wherever one is written."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from ...errors import Problem
from ..show import show

WIDEST: Final = {4: 8, 6: 16}
"""By IP version: the shortest prefix of a public range that anybody was ever given."""


def block_of(text: str) -> IPv4Network | IPv6Network | None:
    """Return the range a text means, host bits dropped; None when it means none.

    A bare address is no range: Python would read it as one of a single address.
    """
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def cidr_problem(path: str, text: str) -> Problem | None:
    """Return what is wrong with the form of a range; None when nothing is."""
    block = block_of(text)
    if block is None:
        return Problem(
            path=path,
            got=show(text),
            allowed="a range in CIDR form such as 10.32.0.0/16",
            fix="write address, slash and prefix length",
        )
    if str(block) != text:
        return Problem(
            path=path,
            got=show(text),
            allowed="a range without host bits, in its short form",
            fix=f"write {block}",
        )
    return None


def is_too_wide(text: str) -> bool:
    """Whether a range holds more of the internet than anybody has."""
    block = block_of(text)
    return block is not None and block.prefixlen < WIDEST[block.version]
