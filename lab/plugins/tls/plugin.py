"""The tls plugin's answers to the engine. Nothing here has a life outside the state."""

from __future__ import annotations

import asyncio
from typing import Any

from lab.plugins import compare, wire
from lab.plugins.contract import (
    Call,
    Change,
    Checked,
    Created,
    Difference,
    Found,
    Handler,
    PluginError,
    Session,
    Severity,
)
from lab.plugins.serve import Plugin, run

from . import rules
from .kinds import KINDS, Kind, ready_for_renewal


class TlsHandler:
    """The life of the resources of one `Kind`; see `contract.Handler`."""

    def __init__(self, kind: Kind, session: Session) -> None:
        self._kind = kind
        self._session = session

    async def check(self, call: Call) -> Checked:
        """The inputs as they are: defaults appear in the outputs only."""
        inputs = self._with_secrets(call.inputs)
        return Checked(inputs=inputs, failures=rules.failures(self._kind, inputs))

    async def diff(self, call: Call) -> Difference:
        """Any changed input, and a certificate that is due for renewal."""
        new = self._wanted(call.inputs)
        old = {prop: value for prop, value in call.old.items() if prop not in self._kind.computed}
        found = compare.differences({**self._kind.defaults, **old}, new)
        for prop in ("id", self._kind.write_only):
            found.pop((prop,), None)
        changes = {
            compare.join(path): change if path[0] in self._kind.updatable else change.replacing()
            for path, change in compare.without(found, call.ignore_changes).items()
        }
        if self._kind.expires and ready_for_renewal(wire.reveal(call.old) | _known(new)):
            changes["readyForRenewal"] = Change.UPDATE_REPLACE
        return Difference(changes=changes)

    async def create(self, call: Call) -> Created:
        """Make the key, request or certificate."""
        if call.preview:
            unknown: dict[str, Any] = dict.fromkeys(self._kind.computed, wire.UNKNOWN)
            if self._kind.expires:
                unknown["readyForRenewal"] = False
            return Created(id="", outputs=self._state(call.inputs, unknown))
        try:
            inputs = wire.reveal(self._wanted(call.inputs))
            # RSA keys take seconds; other calls go on meanwhile.
            made = await asyncio.to_thread(self._kind.make, inputs)
        except ValueError as error:
            raise PluginError(str(error)) from error
        if made.warning:
            await self._session.log(Severity.WARNING, made.warning, call.urn)
        return Created(id=made.id, outputs=self._state(call.inputs, made.outputs))

    async def read(self, call: Call) -> Found | None:
        """The state itself, with `readyForRenewal` brought up to date."""
        if not call.old:
            raise PluginError(f"{call.type} can't be imported: it exists in the state only")
        outputs = dict(call.old)
        if self._kind.expires and ready_for_renewal(wire.reveal(outputs)):
            outputs["readyForRenewal"] = True
        return Found(id=call.id, outputs=self._with_secrets(outputs), inputs=call.inputs)

    async def update(self, call: Call) -> wire.Object:
        """Take new values for what doesn't go into the certificate."""
        computed = {prop: call.old[prop] for prop in self._kind.computed if prop in call.old}
        return self._state(call.inputs, computed)

    async def delete(self, call: Call) -> None:
        """Nothing to do: the state was the only place."""

    def _wanted(self, inputs: wire.Object) -> wire.Object:
        wanted = {**self._kind.defaults, **inputs}
        wanted.pop("__defaults", None)
        return wanted

    def _state(self, inputs: wire.Object, computed: wire.Object) -> wire.Object:
        outputs = self._wanted(inputs)
        outputs.pop(self._kind.write_only, None)
        return self._with_secrets(outputs | computed)

    def _with_secrets(self, properties: wire.Object) -> wire.Object:
        names = (*self._kind.secret_properties, self._kind.write_only)
        return {
            prop: wire.secret(value) if prop in names else value
            for prop, value in properties.items()
        }


def _known(inputs: wire.Object) -> wire.Object:
    return {k: v for k, v in wire.reveal(inputs).items() if not wire.has_unknown(v)}


class TlsPlugin(Plugin):
    """The plugin `tls`; its own configuration (`proxy`) only matters to what it leaves out."""

    version = "5.6.2"

    def handler(self, type: str) -> Handler:
        """The handler of one of the four resource types."""
        if type not in KINDS:
            raise PluginError(f"unrecognized resource type (tls stand-in): {type}")
        return TlsHandler(KINDS[type], self.session)

    async def diff_config(self, call: Call) -> Difference:
        """A changed proxy setting is an update, never a replacement."""
        found = compare.differences(call.old_inputs, call.inputs)
        return Difference(changes={compare.join(path): kind for path, kind in found.items()})


def main() -> None:
    """Serve the plugin to the engine that started this process."""
    run(TlsPlugin)
