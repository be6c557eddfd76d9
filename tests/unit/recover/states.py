"""What `pulumi stack export` prints of a stack whose run was killed."""

from typing import Any

ENVIRONMENT = "urn:pulumi:prod::meshtier::meshtier:index:Environment"
PARENT = "urn:pulumi:prod::meshtier::meshtier:index:UserCluster::prod-shop"


def creating(type: str, name: str) -> dict[str, Any]:
    """A resource that was being created, by a provider of its own package."""
    package = type.partition(":")[0]
    provider = f"{ENVIRONMENT}$pulumi:providers:{package}::prod-{package}::id-1"
    resource = {"urn": urn(type, name), "type": type, "parent": PARENT, "provider": provider}
    return {"type": "creating", "resource": resource}


def urn(type: str, name: str) -> str:
    """The resource's URN."""
    return f"urn:pulumi:prod::meshtier::meshtier:index:UserCluster${type}::{name}"


def export(*pending: dict[str, Any], known: tuple[str, ...] = ()) -> dict[str, Any]:
    """The state, with these URNs in it."""
    resources = [{"urn": urn} for urn in known]
    return {"deployment": {"resources": resources, "pending_operations": list(pending)}}
