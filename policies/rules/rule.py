"""What a rule is: a question to one resource, or to all of a stack, answered in lines for people.

Rules know neither Pulumi nor an engine: properties come as plain data, in the spelling of the wire
(camelCase). They never quote a value from a place that may hold a secret.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Settings: TypeAlias = Mapping[str, Any]


class Unknown:
    """A value that a preview can't know; the `up` that follows asks again with the real one."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """A resource as the engine is about to make it."""

    type: str
    """Type token, such as `aws:eks/cluster:Cluster`."""
    props: Mapping[str, Any]
    name: str = ""
    provider: str = ""
    """URN of its provider, hence of its cluster; only told to rules about the whole stack."""

    @property
    def kind(self) -> str:
        """Last part of the type token."""
        return self.type.rpartition(":")[2]

    def get(self, path: str) -> Any:
        """Return the property at a dotted path; None where there is none."""
        return get(self.props, path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A question to one resource at a time."""

    name: str
    description: str
    check: Callable[[Resource, Settings], Iterable[str]]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON schema of each setting, with its default."""
    severity: str = "high"

    def judge(self, resource: Resource, given: Settings | None = None) -> list[str]:
        """Return a line per violation; settings that aren't given have their defaults."""
        return list(self.check(resource, _complete(self.settings, given)))


@dataclass(frozen=True, kw_only=True, slots=True)
class StackRule:
    """A question to all resources of a stack together."""

    name: str
    description: str
    check: Callable[[Sequence[Resource], Settings], Iterable[tuple[Resource, str]]]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    severity: str = "high"

    def judge(
        self, resources: Sequence[Resource], given: Settings | None = None
    ) -> list[tuple[Resource, str]]:
        """Return a line per violation, each with the resource it is told about."""
        return list(self.check(resources, _complete(self.settings, given)))


def texts(description: str, *default: str) -> Mapping[str, Any]:
    """Return the schema of a setting that is a list of texts."""
    return {
        "type": "array",
        "items": {"type": "string"},
        "description": description,
        "default": list(default),
    }


def whole(description: str, default: int) -> Mapping[str, Any]:
    """Return the schema of a setting that is a whole number."""
    return {"type": "integer", "minimum": 0, "description": description, "default": default}


def line(path: str, got: str, allowed: str, fix: str) -> str:
    """Return a violation as people read it."""
    return f"{path}: got {got}; allowed {allowed}; {fix}"


def get(value: Any, path: str) -> Any:
    """Return what stands at a dotted path; None where nothing does, UNKNOWN below an unknown."""
    for key in path.split("."):
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def items(value: Any) -> Sequence[Any]:
    """Return a list, empty where there is none or a preview can't know it."""
    return value if isinstance(value, list) else ()


def walk(value: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield path, key and value of everything below a property that has a key."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            at = f"{path}.{key}" if path else str(key)
            yield at, str(key), below
            yield from walk(below, at)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from walk(below, f"{path}[{number}]")


def decoded(text: str) -> str:
    """Return what base64 holds, as Kubernetes reads it; the text itself where it is none."""
    try:
        # Kubernetes skips the ends of lines.
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return text


def spell(value: Any) -> str:
    """Return a value that is no secret: numbers from the wire are floats, whole or not."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else repr(value)


def listed(values: Iterable[str]) -> str:
    """Return texts as a list for people."""
    return ", ".join(values) or "none"


def _complete(settings: Mapping[str, Mapping[str, Any]], given: Settings | None) -> Settings:
    return {name: schema["default"] for name, schema in settings.items()} | dict(given or {})
