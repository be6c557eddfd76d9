"""What a killed run was making in a cloud, and the commands that take it over.

A cloud goes on with what it was asked for, and nobody wrote down the id. Only its owner can see
whether it is there; then it is imported, for the next `up` would find its name taken, or make it
twice.
"""

import shlex
from collections.abc import Mapping
from typing import Any, Final

from .pending import CLOUDS, Resource, being_made, name_of

ID: Final = "ID"
"""What stands in a command for the id that the cloud gave, as the resource's SDK page has it."""


def imports(export: Mapping[str, Any], stack: str) -> tuple[str, ...]:
    """Return the command that takes over each resource that was being created in a cloud.

    Args:
        export: What `pulumi stack export` prints.
        stack: Name of the stack.
    """
    return tuple(_import(resource, stack) for resource in being_made(export, CLOUDS))


def _import(resource: Resource, stack: str) -> str:
    # The reference ends with the provider's id, the name begins behind the type.
    provider = str(resource["provider"]).rpartition("::")[0]
    words = [
        *("pulumi", "import", str(resource["type"]), name_of(resource), ID),
        *("--parent", f"parent={resource['parent']}", "--provider", f"provider={provider}"),
        # The program says what is protected, and there is no program to write.
        *("--protect=false", "--generate-code=false", "--stack", stack),
    ]
    return shlex.join(words)
