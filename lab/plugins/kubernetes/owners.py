"""Taking over the fields that an earlier tool set without server-side apply.

The API server books fields that were set by a plain request to another owner than fields that
were applied, even under the same name. Until they are booked to us, a field that the program
drops would stay. The official plugin takes the same owners over, by prefix, before it updates.
"""

from __future__ import annotations

from .. import wire
from .client import JSON_PATCH, Client

_UPDATED_BY = (
    "kubectl",
    "before-first-apply",
    "pulumi-kubernetes",
    "pulumi-resource-kubernetes",
)
"""Prefixes of those whose plain requests are taken over."""
_APPLIED_BY = ("kubectl",)


def _is_ours_to_take(entry: wire.Object) -> bool:
    if entry.get("subresource"):
        return False
    prefixes = _APPLIED_BY if entry.get("operation") == "Apply" else _UPDATED_BY
    return str(entry.get("manager", "")).startswith(prefixes)


def _union(one: wire.Object, other: wire.Object) -> wire.Object:
    merged = dict(one)
    for key, value in other.items():
        merged[key] = _union(merged[key], value) if key in merged else value
    return merged


def rebooked(entries: list[wire.Object], manager: str) -> list[wire.Object] | None:
    """`metadata.managedFields` with everything to take over booked to `manager`.

    None when there is nothing to take over.
    """
    taken = [entry for entry in entries if _is_ours_to_take(entry)]
    if not taken:
        return None
    ours = [
        entry
        for entry in entries
        if entry.get("manager") == manager and entry.get("operation") == "Apply"
    ]
    first = {**(ours or taken)[0], "manager": manager, "operation": "Apply"}
    first["fieldsV1"] = {}
    for entry in [*ours, *taken]:
        first["fieldsV1"] = _union(first["fieldsV1"], entry.get("fieldsV1") or {})
    return [first, *(entry for entry in entries if entry not in ours and entry not in taken)]


def would_take_over(live: wire.Object, manager: str) -> bool:
    """Whether `take_over` would change anything."""
    return rebooked(live["metadata"].get("managedFields") or [], manager) is not None


async def take_over(client: Client, path: str, live: wire.Object, manager: str) -> None:
    """Book the fields of earlier tools to `manager` on the server."""
    about = live["metadata"]
    entries = rebooked(about.get("managedFields") or [], manager)
    if entries is None:
        return
    patch = [
        {"op": "replace", "path": "/metadata/managedFields", "value": entries},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": about["resourceVersion"]},
    ]
    await client.request("PATCH", path, body=patch, content_type=JSON_PATCH)
