"""Checks the parameters of an AWS call against the service model that botocore ships.

botocore's own validator looks at neither enums nor patterns nor maxima, so the model is walked
here. Leaves out what the models do not say: which fields exclude each other, quotas, names that
are taken.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from botocore.loaders import Loader
from botocore.model import ServiceModel

from tests.support.limits import bounds, match

OPEN_ENUMS: Mapping[tuple[str, str], str] = {
    ("ec2", "InstanceType"): "a region has new types before the model lists them",
}
"""(service, shape) -> why a value outside the model's list is let through."""


Shape: TypeAlias = Any
"""A botocore shape; its cached properties defeat a type checker."""


@cache
def service(name: str) -> ServiceModel:
    """Return the model of a service, `eks` for example."""
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def input_of(service_name: str, operation: str) -> Shape:
    """Return the input shape of an operation, `CreateCluster` for example."""
    return service(service_name).operation_model(operation).input_shape


def problems(service_name: str, operation: str, params: Mapping[str, Any]) -> list[str]:
    """Return what the API would refuse in the parameters of a call, one line each."""
    found: list[str] = []
    _Walk(service_name, found).shape(input_of(service_name, operation), params, operation)
    return found


class _Walk:
    def __init__(self, service_name: str, found: list[str]) -> None:
        self._service = service_name
        self._found = found
        self._by_type: Mapping[str, Callable[[Any, Any, str], None]] = {
            "structure": self._structure,
            "list": self._list,
            "map": self._map,
            "string": self._string,
        }

    def shape(self, shape: Shape, value: Any, path: str) -> None:
        """Collect the problems of one value."""
        if not isinstance(value, _PYTHON[shape.type_name]) or _is_stray_bool(shape, value):
            self._found.append(f"{path}: got {value!r}; it must be {shape.type_name}")
            return
        check = self._by_type.get(shape.type_name)
        if check:
            check(shape, value, path)
        if shape.type_name in _SIZED:
            low, high = shape.metadata.get("min"), shape.metadata.get("max")
            self._found += bounds(value, low, high, path)

    def _structure(self, shape: Shape, value: Mapping[str, Any], path: str) -> None:
        known = shape.members
        for key in shape.required_members:
            if key not in value:
                self._found.append(f"{path}.{key}: missing; it is required")
        for key, item in value.items():
            if key not in known:
                self._found.append(f"{path}.{key}: unknown to {shape.name}")
            else:
                self.shape(known[key], item, f"{path}.{key}")
        if shape.is_tagged_union and len(value) != 1:
            self._found.append(f"{path}: got {sorted(value)}; exactly one of {sorted(known)}")

    def _list(self, shape: Shape, value: Sequence[Any], path: str) -> None:
        for at, item in enumerate(value):
            self.shape(shape.member, item, f"{path}[{at}]")

    def _map(self, shape: Shape, value: Mapping[str, Any], path: str) -> None:
        for key, item in value.items():
            self.shape(shape.key, key, f"{path} key {key!r}")
            self.shape(shape.value, item, f"{path}.{key}")

    def _string(self, shape: Shape, value: str, path: str) -> None:
        allowed = shape.metadata.get("enum")
        is_open = (self._service, shape.name) in OPEN_ENUMS
        if allowed and value not in allowed and not is_open:
            self._found.append(f"{path}: got {value!r}; allowed {', '.join(allowed)}")
        self._found += match(shape.metadata.get("pattern"), value, path)


_PYTHON: Mapping[str, Any] = {
    "structure": Mapping,
    "map": Mapping,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "blob": (bytes, str),
    "timestamp": (datetime.datetime, str),
}


_SIZED = ("map", "list", "string", "integer", "long", "float", "double", "blob")
"""Types whose minimum and maximum are about the number, or about how long the value is."""


def _is_stray_bool(shape: Shape, value: Any) -> bool:
    return isinstance(value, bool) and shape.type_name != "boolean"
