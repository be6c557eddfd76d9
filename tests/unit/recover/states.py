"""What `pulumi stack export` prints of a stack whose run was killed."""

from collections.abc import Mapping
from typing import Any

ENVIRONMENT = "urn:pulumi:prod::meshtier::meshtier:index:Environment"
PARENT = "urn:pulumi:prod::meshtier::meshtier:index:UserCluster::prod-shop"


def creating(type: str, name: str, *, replaces: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A resource that was being created, by a provider of its own package.

    In place of another it carries that one's time over.
    """
    package = type.partition(":")[0]
    provider = f"{ENVIRONMENT}$pulumi:providers:{package}::prod-{package}::id-1"
    resource = {"urn": urn(type, name), "type": type, "parent": PARENT, "provider": provider}
    if replaces:
        resource["created"] = replaces["created"]
    return {"type": "creating", "resource": resource}


def held(type: str, name: str, created: str, **more: object) -> dict[str, Any]:
    """A resource that the state has."""
    return {"urn": urn(type, name), "type": type, "id": "id-2", "created": created, **more}


def urn(type: str, name: str) -> str:
    """The resource's URN."""
    return f"urn:pulumi:prod::meshtier::meshtier:index:UserCluster${type}::{name}"


def export(*pending: dict[str, Any], known: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """The state, with these resources in it."""
    return {"deployment": {"resources": list(known), "pending_operations": list(pending)}}
