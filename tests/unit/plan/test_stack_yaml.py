"""Stack files are read as Pulumi 3.259 reads them: what it handed over was measured."""

import json

import pytest
from meshtier.errors import SpecError
from meshtier.plan.stack_yaml import content

CANT_BE_HANDED_OVER = (
    "x.yaml: got a value that Pulumi can't hand over at line 1; allowed mappings by text, lists, "
    "texts, numbers, true, false and null; write one of them"
)


def refusal(text: str) -> list[str]:
    """Return the lines that a text is refused with."""
    with pytest.raises(SpecError) as refused:
        content(text, "x.yaml")
    return str(refused.value).splitlines()


def twice(key: str, line: int, first: int) -> str:
    """Return what is said about a key that stands twice."""
    return (
        f"x.yaml: got the key '{key}' at line {line}, which stands at line {first} too; allowed "
        "every key once in its mapping; put what both hold under one"
    )


@pytest.mark.parametrize("text", ["no", "on", "Yes", "y", "tRUE", "nULL", "=", "_1", "1:30", "0o8"])
def test_only_the_words_of_yaml_1_2_are_more_than_texts(text: str) -> None:
    assert content(text, "x.yaml") == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, True) for word in ("true", "True", "TRUE", "!!bool 'true'")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("~", "null", "Null", "NULL", "")),
        *((word, 10) for word in ("012", "0o12", "0O12", "0o1_2", "1__0", "+10", "!!int '10'")),
        *((word, 31) for word in ("0x1F", "0X1F", "0x1_F", "31.0", "3.1e1", "!!float 31")),
        *((word, -3) for word in ("-0b11", "-3", "-0o3", "-3.0")),
        *[("019", 19), ("1.31", 1.31), (".5", 0.5), ("1_0.5", 10.5), ("1e400", "1e400")],
        *[("99999999999999999999", 10**20), ("0x1FFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFFF")],
        *[("!!str 12", "12"), ("'12'", "12"), ("!own 12", "12"), ("!own {a: 1}", {"a": 1})],
    ],
)
def test_a_scalar_is_what_pulumi_makes_of_it(text: str, value: object) -> None:
    read = content(text, "x.yaml")
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-01", "2026-11-01 00:00:00 +0000 UTC"),
        ("2026-1-1", "2026-01-01 00:00:00 +0000 UTC"),
        ("2026-11-01 10:00:00.50", "2026-11-01 10:00:00.5 +0000 UTC"),
        ("2026-11-01t1:2:3Z", "2026-11-01 01:02:03 +0000 UTC"),
        ("2026-11-01T10:00:00+00:00", "2026-11-01 10:00:00 +0000 UTC"),
        ("2026-11-01T10:00:00-03:30", "2026-11-01 10:00:00 -0330 -0330"),
        ("!!timestamp 2026-11-01", "2026-11-01 00:00:00 +0000 UTC"),
        *((text, text) for text in ("2026-02-30", "2026-11-01T10:00:00", "2026-11-01 10:00:00Z")),
        *((text, text) for text in ("2026-11-01T24:00:00Z", "2026-11-01 10:00", "12026-01-01")),
    ],
)
def test_a_date_is_the_text_that_go_makes_of_it(text: str, value: str) -> None:
    assert content(text, "x.yaml") == value


def test_keys_are_texts() -> None:
    text = "{on: 1, True: 2, 012: 3, 1.50: 4, ~: 5, 2026-02-30: 6, !!str 0b1: 7, '11': 8}"
    read = content(text, "x.yaml")
    assert read == {
        "on": 1,
        "true": 2,
        "10": 3,
        "1.5": 4,
        "<nil>": 5,
        "2026-02-30": 6,
        "0b1": 7,
        "11": 8,
    }
    assert json.dumps(read, sort_keys=True)


def test_every_key_that_stands_twice_is_told_with_its_lines() -> None:
    text = "seeds:\n  eu: {}\n  us: {a: 1, a: 2}\n  'eu': {}\n  eu: {}\nseeds:\n"
    assert refusal(text) == [
        twice("a", 3, 3),
        twice("eu", 4, 2),
        twice("eu", 5, 2),
        twice("seeds", 6, 1),
    ]


@pytest.mark.parametrize(
    ("text", "key"), [("1: a\n01: b", "1"), ("true: a\nTrue: b", "true"), ("010: a\n8: b", "8")]
)
def test_two_spellings_of_one_key_are_one_key(text: str, key: str) -> None:
    assert refusal(text) == [twice(key, 2, 1)]


def test_two_merges_in_one_mapping_are_refused() -> None:
    assert refusal("a: &a {x: 1}\nb: {<<: *a,\n  <<: *a}") == [twice("<<", 3, 2)]


def test_what_is_merged_gives_way_to_what_stands_beside_it() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2, z: 2}\nc: {k: 3, <<: [*b, *a], z: 3}\nd: *b"
    b = {"x": 1, "y": 2, "z": 2}
    expected = {"a": {"x": 1, "y": 1}, "b": b, "c": {"x": 1, "y": 2, "z": 3, "k": 3}, "d": b}
    assert content(text, "x.yaml") == expected


@pytest.mark.parametrize(
    "text", [".inf", "-.Inf", ".nan", "!!bool no", "!!int x", "!!binary aGk=", "&a [*a]", "[a]: b"]
)
def test_what_pulumi_refuses_is_refused_without_its_content(text: str) -> None:
    assert refusal(text) == [CANT_BE_HANDED_OVER]
