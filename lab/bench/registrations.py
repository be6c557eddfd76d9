"""What a program registered, read from its state or a preview: enough to register the same.

Only what the program itself passed counts: inputs that a plugin filled in are left to the plugin,
components to nobody. The result holds secrets in plain text and is written for its owner only.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..toolchain import CHECKOUT

Resource = Mapping[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_RELEASE: Final = "kubernetes:helm.sh/v3:Release"
SECRET_MARK: Final = "$secret"
"""Key under which a registration holds a secret value."""
MARKS: Final = ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]")
"""What a preview shows in place of a value that is unknown, or secret."""


def registrations(
    resources: Sequence[Resource], *, previewed: bool = False
) -> list[dict[str, Any]]:
    """The raw resources of an export with its secrets shown, in an order that registers.

    Those of a preview carry marks where something is unknown or secret: only there they are late.
    """
    raw = {one["urn"]: one for one in resources if one.get("custom")}
    return [
        {
            "type": one["type"],
            "name": name_of(urn),
            "inputs": _inputs(one),
            "late": _late(one, raw, only_marked=previewed),
            "provider": name_of(provider) if (provider := provider_of(one)) else None,
            "depends_on": [name_of(urn) for urn in one.get("dependencies", ()) if urn in raw],
        }
        for urn, one in raw.items()
    ]


def write(path: Path, found: Sequence[Mapping[str, Any]]) -> None:
    """Write registrations; mode 0600 from the first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(found, handle)


def name_of(urn: str) -> str:
    """Logical name."""
    return urn.rsplit("::", 1)[1]


def provider_of(resource: Resource) -> str | None:
    """URN of the provider that a resource names."""
    reference = resource.get("provider")
    return reference.rpartition("::")[0] if reference else None


def _inputs(resource: Resource) -> dict[str, Any]:
    """What the program passed: the engine keeps dependencies for exactly those properties."""
    passed = resource.get("propertyDependencies", {})
    kept = {
        key: _plain(value)
        for key, value in resource.get("inputs", {}).items()
        # The SDK's own class adds `compat` by itself.
        if key in passed and key != "compat"
    }
    if resource["type"].startswith("pulumi:providers:"):
        kept = {key: _switch(value) for key, value in kept.items()}
    if resource["type"] == _RELEASE and str(kept.get("chart", "")).startswith("./"):
        # Relative to the program, and the other program is elsewhere.
        kept["chart"] = str(CHECKOUT / kept["chart"])
    return kept


def _late(
    resource: Resource, raw: Mapping[str, Resource], *, only_marked: bool
) -> dict[str, list[str]]:
    """Inputs that came from other resources, hence unknown before those exist; and from which."""
    sources = resource.get("propertyDependencies", {})
    inputs = resource.get("inputs", {})
    named = {key: [name_of(urn) for urn in urns if urn in raw] for key, urns in sources.items()}
    return {
        key: names
        for key, names in named.items()
        if names and (not only_marked or _is_marked(inputs.get(key)))
    }


def _is_marked(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_marked(one) for one in value.values())
    if isinstance(value, list):
        return any(_is_marked(one) for one in value)
    return value in MARKS


def _switch(value: Any) -> Any:
    # Providers get every value as text; their classes take switches, lists and objects.
    if not isinstance(value, str) or value[:1] not in ("t", "f", "[", "{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get(_SIGNATURE) == _SECRET:
        return {SECRET_MARK: json.loads(value["plaintext"])}
    return {key: _plain(one) for key, one in value.items()}
