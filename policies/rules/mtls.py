"""Mutual TLS or nothing: no policy loosens it, and no mesh is without the one that demands it.

Without a policy Istio takes plain text beside TLS. One that is missing can't be seen in any single
resource: that question goes to the whole stack.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from .rule import UNKNOWN, Resource, Rule, Settings, StackRule, line, spell

_KIND: Final = "PeerAuthentication"
_RELEASES: Final = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")
_LOOSE: Final = ("DISABLE", "PERMISSIVE")
_ROOT: Final = {
    "rootNamespace": {
        "type": "string",
        "description": "Namespace whose policies hold for the whole mesh.",
        "default": "istio-system",
    }
}


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    if not _is_policy(resource):
        return
    mode = resource.get("spec.mtls.mode")
    if mode in _LOOSE:
        yield line("spec.mtls.mode", spell(mode), "'STRICT'", "take plain text away")
    elif _is_root(resource, settings) and mode not in ("STRICT", UNKNOWN):
        yield line("spec.mtls.mode", spell(mode), "'STRICT'", "say STRICT: the mesh inherits it")
    for port, one in _ports(resource):
        if isinstance(one, dict) and one.get("mode") in _LOOSE:
            path = f"spec.portLevelMtls.{port}.mode"
            yield line(path, spell(one["mode"]), "'STRICT'", "take plain text away")


def _check_stack(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    strict = {
        one.provider
        for one in resources
        if _is_policy(one)
        and _is_root(one, settings)
        and one.get("spec.mtls.mode") in ("STRICT", UNKNOWN)
    }
    for one in resources:
        if _is_istiod(one) and one.provider not in strict:
            root = settings["rootNamespace"]
            yield (
                one,
                line(
                    f"{_KIND} of the cluster",
                    "none that holds for the whole mesh",
                    f"one without a selector in {root}, mode STRICT",
                    "register it beside istiod",
                ),
            )


def _is_policy(resource: Resource) -> bool:
    return resource.type.startswith("kubernetes:security.istio.io/") and resource.kind == _KIND


def _is_root(resource: Resource, settings: Settings) -> bool:
    return resource.get("metadata.namespace") == settings["rootNamespace"] and not resource.get(
        "spec.selector"
    )


def _is_istiod(resource: Resource) -> bool:
    chart = resource.get("chart")
    return (
        resource.type in _RELEASES
        and isinstance(chart, str)
        and chart.rpartition("/")[2] == "istiod"
    )


def _ports(resource: Resource) -> Sequence[tuple[str, Any]]:
    ports = resource.get("spec.portLevelMtls")
    return list(ports.items()) if isinstance(ports, dict) else ()


STRICT_MTLS: Final = Rule(
    name="strict-mtls",
    description="No policy lets plain text in.",
    check=_check,
    settings=_ROOT,
    severity="critical",
)
MESH_WIDE_MTLS: Final = StackRule(
    name="mesh-wide-mtls",
    description="Every cluster with an istiod demands mutual TLS mesh-wide.",
    check=_check_stack,
    settings=_ROOT,
    severity="critical",
)
