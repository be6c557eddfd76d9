"""The life of a resource in the cloud: one implementation for every type of every table."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from lab.plugins import compare, wire
from lab.plugins.contract import (
    Call,
    Change,
    Checked,
    Created,
    Difference,
    Found,
    InitFailed,
    PluginError,
    Session,
)

from . import checking, refusals
from .model import Kind, Making, Place, first, put, seed
from .shapes import Shapes
from .store import Cloud, Fault, Record, Values

_SUFFIX_DIGITS: Final = 7
_INVENTED: Final = "__defaults"
_LABELS: Final = ("tagsAll", "effectiveLabels")


class Provider(Protocol):
    """What a handler asks its plugin for."""

    session: Session
    shapes: Shapes
    kinds: Mapping[str, Kind]

    @property
    def cloud(self) -> Cloud: ...

    @property
    def place(self) -> Place: ...

    def complete(self, type: str, outputs: Values) -> None:
        """Add what the provider gives every resource: its place, and the labels in effect."""
        ...


class CloudHandler:
    """The life of the resources of one type; see `contract.Handler`."""

    def __init__(self, type: str, provider: Provider) -> None:
        self._type = type
        self._kind = provider.kinds[type]
        self._provider = provider

    @property
    def _cloud(self) -> Cloud:
        return self._provider.cloud

    async def check(self, call: Call) -> Checked:
        """The inputs, with the physical name that the provider invents."""
        inputs = dict(call.inputs)
        faults = checking.faults(self._kind, self._provider.shapes, self._type, call)
        named = self._kind.named
        if named and named not in inputs:
            inputs[named] = self._invented(call)
            inputs[_INVENTED] = [named]
        return Checked(inputs=inputs, failures=faults)

    def _invented(self, call: Call) -> str:
        if self._kind.named in call.old_inputs.get(_INVENTED, []):
            return call.old_inputs[self._kind.named]
        digest = hashlib.sha256(call.seed or call.urn.encode()).hexdigest()
        return f"{call.name}-{digest[:_SUFFIX_DIGITS]}"

    async def diff(self, call: Call) -> Difference:
        """Every changed input, and default tags or labels that the provider has changed."""
        # What nobody asked for shows in the outputs only, and there a refresh has put the truth.
        shown = {key: call.old[key] for key in self._kind.defaults if key in call.old}
        old = self._with_defaults({**shown, **call.old_inputs})
        new = self._with_defaults(call.inputs)
        found = compare.differences(old, new)
        if not found:
            wanted = self._updated(call, preview=True)
            for key in _LABELS:
                both = (wire.reveal(call.old.get(key)), wire.reveal(wanted.get(key)))
                steps = compare.differences(*both)
                found |= {(key, *path): change for path, change in steps.items()}
        changes = {
            compare.join(path): change.replacing() if self._replaces(path, change) else change
            for path, change in compare.without(found, call.ignore_changes).items()
        }
        # Two resources can't have one name at a time: with a chosen one the old goes first.
        chosen = bool(self._kind.named) and _INVENTED not in call.inputs
        return Difference(changes=changes, delete_before_replace=chosen)

    def _replaces(self, path: compare.Path, change: Change) -> bool:
        kept = self._kind.keeps if change is Change.DELETE else ()
        patterns = map(compare.parse, (*self._kind.replaces, *kept))
        return any(compare.covers(pattern, path) for pattern in patterns)

    async def create(self, call: Call) -> Created:
        """Make the resource."""
        if call.preview:
            return Created(id="", outputs=self._previewed(call))
        record = await self._ask(call, "create", lambda: self._make(call))
        return Created(id=record.id, outputs=wire.seal(record.outputs, call.inputs))

    async def read(self, call: Call) -> Found | None:
        """The resource as it is; with no inputs given, as an import wants it."""
        record = self._cloud.find(self._type, call.id)
        if record is None:
            return None
        asked = call.inputs or record.inputs
        inputs = {key: record.inputs[key] for key in asked if key in record.inputs}
        if _INVENTED in asked:
            inputs[_INVENTED] = asked[_INVENTED]
        outputs = wire.seal(record.outputs, call.old)
        return Found(id=call.id, outputs=outputs, inputs=wire.seal(inputs, call.inputs))

    async def update(self, call: Call) -> wire.Object:
        """Change the resource in place."""
        if call.preview:
            return self._updated(call, preview=True)
        record = await self._ask(call, "update", lambda: self._change(call))
        return wire.seal(record.outputs, call.inputs)

    async def delete(self, call: Call) -> None:
        """Take the resource away; one that is gone already is fine."""
        await self._ask(call, "delete", lambda: self._remove(call))

    async def _ask(self, call: Call, operation: str, act: Callable[[], Record]) -> Record:
        """Make one call to the cloud, with what is to go wrong with it."""
        about = {"type": self._type, "name": call.name}
        self._cloud.log("begun", operation, **about, id=call.id)
        fault = self._cloud.fault(operation, self._type, call.name) or Fault()
        try:
            if not fault.arrives:
                await self._suffer(fault)
            with self._cloud.alone():
                record = act()
            if fault.arrives:
                await self._suffer_late(fault, record, call, operation)
        except PluginError:
            self._cloud.log("failed", operation, **about, id=call.id)
            raise
        self._cloud.log("done", operation, **about, id=record.id)
        return record

    async def _suffer(self, fault: Fault) -> None:
        if fault.delay:
            try:
                await asyncio.wait_for(self._provider.session.stop.wait(), fault.delay)
                raise PluginError("cancelled")
            except TimeoutError:
                pass
        if fault.error:
            raise PluginError(fault.error)

    async def _suffer_late(self, fault: Fault, record: Record, call: Call, operation: str) -> None:
        """The cloud has done what it was asked; only the plugin doesn't get to know."""
        try:
            await self._suffer(fault)
        except PluginError as error:
            if operation == "delete":
                raise
            raise InitFailed(
                str(error),
                id=record.id,
                outputs=wire.seal(record.outputs, call.inputs),
                reasons=[str(error)],
            ) from error

    # What the cloud does; under its lock

    def _make(self, call: Call) -> Record:
        making = self._making(call)
        refusals.raise_for_new(self._provider.kinds, self._type, making)
        making.id = str(self._kind.id(making))
        refusals.raise_for_taken(self._kind, self._type, making)
        making.outputs = copy.deepcopy(making.inputs)
        for path, compute in self._kind.outputs.items():
            put(making.outputs, path, compute(making))
        self._provider.complete(self._type, making.outputs)
        for one in self._kind.companions(making) if self._kind.companions else ():
            self._cloud.write(dataclasses.replace(one, owner=making.id))
        record = Record(
            type=self._type,
            id=making.id,
            place=making.project,
            name=call.name,
            urn=call.urn,
            inputs=self._plain(call.inputs),
            outputs=making.outputs,
        )
        self._cloud.write(record)
        return record

    def _change(self, call: Call) -> Record:
        record = self._cloud.find(self._type, call.id)
        if record is None:
            raise PluginError(f"updating {call.name}: {call.id} not found")
        making = self._making(call)
        making.id, making.outputs = record.id, copy.deepcopy(record.outputs)
        outputs = wire.reveal(self._updated(call, preview=False))
        for path in self._kind.changing:
            put(outputs, path, self._kind.outputs[path](making))
        changed = dataclasses.replace(record, inputs=self._plain(call.inputs), outputs=outputs)
        self._cloud.write(changed)
        return changed

    def _remove(self, call: Call) -> Record:
        record = self._cloud.find(self._type, call.id)
        if record is None:
            return Record(type=self._type, id=call.id, place="")
        refusals.raise_for_held(self._provider.kinds, self._kind, self._cloud, record)
        for one in self._cloud.all() if self._kind.companions else ():
            if one.owner == record.id:
                self._cloud.remove(one)
        self._cloud.remove(record)
        return record

    def _making(self, call: Call) -> Making:
        begun = self._cloud.operations("create", step="begun")
        generation = sum((one.type, one.name) == (self._type, call.name) for one in begun)
        return Making(
            cloud=self._cloud,
            place=self._provider.place,
            type=self._type,
            name=call.name,
            urn=call.urn,
            inputs=self._with_defaults(self._plain(call.inputs)),
            seed=seed(call.urn, generation),
        )

    # Outputs

    def _plain(self, inputs: wire.Object) -> Values:
        return {key: item for key, item in wire.reveal(inputs).items() if key != _INVENTED}

    def _with_defaults(self, inputs: wire.Object) -> wire.Object:
        wanted = {**copy.deepcopy(dict(self._kind.defaults)), **inputs}
        wanted.pop(_INVENTED, None)
        return wanted

    def _previewed(self, call: Call) -> wire.Object:
        outputs = self._with_defaults(copy.deepcopy(wire.reveal(call.inputs)))
        for key in self._provider.shapes.outputs(self._type):
            outputs[key] = wire.UNKNOWN
        for path in self._kind.outputs:
            put(outputs, path, wire.UNKNOWN)
        self._provider.complete(self._type, outputs)
        return wire.seal(outputs, call.inputs)

    def _updated(self, call: Call, *, preview: bool) -> wire.Object:
        """The outputs after an update: the inputs, and what was computed at the creation."""
        old = wire.reveal(call.old)
        outputs = self._with_defaults(copy.deepcopy(wire.reveal(call.inputs)))
        computed = self._provider.shapes.outputs(self._type)
        outputs |= {key: value for key, value in old.items() if key in computed}
        for path in self._kind.outputs:
            fresh = preview and path in self._kind.changing
            value = wire.UNKNOWN if fresh else first(old, path)
            if value is not None:
                put(outputs, path, value)
        self._provider.complete(self._type, outputs)
        return wire.seal(outputs, call.inputs)
