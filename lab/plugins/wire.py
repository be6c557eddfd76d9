"""Property values as they cross the wire between the engine and a plugin.

A decoded value is plain Python: None, bool, int, float, str, list, dict. Two things have a type
of their own: `UNKNOWN`, a value that only the update will know, and `Secret`, a value that must
stay encrypted in the state. Whole floats become ints, because a Struct has no integers.
Assets and archives stay the marked objects they are on the wire; no resource here takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

Value = Any
"""A decoded property value; `Any`, because JSON-shaped data has no useful static type."""
Object = dict[str, Any]
"""A decoded property object."""


class Unknown:
    """The type of `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __copy__(self) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must stay encrypted. Never nested directly in another `Secret`."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A resource given as a value (only in component inputs)."""

    urn: str
    id: Value = None
    package_version: str = ""


def secret(value: Value) -> Value:
    """Mark `value` as secret; None and what is secret already are returned as they are."""
    return value if value is None or isinstance(value, Secret) else Secret(value)


# Decoding


def decode(properties: struct_pb2.Struct) -> Object:
    """Decode a property object; keys whose value is null are dropped, as the engine does."""
    decoded = {key: _decode(value) for key, value in properties.fields.items()}
    return {key: value for key, value in decoded.items() if value is not None}


def _decode(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in _UNKNOWNS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_struct(value.struct_value)
    return None


def _decode_struct(properties: struct_pb2.Struct) -> Value:
    fields = properties.fields
    if _SIGNATURE not in fields:
        decoded = {key: _decode(value) for key, value in fields.items()}
        return {key: value for key, value in decoded.items() if value is not None}
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return secret(_decode(fields["value"]))
    if signature == _OUTPUT:
        inner = _decode(fields["value"]) if "value" in fields else UNKNOWN
        return secret(inner) if "secret" in fields and fields["secret"].bool_value else inner
    if signature == _RESOURCE:
        return Reference(
            urn=fields["urn"].string_value,
            id=_decode(fields["id"]) if "id" in fields else None,
            package_version=fields["packageVersion"].string_value
            if "packageVersion" in fields
            else "",
        )
    return {key: _decode(value) for key, value in fields.items()}


# Encoding


def encode(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """Encode a property object; the opposite of `decode`."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        _encode(value, struct.fields[key])
    return struct


def _encode(value: Value, into: struct_pb2.Value) -> None:
    if value is None:
        into.null_value = struct_pb2.NullValue.NULL_VALUE
    elif isinstance(value, bool):
        into.bool_value = value
    elif isinstance(value, str):
        into.string_value = value
    elif isinstance(value, int | float):
        into.number_value = value
    elif isinstance(value, Mapping):
        into.struct_value.SetInParent()
        for key, item in value.items():
            _encode(item, into.struct_value.fields[str(key)])
    elif isinstance(value, list | tuple):
        into.list_value.SetInParent()
        for item in value:
            _encode(item, into.list_value.values.add())
    else:
        _encode_marked(value, into)


def _encode_marked(value: Value, into: struct_pb2.Value) -> None:
    if isinstance(value, Unknown):
        into.string_value = _UNKNOWN_STRING
    elif isinstance(value, Secret):
        into.struct_value.fields[_SIGNATURE].string_value = _SECRET
        _encode(value.value, into.struct_value.fields["value"])
    elif isinstance(value, Reference):
        fields = into.struct_value.fields
        fields[_SIGNATURE].string_value = _RESOURCE
        fields["urn"].string_value = value.urn
        if value.id is not None:
            _encode(value.id, fields["id"])
        if value.package_version:
            fields["packageVersion"].string_value = value.package_version
    else:
        raise TypeError(f"a {type(value).__name__} has no form on the wire")


# Secrets and unknowns inside a value


def reveal(value: Value) -> Value:
    """A copy of `value` without any `Secret` around its parts."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def seal(value: Value, like: Value) -> Value:
    """`value`, where every part is secret whose counterpart in `like` is secret.

    A list element has its counterpart at the same index; when the lengths differ, nobody knows
    which element is which, so a list with any secret element becomes secret as a whole.
    """
    if isinstance(like, Secret):
        return secret(reveal(value))
    if isinstance(value, Secret):
        return value
    if isinstance(value, dict) and isinstance(like, dict):
        return {k: seal(item, like[k]) if k in like else item for k, item in value.items()}
    if isinstance(value, list) and isinstance(like, list):
        if len(value) != len(like):
            return secret(reveal(value)) if any(has_secret(item) for item in like) else value
        return [seal(item, other) for item, other in zip(value, like, strict=True)]
    return value


def _any(value: Value, wanted: Callable[[Value], bool]) -> bool:
    if wanted(value):
        return True
    if isinstance(value, Secret):
        return _any(value.value, wanted)
    items: Iterable[Value] = ()
    if isinstance(value, dict):
        items = value.values()
    elif isinstance(value, list):
        items = value
    return any(_any(item, wanted) for item in items)


def has_secret(value: Value) -> bool:
    """Whether any part of `value` is secret."""
    return _any(value, lambda part: isinstance(part, Secret))


def has_unknown(value: Value) -> bool:
    """Whether any part of `value` is unknown."""
    return _any(value, lambda part: isinstance(part, Unknown))
