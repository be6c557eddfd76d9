"""Values stored once: nothing is lost, nothing is stored twice."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from meshtier.page.shared import NAME, Shared

from tests.support.pages import restored

NAMES = st.sampled_from(("eu", "eu-pay", "a", "1"))
TEXTS = st.text(st.sampled_from('aeu-1y \\"<p'), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(st.tuples(st.dictionaries(TEXTS, VALUES) | st.lists(VALUES), NAMES), max_size=5))
def test_every_value_comes_back_as_it_was(values: list[tuple[Any, str]]) -> None:
    shared = Shared()
    positions = [shared.position(value, name) for value, name in values]
    for position, (value, name) in zip(positions, values, strict=True):
        back = restored(shared.entries, position, name)
        assert back == value
        assert repr(back) == repr(value), "true is not 1, and 1.0 is not 1"


def test_what_differs_in_the_clusters_name_alone_is_stored_once() -> None:
    shared = Shared()
    one = shared.position({"host": "istiod.eu-pay.example", "eu-pay": [{"port": 15017}]}, "eu-pay")
    before = len(shared.entries)
    other = shared.position({"host": "istiod.us.example", "us": [{"port": 15017}]}, "us")
    assert one == other
    assert len(shared.entries) == before
    assert shared.position({"host": "istiod.us.example", "us": [{"port": 15018}]}, "us") != one


def test_a_map_inside_several_is_stored_once() -> None:
    shared = Shared()
    labels = {"team": "shop", "level": "user"}
    shared.position([{"metadata": labels}, {"spec": labels}], "eu")
    assert [entry for entry in shared.entries if "team" in entry] == [labels]


def test_a_text_with_the_mark_in_it_is_not_taken_for_a_name() -> None:
    shared = Shared()
    position = shared.position({"note": f"a{NAME}b"}, "eu")
    assert restored(shared.entries, position, "eu") == {"note": "a\ufffdb"}
