"""Reads from a stack's state what a killed run was making and didn't get to write down."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

CLUSTERS: Final = frozenset({"pulumi:providers:kubernetes"})
CLOUDS: Final = frozenset({"pulumi:providers:aws", "pulumi:providers:gcp"})

Resource = Mapping[str, Any]
"""A resource as the state has it."""


def being_made(export: Mapping[str, Any], providers: frozenset[str]) -> tuple[Resource, ...]:
    """Return what was being created by providers of these types, each resource once.

    Args:
        export: What `pulumi stack export` prints.
        providers: `CLUSTERS` or `CLOUDS`.

    A resource that was recorded after all, by a later run, is left out.
    """
    found = {
        str(resource["urn"]): resource
        for resource in _creating(export)
        if _provider(resource) in providers
        and not _recorded(resource, to_be_replaced(export, resource))
    }
    return tuple(found.values())


def to_be_replaced(export: Mapping[str, Any], resource: Resource) -> Resource | None:
    """Return what the state has in the place of a resource that was being created, if anything.

    Replacing create-first that is the resource in use; delete-first it is gone from its provider,
    and `pendingReplacement`. What only waits for its deletion takes no place.
    """
    for held in cast("Sequence[Resource]", _deployment(export).get("resources") or ()):
        if held["urn"] == resource["urn"] and not held.get("delete"):
            return held
    return None


def name_of(resource: Resource) -> str:
    """Return the logical name."""
    return str(resource["urn"]).rpartition("::")[2]


def type_and_name(resource: Resource) -> str:
    """Return how a resource is shown to people."""
    return f"{resource['type']} {name_of(resource)}"


def _recorded(resource: Resource, held: Resource | None) -> bool:
    if held is None:
        return False
    # To its replacement the engine hands on when a resource was created, until that is made. So
    # what has no time replaced nothing. Inputs tell less: a later update changes them.
    begun = str(resource.get("created", ""))
    return not begun or _time(str(held.get("created", begun))) > _time(begun)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _deployment(export: Mapping[str, Any]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", export.get("deployment") or {})


def _creating(export: Mapping[str, Any]) -> Iterator[Resource]:
    pending = cast(
        "Sequence[Mapping[str, Any]]", _deployment(export).get("pending_operations") or ()
    )
    for operation in pending:
        if operation.get("type") == "creating":
            yield cast("Resource", operation["resource"])


def _provider(resource: Resource) -> str:
    """Return the type of a resource's provider, empty without one.

    A reference is `urn:pulumi:STACK::PROJECT::PARENT$…$TYPE::NAME::ID`.
    """
    parts = str(resource.get("provider", "")).split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 2 else ""
