"""What a cloud's resource answers, made up from the SDK's own types: every output is there.

An output is what was put in, where that has the same name; anything else is a text that says which
output of which resource it is.
"""

import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import _types

from tests.support import sdk_inputs

_DEPTH = 5
"""Deeper than any output that a plan names, such as `identities[0].oidcs[0].issuer`."""


def answer(token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a made resource; AttributeError for a type the SDK doesn't have."""
    if token.startswith("pulumi:providers:"):
        return dict(inputs)
    return _filled(_types.resource_types(sdk_inputs.resource(token)), inputs, name, 0)


def _filled(
    declared: Mapping[str, Any], given: Mapping[str, Any], name: str, depth: int
) -> dict[str, Any]:
    found = {
        output: _output(output, kind, given.get(output), name, depth)
        for output, kind in declared.items()
    }
    return {**{key: value for key, value in found.items() if value is not None}, **_rest(given)}


def _rest(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was put in, but for the objects: these are completed."""
    return {key: value for key, value in given.items() if not isinstance(value, Mapping)}


def _output(output: str, declared: Any, given: Any, name: str, depth: int) -> Any:
    kind = _types.unwrap_type(declared)
    if _types.is_output_type(kind):
        known = given if isinstance(given, Mapping) else {}
        return None if depth > _DEPTH else _filled(_kinds(kind), known, name, depth + 1)
    if given is not None:
        return given
    if typing.get_origin(kind) in (list, Sequence):
        below = _output(output, typing.get_args(kind)[0], None, name, depth)
        return None if below is None else [below]
    if typing.get_origin(kind) in (dict, Mapping):
        return {}
    return {bool: False, int: 1, float: 1.0}.get(kind, f"{output} of {name}")


def _kinds(kind: type) -> Mapping[str, Any]:
    return _types.output_type_types(kind)
