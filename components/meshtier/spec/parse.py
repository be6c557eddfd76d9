"""From a plain mapping to the document's models, with every error of the shape named.

Deliberately leaves out the rules: a document can be well formed and still be refused.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import Problem
from .model import EnvironmentDocument
from .show import Location, one_of, show, spell
from .unknown import keys_at, meant, unknown_key

MAPPING_KINDS: Final = frozenset({"dict_type", "model_type", "model_attributes_type"})
"""What pydantic calls a text or a list where keys are expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What could be read, and what is wrong with the shape of the rest."""

    document: EnvironmentDocument | None
    """The document without its wrong places; None when nothing sensible is left."""
    problems: tuple[Problem, ...]
    touched: tuple[str, ...]
    """Places that were wrong (or meant, for a misspelt key): what is missing there is no news."""


def parse(raw: Mapping[str, object]) -> Parsed:
    """Read a document; never raises for a wrong one.

    A document with wrong places is read a second time without them, so that the rules can speak
    about the rest; not where a whole cluster, network or the mesh would be missing.
    """
    try:
        return Parsed(document=_validate(raw), problems=(), touched=())
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = tuple(_problem(raw, detail) for detail in details)
    touched = tuple(place for detail in details for place in _touched(detail))
    return Parsed(document=_validate_rest(raw, details), problems=problems, touched=touched)


def _validate(raw: Mapping[str, object]) -> EnvironmentDocument:
    return EnvironmentDocument.model_validate(raw, by_alias=True, by_name=False)


def _validate_rest(
    raw: Mapping[str, object], details: list[ErrorDetails]
) -> EnvironmentDocument | None:
    if not all(_is_removable(detail) for detail in details):
        return None
    wrong = {_location(detail) for detail in details}
    try:
        return _validate(cast(Mapping[str, object], _without(raw, wrong, ())))
    except ValidationError:
        return None


def _is_removable(detail: ErrorDetails) -> bool:
    if detail["type"] == "extra_forbidden":
        return True
    return detail["type"] not in {*MAPPING_KINDS, "missing", "one_provider", "invalid_key"}


def _without(value: object, wrong: set[Location], at: Location) -> object:
    if not isinstance(value, Mapping):
        return value
    mapping = cast(Mapping[str, object], value)
    return {
        key: _without(below, wrong, (*at, key))
        for key, below in mapping.items()
        if (*at, key) not in wrong
    }


def _touched(detail: ErrorDetails) -> tuple[str, ...]:
    location = _location(detail)
    places = [location]
    if detail["type"] == "extra_forbidden":
        place = meant(location)
        places += [place] if place else []
    return tuple(spell(place) for place in places)


def _location(detail: ErrorDetails) -> Location:
    # pydantic marks a wrong key with one more part; the place is the key itself
    return tuple(part for part in detail["loc"] if part != "[key]")


def _problem(raw: Mapping[str, object], detail: ErrorDetails) -> Problem:
    location = _location(detail)
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(location)
    if kind == "missing":
        return _missing(location)
    if kind == "one_provider":
        return _not_one_provider(location, value)
    if kind in MAPPING_KINDS:
        return _not_a_mapping(location, value)
    allowed, fix = _expectation(kind, value, context)
    return Problem(path=spell(location), got=show(value, location), allowed=allowed, fix=fix)


def _missing(location: Location) -> Problem:
    below = keys_at(location)
    allowed = f"a mapping with {one_of(below)}" if below else "a value"
    return Problem(path=spell(location), got="nothing", allowed=allowed, fix="write it")


def _not_one_provider(location: Location, value: object) -> Problem:
    given = cast(Mapping[str, object], value if isinstance(value, Mapping) else {})
    written = sorted(name for name, block in given.items() if block is not None)
    fix = "write for example `existing: {kubeconfig: path/of/the.kubeconfig}`"
    return Problem(
        path=spell(location),
        got=" and ".join(written) or ("an empty provider block" if given else "no provider"),
        allowed=f"exactly one of {one_of(keys_at(location))}, with its content",
        fix="remove the others" if written else fix,
    )


def _not_a_mapping(location: Location, value: object) -> Problem:
    got = show(value, location)
    allowed, fix = "a mapping", "write its keys"
    if location == ("master",):
        allowed, fix = "exactly one master, a mapping", "write the one master; others are seeds"
    elif value is None:
        fix = "write its keys, or remove it"
    elif isinstance(value, list):
        allowed, fix = "a mapping by name", "write every entry under its name"
    return Problem(path=spell(location), got=got, allowed=allowed, fix=fix)


def _expectation(kind: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is allowed, and the fix, for a wrong leaf."""
    if kind == "string_type":
        is_number = isinstance(value, (int, float))
        return "a text", "put it in quotes" if is_number else "write a text"
    if kind in {"enum", "literal_error"}:
        allowed = str(context["expected"])
        near = difflib.get_close_matches(str(value), allowed.replace("'", "").split(" or "), n=1)
        return allowed, f"write '{near[0]}'" if near else "write one of them"
    if kind in {"int_type", "int_parsing", "int_from_float", "int_parsing_size"}:
        return "a whole number", "write digits without quotes"
    if kind == "bool_type":
        return "true or false", "write true or false without quotes"
    if kind == "greater_than_equal":
        return f"{context['ge']} or more", "raise it"
    if kind == "less_than_equal":
        return f"{context['le']} or less", "lower it"
    if kind == "string_pattern_mismatch":
        return "a version of three numbers such as '1.31.1'", "write all three numbers"
    return "a value of another form", "see the schema of the environment document"
