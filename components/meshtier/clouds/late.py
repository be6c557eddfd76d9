"""Turns the late leaves of a plan into outputs of the resources they name."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import pulumi

from ..plan.late import Json, LateText, Ref, Text, refs

Made: TypeAlias = Mapping[str, pulumi.Resource]
"""Resources of the clouds registered so far, by logical name."""


def resolve(value: Any, made: Made) -> Any:
    """Return plain data with every late leaf replaced by an output; KeyError for a stranger."""
    if isinstance(value, Ref):
        return _output(value, made)
    if isinstance(value, Text):
        return pulumi.Output.concat(*(_part(part, made) for part in value.parts))
    if isinstance(value, Json):
        return _json(value, made)
    if isinstance(value, Mapping):
        content = cast("Mapping[str, Any]", value)
        return {key: resolve(below, made) for key, below in content.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [resolve(below, made) for below in cast("Sequence[Any]", value)]
    return value


def text_output(text: LateText, made: Made) -> pulumi.Output[str]:
    """Return a text, known now or later, as an output."""
    return pulumi.Output.from_input(resolve(text, made))


def pick(value: Any, steps: Sequence[str | int]) -> Any:
    """Return what lies behind a path of names and list positions in an output's value."""
    for step in steps:
        value = value[step] if isinstance(step, int) else _named(value, step)
    return value


def _part(part: str | Ref, made: Made) -> pulumi.Input[str]:
    # A whole number, such as a version, may come as one with a fraction: JSON knows no other.
    return part if isinstance(part, str) else _output(part, made).apply(_spelt)


def _spelt(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _output(ref: Ref, made: Made) -> pulumi.Output[Any]:
    first, *rest = ref.steps()
    output: pulumi.Output[Any] = getattr(made[ref.resource], str(first))
    return output.apply(lambda value: pick(value, rest)) if rest else output


def _named(value: Any, name: str) -> Any:
    # The SDK's objects keep the cloud's spelling as keys, ours as properties.
    if isinstance(value, Mapping) and name in value:
        return cast("Mapping[str, Any]", value)[name]
    return getattr(cast(object, value), name)


def _json(late: Json, made: Made) -> "str | pulumi.Output[str]":
    if next(refs(late.content), None) is None:
        return json.dumps(late.content, sort_keys=True)
    return pulumi.Output.json_dumps(resolve(late.content, made), sort_keys=True)
