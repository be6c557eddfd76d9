"""Names in the clouds fit, stay apart, and never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.physical import fit

LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,70}[a-z0-9])?", fullmatch=True)


def test_a_name_that_fits_is_left_alone():
    assert fit("production-eu-shop", 32) == "production-eu-shop"


def test_a_long_name_keeps_its_end_and_gets_a_digest():
    assert fit("production-of-the-whole-company-eu-shop", 32) == "e-whole-company-eu-shop-66083056"


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="a limit of 9 leaves no room"):
        fit("x" * 20, 9)


@given(LABELS, st.integers(min_value=12, max_value=63))
def test_any_name_becomes_one_of_the_limit_that_clouds_take(name: str, limit: int):
    fitted = fit(name, limit)
    assert len(fitted) <= limit
    assert fitted[0].isalpha()
    assert fitted[-1].isalnum()
    assert fitted == fit(name, limit), "the same every time"


@given(st.lists(LABELS, min_size=2, max_size=20, unique=True))
def test_different_names_stay_different(names: list[str]):
    assert len({fit(name, 20) for name in names}) == len(names)
