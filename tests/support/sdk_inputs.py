"""What a cloud's Python SDK makes of a resource's inputs, without running a program.

The SDK translates the keys it knows (`vpc_id` to `vpcId`) and lets the others through, so a
mistyped key in a dictionary would only be noticed by the cloud: here it is a problem.
"""

import inspect
import typing
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from pulumi import _types


@cache
def resource(token: str) -> Any:
    """Return the SDK's class of a type token such as `aws:ec2/vpc:Vpc`."""
    package, module, name = token.split(":")
    with warnings.catch_warnings():
        # The SDKs warn of types of theirs that are called something else by now.
        warnings.simplefilter("ignore", DeprecationWarning)
        if package == "pulumi":
            return import_module(f"pulumi_{name}").Provider
        return getattr(import_module(f"pulumi_{package}.{module.partition('/')[0]}"), name)


@cache
def inputs(token: str) -> type:
    """Return the SDK's class of the inputs of a type token."""
    made = resource(token)
    module = import_module(made.__module__)
    # A nested type may already have the name that the inputs of a resource usually have.
    clash_free = getattr(module, f"{made.__name__}InitArgs", None)
    return clash_free or getattr(module, f"{made.__name__}Args")


def paths(token: str) -> frozenset[str]:
    """Return every path an input of a type can have on the wire, `vpcConfig.subnetIds[]`."""
    return frozenset(_paths(inputs(token), "", 0))


def wire(token: str, args: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return inputs as the SDK sends them, and what the SDK does not know about them."""
    found: list[str] = []
    return _object(inputs(token), args, "", found), found


_DEPTH = 6
"""Deeper than any input; schemas that contain themselves are cut off here."""


def _paths(kind: type, prefix: str, depth: int) -> list[str]:
    if depth > _DEPTH:
        return []
    found: list[str] = []
    for name, declared in _types.input_type_types(kind).items():
        path, inner = f"{prefix}{name}", _plain(declared)
        found.append(path)
        while (item := _item(inner)) is not None:
            path, inner = f"{path}[]", item
            found.append(path)
        below = _paths(inner, f"{path}.", depth + 1) if _types.is_input_type(inner) else []
        found += below
    return found


def _object(kind: type, value: Any, path: str, found: list[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        found.append(f"{path}: got {value!r}; the SDK takes an object")
        return {}
    names = _types.input_type_py_to_pulumi_names(kind)
    types = _types.input_type_types(kind)
    for name in _required(kind):
        if value.get(name) is None:
            found.append(f"{_below(path, name)}: missing; the SDK requires it")
    made: dict[str, Any] = {}
    for key, item in value.items():
        if key not in names:
            found.append(f"{_below(path, key)}: unknown to the SDK")
        elif item is not None:
            made[names[key]] = _value(types[names[key]], item, _below(path, key), found)
    return made


def _value(declared: Any, value: Any, path: str, found: list[str]) -> Any:
    kind = _plain(declared)
    if _types.is_input_type(kind):
        return _object(kind, value, path, found)
    item = _item(kind)
    if item is not None and isinstance(value, Sequence) and not isinstance(value, str):
        return [_value(item, one, f"{path}[{at}]", found) for at, one in enumerate(value)]
    if _origin(kind) in _MAPS and isinstance(value, Mapping):
        inner = typing.get_args(kind)[1]
        return {key: _value(inner, one, _below(path, key), found) for key, one in value.items()}
    if not _is_plain(kind, value):
        found.append(f"{path}: got {value!r}; the SDK takes {getattr(kind, '__name__', kind)}")
    return value


def _is_plain(kind: Any, value: Any) -> bool:
    if kind in (bool, str):
        return isinstance(value, kind)
    if kind in (int, float):
        return isinstance(value, int | kind) and not isinstance(value, bool)
    return False


def _required(kind: Any) -> list[str]:
    parameters = inspect.signature(kind.__init__).parameters.values()
    return [
        one.name
        for one in parameters
        if one.kind is one.KEYWORD_ONLY and one.default is inspect.Parameter.empty
    ]


def _plain(declared: Any) -> Any:
    """Return a declared type without what makes it late or optional; policies are texts too."""
    kind = _types.unwrap_type(declared)
    return str if str in typing.get_args(kind) and _origin(kind) is typing.Union else kind


def _item(kind: Any) -> Any:
    """Return what a list holds; None for what is no list."""
    return _plain(typing.get_args(kind)[0]) if _origin(kind) in _LISTS else None


def _origin(kind: Any) -> Any:
    return typing.get_origin(kind)


_LISTS = (list, Sequence)
_MAPS = (dict, Mapping)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
