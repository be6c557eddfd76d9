"""A Release's inputs: their defaults, the name nobody gave, and what is computed from the chart."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any, Final

import yaml

from lab.plugins import wire
from lab.plugins.contract import Call

DEFAULT_TIMEOUT: Final = 300
"""Seconds that helm waits for a release to become ready."""

FLAGS: Final = (
    "allowNullValues",
    "atomic",
    "cleanupOnFail",
    "createNamespace",
    "dependencyUpdate",
    "devel",
    "disableCRDHooks",
    "disableOpenapiValidation",
    "disableWebhooks",
    "forceUpdate",
    "lint",
    "recreatePods",
    "renderSubchartNotes",
    "replace",
    "resetValues",
    "reuseValues",
    "skipAwait",
    "skipCrds",
    "takeOwnership",
    "verify",
    "waitForJobs",
)
_TEXTS: Final = ("chart", "description", "keyring", "name", "namespace", "postrender", "version")
_EMPTY: Final[dict[str, Any]] = {
    **dict.fromkeys(FLAGS, False),
    **dict.fromkeys(_TEXTS, ""),
    "timeout": 0,
    "values": {},
}
"""What a field that nobody set holds in the state, as the official plugin writes it."""
_OPTIONAL: Final = ("maxHistory", "repositoryOpts")
_UNSUPPORTED: Final = ("postrender", "valueYamlFiles")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def completed(call: Call, namespace: str) -> wire.Object:
    """The inputs with every default, a name included."""
    given = {
        key: value
        for key, value in call.inputs.items()
        if key in _EMPTY or key in _OPTIONAL or key in _UNSUPPORTED
    }
    inputs: wire.Object = {**_EMPTY, **given}
    if not inputs["name"]:
        inputs["name"] = call.old_inputs.get("name") or _made_up_name(call)
    inputs["namespace"] = inputs["namespace"] or namespace
    # Unknown or true: nobody waits, so no time is written down. A given 0 stays.
    if inputs["skipAwait"] is False and "timeout" not in given:
        inputs["timeout"] = DEFAULT_TIMEOUT
    return inputs


def _made_up_name(call: Call) -> str:
    seed = call.seed or secrets.token_bytes(16)
    return f"{call.name}-{hashlib.sha256(seed + call.urn.encode()).hexdigest()[:8]}"


def failures(inputs: wire.Object) -> list[tuple[str, str]]:
    """What this stand-in can't do, so that nobody takes it for done."""
    return [
        (key, f"{key} is not supported by the kubernetes stand-in plugin")
        for key in _UNSUPPORTED
        if inputs.get(key)
    ]


def seconds(inputs: wire.Object) -> int:
    """How long helm may wait."""
    return int(inputs.get("timeout") or DEFAULT_TIMEOUT)


def documents(manifest: str) -> Iterator[wire.Object]:
    """The objects of a rendered chart; documents that hold none are left out."""
    for document in yaml.load_all(manifest, Loader=_LOADER):
        if isinstance(document, dict) and document.get("kind"):
            yield document


def resource_names(manifest: str) -> dict[str, list[str]]:
    """`namespace/name` of each object by `Kind.group/apiVersion`."""
    names: dict[str, set[str]] = {}
    for each in documents(manifest):
        version = str(each.get("apiVersion", ""))
        group = version.partition("/")[0] if "/" in version else ""
        kind = f"{each['kind']}.{group}" if group else str(each["kind"])
        metadata = each.get("metadata") or {}
        name, namespace = str(metadata.get("name", "")), metadata.get("namespace")
        key = f"{kind}/{version}"
        names.setdefault(key, set()).add(f"{namespace}/{name}" if namespace else name)
    return {key: sorted(names[key]) for key in sorted(names)}


def merged(under: wire.Value, over: wire.Value) -> wire.Value:
    """Two trees of values as one; `over` wins where both have a leaf."""
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return {
        **under,
        **{
            key: merged(under[key], value) if key in under else value for key, value in over.items()
        },
    }
