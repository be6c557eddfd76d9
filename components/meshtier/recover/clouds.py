"""What a killed run was making in a cloud, and the commands that take it over.

A cloud goes on with what it was asked for, and nobody wrote down the id. Only its owner can see
whether it is there; then it is imported, for the next `up` would find its name taken, or make it
twice.

What was to replace another can't be imported: the engine has that one under the name, even where it
is deleted already. There only the owner can delete what no state knows.
"""

import shlex
from collections.abc import Mapping
from typing import Any, Final

from .pending import CLOUDS, Resource, being_made, name_of, to_be_replaced, type_and_name

ID: Final = "ID"
"""What stands in a command for the id that the cloud gave, as the resource's SDK page has it."""


def imports(export: Mapping[str, Any], stack: str) -> tuple[str, ...]:
    """Return the command that takes over each resource that was being created in a cloud.

    Args:
        export: What `pulumi stack export` prints.
        stack: Name of the stack.

    What was to replace another is among the `leftovers` instead.
    """
    return tuple(
        _import(resource, stack)
        for resource in being_made(export, CLOUDS)
        if to_be_replaced(export, resource) is None
    )


def leftovers(export: Mapping[str, Any]) -> tuple[str, ...]:
    """Return type and logical name of what was being created in a cloud to replace another.

    Args:
        export: What `pulumi stack export` prints.

    Where the other is in use still, its id comes with it: it must not be taken for the new one.
    """
    found = ((made, to_be_replaced(export, made)) for made in being_made(export, CLOUDS))
    return tuple(_leftover(made, held) for made, held in found if held is not None)


def _leftover(made: Resource, held: Resource) -> str:
    shown = type_and_name(made)
    if held.get("pendingReplacement"):
        return shown
    return f"{shown}; keep {held['id']}, which it was to replace"


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
