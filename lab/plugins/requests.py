"""Requests of the engine, decoded into what handlers take."""

from __future__ import annotations

from typing import Any

from . import wire
from .contract import Call, Construction


def call(request: Any) -> Call:
    """Decode any of the calls about one resource."""
    verb = request.DESCRIPTOR.name
    fields = request.DESCRIPTOR.fields_by_name

    def properties(field: str) -> wire.Object:
        return wire.decode(getattr(request, field)) if field in fields else {}

    old_inputs = properties("old_inputs")
    if verb == "CheckRequest":
        inputs, old_inputs, old = properties("news"), properties("olds"), {}
    elif verb == "ReadRequest":
        inputs = old_inputs = properties("inputs")
        old = properties("properties")
    elif verb == "DeleteRequest":
        inputs, old = old_inputs, properties("properties")
    elif verb == "CreateRequest":
        inputs, old = properties("properties"), {}
    else:
        inputs, old = properties("news"), properties("olds")
    return Call(
        urn=request.urn,
        # Older engines leave type and name out; the URN ends with both.
        type=request.type or request.urn.split("::")[-2].split("$")[-1],
        name=request.name or request.urn.split("::")[-1],
        id=getattr(request, "id", ""),
        inputs=inputs,
        old_inputs=old_inputs,
        old=old,
        ignore_changes=tuple(getattr(request, "ignoreChanges", ())),
        preview=getattr(request, "preview", False),
        timeout=getattr(request, "timeout", 0.0),
        seed=getattr(request, "randomSeed", b""),
    )


def construction(request: Any) -> Construction:
    """Decode a component's Construct call."""
    return Construction(
        type=request.type,
        name=request.name,
        parent=request.parent,
        inputs=wire.decode(request.inputs),
        project=request.project,
        stack=request.stack,
        preview=request.dryRun,
        parallel=request.parallel,
        monitor=request.monitorEndpoint,
        providers=dict(request.providers),
        protect=request.protect,
        aliases=tuple(request.aliases),
        retain_on_delete=request.retainOnDelete,
        deleted_with=request.deletedWith,
    )
