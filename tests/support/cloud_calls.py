"""Turns a resource's inputs, as the engine gets them, into the calls that its cloud gets.

How, is data: a `Resource` per type has one row per input. An input without a row is a problem, so
nothing is sent to a cloud that no table knows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Row: TypeAlias = "str | tuple[str, Callable[[Any], Any]] | None"
"""Where an input goes: a path, a path and what becomes of the value, or None where the provider
keeps it for itself."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]")
_TEMPLATE = re.compile(r"\{(/?)(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """How one type of resource becomes calls.

    Paths of inputs are as on the wire, with `[]` for lists; `a.*` stands for everything below `a`
    that has no row of its own. Paths of parameters are `call:path`, or `path` in the first call;
    `[]` is the position in the input's list, `[0]` is that one. `call:` is a call made when the
    input is true.
    """

    calls: Mapping[str, str]
    """Calls by a name of ours, as `service:operation`. The first is always made, the others when
    an input goes there."""
    rows: Mapping[str, Row]
    always: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that no input decides. A text may name inputs, and what the provider adds, in
    braces: `projects/{project}`; `{/network}` is the last part of a path."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an API."""

    key: str
    """Its name in the table."""
    service: str
    operation: str
    params: Mapping[str, Any]


def calls(
    resource: Resource, inputs: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[list[Call], list[str]]:
    """Return the calls a resource makes, and which inputs the table does not know.

    `context` is what templates find beside the inputs: the resource's own `id`, the provider's
    project.
    """
    problems: list[str] = []
    made: dict[str, dict[str, Any]] = {next(iter(resource.calls)): {}}
    for key, row, positions, value in _rows(resource.rows, inputs, problems):
        if row is None:
            continue
        target, become = row if isinstance(row, tuple) else (row, _as_it_is)
        call, place = _target(resource, target)
        if place:
            _put(made.setdefault(call, {}), place, iter(positions), become(value), key)
        elif value:
            made.setdefault(call, {})
    for target, value in resource.always.items():
        call, place = _target(resource, target)
        if call in made:
            _put(made[call], place, iter(()), _filled(value, {**context, **inputs}), target)
    found = [
        Call(key=key, service=service, operation=operation, params=made[key])
        for key, (service, operation) in _split(resource.calls).items()
        if key in made
    ]
    return found, problems


def rows_used(resource: Resource, inputs: Mapping[str, Any]) -> set[str]:
    """Return the rows of the table that the inputs need."""
    return {key for key, _, _, _ in _rows(resource.rows, inputs, [])}


def _as_it_is(value: Any) -> Any:
    return value


def _split(named: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    parts = {key: call.partition(":") for key, call in named.items()}
    return {key: (service, operation) for key, (service, _, operation) in parts.items()}


def _target(resource: Resource, target: str) -> tuple[str, str]:
    call, colon, place = target.partition(":")
    return (call, place) if colon else (next(iter(resource.calls)), target)


def _filled(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if not isinstance(value, str):
        return value

    def text(found: re.Match[str]) -> str:
        named = str(known.get(found[2], found[0]))
        return named.rpartition("/")[2] if found[1] else named

    return _TEMPLATE.sub(text, value)


Found: TypeAlias = tuple[str, Row, tuple[int, ...], Any]


def _rows(
    rows: Mapping[str, Row], inputs: Mapping[str, Any], problems: list[str]
) -> Iterator[Found]:
    """Yield each input that has a row: the row's key, the row, the list positions, the value."""
    for key, value in inputs.items():
        yield from _row(rows, key, (), value, problems)


def _row(
    rows: Mapping[str, Row],
    path: str,
    positions: tuple[int, ...],
    value: Any,
    problems: list[str],
) -> Iterator[Found]:
    if path in rows:
        yield path, rows[path], positions, value
    elif isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _row(rows, f"{path}.{key}", positions, item, problems)
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            yield from _row(rows, f"{path}[]", (*positions, at), item, problems)
    else:
        everything = _everything(rows, path)
        if everything is not None:
            yield *everything, positions, value
        elif not any(row.startswith((f"{path}.", f"{path}[")) for row in rows):
            problems.append(f"{path}: got {value!r}; no row of the table knows it")


def _everything(rows: Mapping[str, Row], path: str) -> tuple[str, Row] | None:
    """Return the row that a path's nearest `above.*` makes for it, and that row's key."""
    above = path
    while above:
        target = rows.get(f"{above}.*")
        if isinstance(target, str):
            return f"{above}.*", target.removesuffix(".*") + path.removeprefix(above)
        cut = max(above.rfind("."), above.rfind("["))
        above = above[:cut] if cut > 0 else ""
    return None


def _put(
    params: dict[str, Any], place: str, positions: Iterator[int], value: Any, path: str
) -> None:
    """Put a value where a path says, making objects and lists on the way."""
    steps: list[str | int] = []
    for name, position in _STEP.findall(place):
        steps.append(name or int(position or next(positions)))
    here: Any = params
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if following is None:
            below = value
        else:
            below = [] if isinstance(following, int) else {}
        here = _step(here, step, below, last=following is None, path=path)


def _step(here: Any, step: str | int, below: Any, *, last: bool, path: str) -> Any:
    if isinstance(here, list):
        at = int(step)
        while len(here) <= at:
            here.append(None)
        if last or here[at] is None:
            here[at] = below
        return here[at]
    if last and step in here:
        raise ValueError(f"{path}: two inputs go to {step}")
    if last or step not in here:
        here[step] = below
    return here[step]
