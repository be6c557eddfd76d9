"""Checks a call of a Google API against the discovery document that the Python client ships.

The documents have few required marks and hardly a limit, so limits that Google keeps in prose come
from outside (`Limit`). Leaves out what neither says: quotas, names that are taken, combinations
that exclude each other.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient

from tests.support.limits import Limit, bounds, match

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_OUTPUT = re.compile(r"(Output only\. |\[Output Only\])")
_FORMATS: Mapping[str, str] = {
    "int64": r"-?\d+",
    "uint64": r"\d+",
    "byte": r"[A-Za-z0-9+/_-]*={0,2}",
    "google-datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "google-duration": r"-?\d+(\.\d{1,9})?s",
    "google-fieldmask": r"[A-Za-z0-9_.,]*",
}
"""Format of a string -> what it looks like."""


@dataclass(frozen=True, kw_only=True)
class Prose:
    """What Google says about its APIs outside of the documents; keys are `Schema.field`."""

    limits: Mapping[str, Limit]
    required: Mapping[str, str]
    """Field -> why a call without it fails."""
    optional: Mapping[str, str] = field(default_factory=dict)
    """Field that a document marks as required -> why a call without it works all the same."""


NO_PROSE = Prose(limits={}, required={})


@cache
def document(api: str) -> dict[str, Any]:
    """Return the discovery document of an API, `container.v1` for example."""
    return json.loads((_DOCUMENTS / f"{api}.json").read_text(encoding="utf-8"))


@cache
def methods(api: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the methods of an API by id, `compute.networks.insert` for example."""
    return {method["id"]: method for method in _methods_below(document(api))}


def problems(
    api: str,
    method: str,
    parameters: Mapping[str, Any],
    body: Mapping[str, Any] | None,
    prose: Prose = NO_PROSE,
) -> list[str]:
    """Return what the API would refuse in a call, one line each."""
    description = methods(api)[method]
    walk = _Walk(api, method, prose)
    walk.parameters(description.get("parameters", {}), parameters)
    if body is not None:
        request = description.get("request", {}).get("$ref", "")
        if request:
            walk.value({"$ref": request}, body, request, request)
        else:
            walk.found.append(f"{method}: got a body; it takes none")
    return walk.found


def _methods_below(level: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    below = level.get("resources", {}).values()
    return [*level.get("methods", {}).values()] + [
        method for resource in below for method in _methods_below(resource)
    ]


class _Walk:
    def __init__(self, api: str, method: str, prose: Prose) -> None:
        self.found: list[str] = []
        self._schemas = document(api)["schemas"]
        self._method = method
        self._prose = prose

    def parameters(self, known: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Collect the problems of what stands in the path and the query."""
        for name, schema in known.items():
            if schema.get("required") and name not in given:
                self.found.append(f"{self._method} {name}: missing; it is required")
        for name, value in given.items():
            if name in known:
                self.value(known[name], value, f"{self._method} {name}", f"{self._method}.{name}")
            else:
                self.found.append(f"{self._method} {name}: unknown")

    def value(self, schema: Mapping[str, Any], value: Any, path: str, field: str) -> None:
        """Collect the problems of one value; `field` is its place in the schemas."""
        if "$ref" in schema:
            name = schema["$ref"]
            self._object(self._schemas[name], value, path, name)
        elif not _is_of(schema, value):
            self.found.append(f"{path}: got {value!r}; it must be {_type_name(schema)}")
        else:
            self._by_type(schema, value, path, field)
        limit = self._prose.limits.get(field)
        if limit is not None:
            self.found += limit.problems(value, path)

    def _by_type(self, schema: Mapping[str, Any], value: Any, path: str, field: str) -> None:
        kind = schema.get("type")
        if kind == "array":
            for at, item in enumerate(value):
                self.value(schema["items"], item, f"{path}[{at}]", f"{field}[]")
        elif kind == "object":
            self._object(schema, value, path, field)
        elif kind == "string":
            self._string(schema, value, path)
        elif kind in ("integer", "number"):
            low, high = schema.get("minimum"), schema.get("maximum")
            self.found += bounds(value, _number(low), _number(high), path)

    def _object(self, schema: Mapping[str, Any], value: Any, path: str, name: str) -> None:
        if not isinstance(value, Mapping):
            self.found.append(f"{path}: got {value!r}; it must be an object")
            return
        known: Mapping[str, Any] = schema.get("properties", {})
        for key, below in known.items():
            reason = self._required(below, f"{name}.{key}")
            if reason and key not in value:
                self.found.append(f"{path}.{key}: missing; {reason}")
        others = schema.get("additionalProperties")
        for key, item in value.items():
            if key in known:
                self._property(known[key], item, f"{path}.{key}", f"{name}.{key}")
            elif others is not None:
                self.value(others, item, f"{path}.{key}", f"{name}{{}}")
            else:
                self.found.append(f"{path}.{key}: unknown to {name}")

    def _property(self, schema: Mapping[str, Any], value: Any, path: str, field: str) -> None:
        if schema.get("readOnly") or _OUTPUT.match(schema.get("description", "")):
            self.found.append(f"{path}: got {value!r}; it is an output only")
        self.value(schema, value, path, field)

    def _required(self, schema: Mapping[str, Any], field: str) -> str:
        if field in self._prose.optional:
            return ""
        if self._method in schema.get("annotations", {}).get("required", ()):
            return "it is required"
        return self._prose.required.get(field, "")

    def _string(self, schema: Mapping[str, Any], value: str, path: str) -> None:
        allowed = schema.get("enum")
        if allowed and value not in allowed:
            self.found.append(f"{path}: got {value!r}; allowed {', '.join(allowed)}")
        for pattern in (schema.get("pattern"), _FORMATS.get(schema.get("format", ""))):
            self.found += match(pattern, value, path)


_IS: Mapping[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
    "string": lambda value: isinstance(value, str),
}


def _is_of(schema: Mapping[str, Any], value: Any) -> bool:
    return _IS[schema["type"]](value)


def _type_name(schema: Mapping[str, Any]) -> str:
    shape = schema.get("format")
    return f"{schema['type']} ({shape})" if shape else schema["type"]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
