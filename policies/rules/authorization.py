"""No AuthorizationPolicy that allows everybody: that takes back whatever others deny by default.

A rule without `from` is let through: what it opens to everybody, it names (paths, ports, hosts).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .rule import Resource, Rule, Settings, get, items, line, spell

_KIND: Final = "AuthorizationPolicy"
_WHOLE: Final = {
    "principals": ("*",),
    "namespaces": ("*",),
    "serviceAccounts": ("*", "*/*"),
    "ipBlocks": ("0.0.0.0/0", "::/0"),
    "remoteIpBlocks": ("0.0.0.0/0", "::/0"),
}
"""Fields of a source, and the values that mean everybody."""
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


def _sources(path: str, rule: Mapping[str, Any]) -> Iterator[str]:
    for at, origin in enumerate(items(rule.get("from"))):
        source = get(origin, "source")
        here = f"{path}.from[{at}].source"
        if isinstance(source, Mapping) and not any(source.values()):
            yield line(here, "an empty source, so everybody", "sources that name somebody", _FIX)
        for name, wild in _WHOLE.items():
            for value in items(get(source, name)):
                if value in wild:
                    yield line(f"{here}.{name}", spell(value), "names, no wildcard alone", _FIX)


NO_WILDCARD_AUTHORIZATION: Final = Rule(
    name="no-wildcard-authorization",
    description="No AuthorizationPolicy allows everybody.",
    check=_check,
)
