"""Reads from a stack's state what a killed run was making in a cloud, which may be there by now.

A cloud goes on with what it was asked for, and nobody wrote down the id. Only its owner can see
whether it is there; then it is imported, for the next `up` would find its name taken, or make it
twice.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

PROVIDERS: Final = ("pulumi:providers:aws", "pulumi:providers:gcp")
ID: Final = "ID"
"""What stands in a command for the id that the cloud gave, as the resource's SDK page has it."""


def imports(export: Mapping[str, Any], stack: str) -> tuple[str, ...]:
    """Return the command that takes over each resource that was being created in a cloud.

    A resource that the state holds as well was finished, and is left out.
    """
    deployment = cast("Mapping[str, Any]", export.get("deployment") or {})
    resources = cast("Sequence[Mapping[str, Any]]", deployment.get("resources") or ())
    known = {str(resource["urn"]) for resource in resources}
    found = {
        str(resource["urn"]): _import(resource, stack)
        for resource in _creating(deployment)
        if resource["urn"] not in known
    }
    return tuple(found.values())


def _creating(deployment: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    pending = cast("Sequence[Mapping[str, Any]]", deployment.get("pending_operations") or ())
    for operation in pending:
        resource = cast("Mapping[str, Any]", operation["resource"])
        if operation.get("type") == "creating" and _provider(resource) in PROVIDERS:
            yield resource


def _provider(resource: Mapping[str, Any]) -> str:
    """Return the type of a resource's provider, empty without one.

    A reference is `urn:pulumi:STACK::PROJECT::PARENT$…$TYPE::NAME::ID`.
    """
    parts = str(resource.get("provider", "")).split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 2 else ""


def _import(resource: Mapping[str, Any], stack: str) -> str:
    # The reference ends with the provider's id, the name begins behind the type.
    provider = str(resource["provider"]).rpartition("::")[0]
    name = str(resource["urn"]).rpartition("::")[2]
    words = [
        *("pulumi", "import", str(resource["type"]), name, ID),
        *("--parent", f"parent={resource['parent']}", "--provider", f"provider={provider}"),
        # The program says what is protected, and there is no program to write.
        *("--protect=false", "--generate-code=false", "--stack", stack),
    ]
    return shlex.join(words)
