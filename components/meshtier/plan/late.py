"""Values that nobody knows before the engine runs, named in the plan by where they come from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """An output of another planned resource."""

    resource: str
    """Logical name of the resource."""
    output: str
    """Path of the output as the SDK spells it: `vpc_config.cluster_security_group_id`, `a[0].b`."""

    def steps(self) -> tuple[str | int, ...]:
        """Return the path's names and list positions."""
        return tuple(
            int(position) if position else name for name, position in _PART.findall(self.output)
        )

    def __str__(self) -> str:
        """Return the reference as a plan prints it."""
        return f"${{{self.resource}.{self.output}}}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text with late parts in it."""

    parts: tuple["str | Ref", ...]

    def __str__(self) -> str:
        """Return the text as a plan prints it."""
        return "".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON text whose content has late parts; keys are sorted."""

    content: Any

    def __str__(self) -> str:
        """Return the text as a plan prints it."""
        return json.dumps(self.content, sort_keys=True, default=str)


Late: TypeAlias = Ref | Text | Json
"""A late leaf of otherwise plain data."""
LateText: TypeAlias = str | Ref | Text
"""A text, known now or later."""


def text(*parts: "LateText") -> LateText:
    """Return the parts as one text, a plain one when all of them are."""
    flat: list[str | Ref] = []
    for part in parts:
        flat += part.parts if isinstance(part, Text) else [part]
    if any(isinstance(part, Ref) for part in flat):
        return flat[0] if len(flat) == 1 else Text(tuple(flat))
    return "".join(str(part) for part in flat)


def refs(value: Any) -> Iterator[Ref]:
    """Yield every reference in plain data with late leaves."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Text):
        yield from refs(value.parts)
    elif isinstance(value, Json):
        yield from refs(value.content)
    elif isinstance(value, Mapping):
        for below in cast("Mapping[str, Any]", value).values():
            yield from refs(below)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for below in cast("Sequence[Any]", value):
            yield from refs(below)
