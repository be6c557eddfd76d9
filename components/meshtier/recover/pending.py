"""Reads from a stack's state what a killed run was making and didn't get to write down."""

from collections.abc import Iterator, Mapping, Sequence
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

    A resource that the state holds as well was finished, and is left out.
    """
    deployment = cast("Mapping[str, Any]", export.get("deployment") or {})
    resources = cast("Sequence[Resource]", deployment.get("resources") or ())
    known = {str(resource["urn"]) for resource in resources}
    found = {str(resource["urn"]): resource for resource in _creating(deployment)}
    return tuple(
        resource
        for urn, resource in found.items()
        if urn not in known and _provider(resource) in providers
    )


def name_of(resource: Resource) -> str:
    """Return the logical name."""
    return str(resource["urn"]).rpartition("::")[2]


def _creating(deployment: Mapping[str, Any]) -> Iterator[Resource]:
    pending = cast("Sequence[Mapping[str, Any]]", deployment.get("pending_operations") or ())
    for operation in pending:
        if operation.get("type") == "creating":
            yield cast("Resource", operation["resource"])


def _provider(resource: Resource) -> str:
    """Return the type of a resource's provider, empty without one.

    A reference is `urn:pulumi:STACK::PROJECT::PARENT$…$TYPE::NAME::ID`.
    """
    parts = str(resource.get("provider", "")).split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 2 else ""
