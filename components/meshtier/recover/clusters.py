"""What a killed run was making in clusters, and the `up` that takes it over.

Unlike a cloud, a cluster knows each object by the name that the program gives it. So nothing need
be imported: an `up` that may write over what exists finds it, or makes it.
"""

import shlex
from collections.abc import Mapping
from typing import Any

from ..spec.model import UPSERT
from .pending import CLUSTERS, being_made, type_and_name


def unwritten(export: Mapping[str, Any]) -> tuple[str, ...]:
    """Return type and logical name of what was being created in clusters.

    Args:
        export: What `pulumi stack export` prints.
    """
    return tuple(map(type_and_name, being_made(export, CLUSTERS)))


def next_up(stack: str, *, takes_over: bool) -> str:
    """Return the `up` that goes on.

    Args:
        stack: Name of the stack.
        takes_over: Whether it may write over objects and releases that exist.
    """
    switch = f"{UPSERT}=true " if takes_over else ""
    return f"{switch}pulumi up --stack {shlex.quote(stack)}"
