"""No AuthorizationPolicy that allows everybody: that takes back whatever others deny by default.

A rule without `from` is let through where it names what everybody may do (paths, ports, hosts).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .rule import Resource, Rule, Settings, get, items, line, spell

_KIND: Final = "AuthorizationPolicy"
_EVERYBODY: Final = {
    "principals": ("*",),
    "namespaces": ("*",),
    "serviceAccounts": ("*", "*/*"),
}
"""Fields of a source, and the values that mean everybody."""
_RANGES: Final = ("ipBlocks", "remoteIpBlocks")
"""Fields of a source that hold ranges; everybody is in one without a prefix."""
_EVERYTHING: Final = {"hosts": ("*",), "methods": ("*",), "paths": ("*", "/*")}
"""Fields of an operation, and the values that mean everything."""
_FIX: Final = "name who needs it"


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    if not resource.type.startswith("kubernetes:security.istio.io/") or resource.kind != _KIND:
        return
    if resource.get("spec.action") not in (None, "ALLOW"):
        return
    for at, rule in enumerate(items(resource.get("spec.rules"))):
        path = f"spec.rules[{at}]"
        if isinstance(rule, Mapping) and not any(rule.values()):
            yield line(path, "an empty rule, so every request", "rules with a source", _FIX)
        elif isinstance(rule, Mapping):
            yield from _sources(path, rule)
            yield from _operations(path, rule)


def _sources(path: str, rule: Mapping[str, Any]) -> Iterator[str]:
    for at, origin in enumerate(items(rule.get("from"))):
        source = get(origin, "source")
        here = f"{path}.from[{at}].source"
        if isinstance(source, Mapping) and not any(source.values()):
            yield line(here, "an empty source, so everybody", "sources that name somebody", _FIX)
        for name in (*_EVERYBODY, *_RANGES):
            for value in items(get(source, name)):
                if value in _EVERYBODY.get(name, ()) or _is_whole(name, value):
                    yield line(f"{here}.{name}", spell(value), "names, no wildcard alone", _FIX)


def _is_whole(name: str, value: Any) -> bool:
    return name in _RANGES and isinstance(value, str) and value.endswith("/0")


def _operations(path: str, rule: Mapping[str, Any]) -> Iterator[str]:
    if rule.get("from") or rule.get("when"):
        return
    for at, one in enumerate(items(rule.get("to"))):
        if _is_everything(get(one, "operation")):
            allowed = "a source, or operations that name something"
            yield line(f"{path}.to[{at}]", "everything, to everybody", allowed, _FIX)


def _is_everything(operation: Any) -> bool:
    return isinstance(operation, Mapping) and all(
        any(value in _EVERYTHING.get(name, ()) for value in items(values))
        for name, values in operation.items()
        if values
    )


NO_WILDCARD_AUTHORIZATION: Final = Rule(
    name="no-wildcard-authorization",
    description="No AuthorizationPolicy allows everybody.",
    check=_check,
)
