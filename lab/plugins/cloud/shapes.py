"""What the official provider takes: field names and forms, as its SDK declares them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lab.plugins import wire

FILE: Final = "shapes.json"
"""Name of the data file in a plugin's folder; `extract` writes it."""

Fault = tuple[str, str]
"""Property path and reason."""


class Shapes:
    """The types of one cloud."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    @cached_property
    def _content(self) -> Mapping[str, Any]:
        return json.loads(self._file.read_text())

    def inputs(self, token: str) -> frozenset[str]:
        """Names of a resource type's inputs."""
        return frozenset(self._content["resources"][token]["fields"])

    def outputs(self, token: str) -> frozenset[str]:
        """Names of a resource type's outputs that are no inputs."""
        return frozenset(self._content["resources"][token]["outputs"])

    def faults(self, token: str, inputs: wire.Object) -> list[Fault]:
        """What the official provider would refuse in a resource's inputs."""
        return list(self._object(self._content["resources"][token], inputs, ""))

    def provider_faults(self, inputs: wire.Object) -> list[Fault]:
        """The same for the provider's own configuration."""
        return list(self._object(self._content["provider"], inputs, ""))

    def _object(self, shape: Mapping[str, Any], value: wire.Object, at: str) -> Iterator[Fault]:
        fields = shape["fields"]
        for key in shape["required"]:
            if value.get(key) is None:
                yield _join(at, key), f'Missing required argument. "{key}" is required'
        for key, item in value.items():
            if key.startswith("__"):
                continue
            if key not in fields:
                yield _join(at, key), "Invalid or unknown key"
            elif item is not None:
                yield from self._value(fields[key], item, _join(at, key))

    def _value(self, form: str, value: wire.Value, at: str) -> Iterator[Fault]:
        if isinstance(value, wire.Unknown) or form == "any":
            return
        if form[0] == "[":
            yield from self._list(form[1:-1], value, at)
        elif form[0] == "{":
            yield from self._map(form[1:-1], value, at)
        elif form[0] == "#":
            if isinstance(value, dict):
                yield from self._object(self._content["types"][form[1:]], value, at)
            else:
                yield at, f"expected object type, got {_kind(value)}"
        elif not _fits(form, value):
            yield at, f"expected {form}, got {_kind(value)}"

    def _list(self, form: str, value: wire.Value, at: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield at, f"expected list type, got {_kind(value)}"
            return
        for index, item in enumerate(value):
            yield from self._value(form, item, f"{at}[{index}]")

    def _map(self, form: str, value: wire.Value, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield at, f"expected map type, got {_kind(value)}"
            return
        for key, item in value.items():
            yield from self._value(form, item, _join(at, key))


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _fits(form: str, value: wire.Value) -> bool:
    """Whether the official provider takes the scalar, which it converts where it can."""
    if form == "bool":
        return isinstance(value, bool) or value in ("true", "false")
    if isinstance(value, bool):
        return False
    if form == "str":
        return isinstance(value, str | int | float)
    if form == "int":
        return isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    return isinstance(value, int | float)


def _kind(value: wire.Value) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")
