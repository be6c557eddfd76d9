"""The one way from a written document to an environment: shape, defaults, rules, one report."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, cast

from ..errors import Problem, SpecError
from .cascade import place, resolve
from .environment import EnvironmentSpec
from .model import EnvironmentDocument
from .parse import Parsed, parse
from .rules import ERRORS, WARNINGS, Rule, Subject
from .show import Location, spell

_NOWHERE: Final = -1
"""Problems that are not about a place in the document (the environment's name) come first."""


def load(document: Mapping[str, object], *, name: str) -> EnvironmentSpec:
    """Return the environment that a document describes, defaulted and ruled.

    Args:
        document: the value of the config key `meshtier:environment`, camelCase as written.
        name: name of the environment, which is the name of the stack.

    Raises:
        SpecError: with every problem at once, in the document's order. Rules are applied to what
            is well formed even when other places are not, unless a whole cluster, a network or
            the mesh can't be read.
    """
    parsed = parse(document)
    problems = list(parsed.problems)
    warnings: tuple[Problem, ...] = ()
    environment: EnvironmentSpec | None = None
    if parsed.document is not None:
        environment = resolve(parsed.document, name=name)
        subject = _subject(parsed.document, environment)
        problems += _news(parsed, _apply(ERRORS, subject))
        warnings = _in_order(document, _apply(WARNINGS, subject))
    if problems or environment is None:
        raise SpecError(_in_order(document, problems))
    return replace(environment, warnings=warnings)


def _subject(document: EnvironmentDocument, environment: EnvironmentSpec) -> Subject:
    networks = {placed.path: placed.network for placed in place(document)}
    return Subject(document=document, environment=environment, networks=networks)


def _apply(rules: Iterable[Rule], subject: Subject) -> list[Problem]:
    found = (problem for rule in rules for problem in rule(subject))
    return list(dict.fromkeys(found))


def _news(parsed: Parsed, problems: Iterable[Problem]) -> list[Problem]:
    """Drop what only follows from a place whose shape is already reported."""
    return [
        problem
        for problem in problems
        if not any(_is_at_or_below(problem.path, place) for place in parsed.touched)
    ]


def _is_at_or_below(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


def _in_order(document: Mapping[str, object], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    positions = {path: index for index, path in enumerate(_paths(document, ()))}
    return tuple(sorted(problems, key=lambda problem: _position(positions, problem.path)))


def _position(positions: Mapping[str, int], path: str) -> int:
    """Return where `path` stands in the document, or the nearest block that would hold it."""
    while path and path not in positions:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return positions.get(path, _NOWHERE)


def _paths(value: object, at: Location) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, below in cast(Mapping[object, object], value).items():
            here = (*at, str(key))
            yield spell(here)
            yield from _paths(below, here)
