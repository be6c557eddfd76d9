"""Pairs in groups: none lost, none made up, and few enough to read."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from meshtier.review.groups import Group, grouped

NAMES = st.sampled_from("abcdef")
PAIRS = st.sets(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]))


def pairs_of(groups: Iterable[Group]) -> list[tuple[str, str]]:
    """Return what groups say, pair by pair."""
    found: list[tuple[str, str]] = []
    for group in groups:
        there = [(a, b) for a in group.sources for b in group.targets if a != b]
        back = [(b, a) for a, b in there] if group.both_ways and not group.is_among else []
        found += [*there, *back]
    return found


@given(PAIRS)
def test_groups_say_just_the_pairs_each_once(pairs: set[tuple[str, str]]) -> None:
    said = pairs_of(grouped(pairs))
    assert sorted(said) == sorted(pairs)


@given(PAIRS)
def test_there_are_never_more_groups_than_sources(pairs: set[tuple[str, str]]) -> None:
    assert len(grouped(pairs)) <= len({source for source, _ in pairs})


def test_a_newcomer_is_one_group_both_ways() -> None:
    old = ["a", "b", "c"]
    pairs = [*((one, "x") for one in old), *(("x", one) for one in old)]
    assert grouped(pairs) == (Group(sources=("a", "b", "c"), targets=("x",), both_ways=True),)


def test_a_neighbourhood_is_one_group() -> None:
    pairs = [(a, b) for a in "abc" for b in "abc" if a != b]
    (group,) = grouped(pairs)
    assert group.is_among
    assert group.sources == ("a", "b", "c")


def test_two_networks_are_one_group() -> None:
    pairs = [(a, b) for a, b in (*((a, b) for a in "ab" for b in "cd"),)]
    pairs += [(b, a) for a, b in pairs]
    assert grouped(pairs) == (Group(sources=("a", "b"), targets=("c", "d"), both_ways=True),)


def test_one_direction_stays_one() -> None:
    assert grouped([("a", "b")]) == (Group(sources=("a",), targets=("b",), both_ways=False),)
    assert grouped([]) == ()
