"""Ranges of subnets: inside, apart, of a size AWS takes, and the same with a zone more."""

from collections.abc import Callable
from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.aws.subnets import (
    pod_ranges,
    private_ranges,
    public_ranges,
    reserved_range,
)
from meshtier.spec.aws import MAX_ZONES

ZONES = tuple(f"eu-central-1{letter}" for letter in "abcdefgh")


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    """Return ranges of the sizes that a rule lets through, anywhere in 10.0.0.0/8."""
    size = draw(st.integers(min_value=16, max_value=22))
    number = draw(st.integers(min_value=0, max_value=2 ** (size - 8) - 1))
    return f"{IPv4Network('10.0.0.0/8')[number * 2 ** (32 - size)]}/{size}"


COUNTS = st.integers(min_value=1, max_value=MAX_ZONES)


@given(vpcs(), COUNTS)
def test_subnets_of_a_vpc_are_inside_it_and_apart(vpc: str, count: int) -> None:
    zones = ZONES[:count]
    made = [*private_ranges(vpc, zones).values(), *public_ranges(vpc, zones).values()]
    blocks = [IPv4Network(one) for one in made]
    assert len(blocks) == 2 * count
    assert all(block.subnet_of(IPv4Network(vpc)) for block in blocks)
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))


@given(vpcs(), COUNTS)
def test_subnets_have_a_size_that_aws_takes(vpc: str, count: int) -> None:
    zones = ZONES[:count]
    for ranges in (private_ranges, public_ranges, pod_ranges):
        sizes = [IPv4Network(one).prefixlen for one in ranges(vpc, zones).values()]
        assert all(16 <= size <= 28 for size in sizes)


@given(vpcs(), COUNTS, st.sampled_from([private_ranges, public_ranges, pod_ranges]))
def test_a_zone_more_moves_no_subnet(
    vpc: str, count: int, ranges: Callable[..., dict[str, str]]
) -> None:
    fewer = ranges(vpc, ZONES[: count - 1])
    more = ranges(vpc, ZONES[:count])
    assert {zone: more[zone] for zone in fewer} == fewer
    assert more.keys() - fewer.keys() == {ZONES[count - 1]}


@given(vpcs(), COUNTS)
def test_addresses_are_reserved_inside_a_subnet_without_those_that_aws_keeps(
    vpc: str, count: int
) -> None:
    for text in private_ranges(vpc, ZONES[:count]).values():
        subnet, reserved = IPv4Network(text), IPv4Network(reserved_range(text))
        assert reserved.subnet_of(subnet)
        kept = {*list(subnet)[:4], subnet.broadcast_address}
        assert not any(address in reserved for address in kept)


def test_the_layout_is_a_contract() -> None:
    # A subnet whose range changes is replaced, and everything in it.
    assert private_ranges("10.0.0.0/16", ZONES[:5]) == {
        "eu-central-1a": "10.0.0.0/18",
        "eu-central-1b": "10.0.64.0/18",
        "eu-central-1c": "10.0.128.0/18",
        "eu-central-1d": "10.0.192.0/20",
        "eu-central-1e": "10.0.208.0/20",
    }
    assert public_ranges("10.0.0.0/16", ZONES[:2]) == {
        "eu-central-1a": "10.0.224.0/22",
        "eu-central-1b": "10.0.228.0/22",
    }
    assert reserved_range("10.0.0.0/18") == "10.0.56.0/22"


def test_more_zones_than_there_is_room_for_are_no_plan() -> None:
    with pytest.raises(ValueError, match="6 zones; there is room for 5"):
        private_ranges("10.0.0.0/16", ZONES[:6])
