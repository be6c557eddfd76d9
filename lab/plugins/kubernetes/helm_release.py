"""`kubernetes:helm.sh/v3:Release`: a release that helm itself keeps.

The state holds what was asked for, a checksum of what the chart renders to, and helm's view of the
release: never the manifest. Objects are compared and merged on the client, as the version of helm
inside the official plugin does: server-side apply would conflict with the controllers that fill in
webhooks. Post-renderers, value files and linting are left out.

A name in use is refused, also by a provider with `upsertExistingObjects`, as the official plugin
does: the setting is about objects, and a release is Helm's.
"""

from __future__ import annotations

import hashlib

from lab.plugins import compare, wire
from lab.plugins.contract import (
    Call,
    Checked,
    Created,
    Difference,
    Found,
    InitFailed,
    PluginError,
    Severity,
)

from . import helm_inputs
from .cluster import Cluster
from .helm_cli import HelmError
from .helm_commands import Commands, Live

_INPUTS = "__inputs"
_REPLACING = frozenset({"name", "namespace"})
_IN_USE = "cannot re-use a name"
_GONE = "Kubernetes cluster unreachable: "


class ReleaseHandler:
    """The life of a release; see `contract.Handler`."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._helm = Commands(cluster)

    async def check(self, call: Call) -> Checked:
        """Complete the inputs and render the chart, without a cluster."""
        inputs = helm_inputs.completed(call, self._cluster.namespace)
        failures = helm_inputs.failures(inputs)
        if wire.has_unknown(inputs):
            computed = {"checksum": wire.UNKNOWN, "resourceNames": wire.UNKNOWN}
            return Checked(inputs={**inputs, **computed}, failures=failures)
        plain = wire.reveal(inputs)
        try:
            manifest = await self._helm.render(plain)
        except HelmError as error:
            reason = f"{error}; check the chart name and repository configuration."
            return Checked(inputs=inputs, failures=[*failures, ("chart", reason)])
        inputs["checksum"] = hashlib.sha256(manifest.encode()).hexdigest()
        inputs["resourceNames"] = helm_inputs.resource_names(manifest)
        return Checked(inputs=inputs, failures=failures)

    async def diff(self, call: Call) -> Difference:
        """Compare with the inputs of the last update; the cluster isn't asked."""
        before = call.old.get(_INPUTS) or call.old_inputs
        found = compare.differences(before, call.inputs)
        return Difference(
            changes={
                compare.join(path): change.replacing() if path[0] in _REPLACING else change
                for path, change in compare.without(found, call.ignore_changes).items()
            }
        )

    async def create(self, call: Call) -> Created:
        """Install the chart."""
        if call.preview:
            return Created(id="", outputs=_state(call.inputs, None))
        await self._require_cluster("create")
        inputs = wire.reveal(call.inputs)
        id = f"{inputs['namespace']}/{inputs['name']}"
        try:
            await self._helm.install(inputs)
        except HelmError as error:
            live = None if _IN_USE in str(error) else await self._find(inputs)
            if live is None:
                raise self._failure(error) from error
            warning = (
                f'Helm release "{live.name}" was created but has a failed status. Use the `helm` '
                "command to investigate the error, correct it, then retry. "
                f"Reason: {error}"
            )
            await self._cluster.session.log(Severity.WARNING, warning, call.urn)
            message = f'Helm release "{id}" was created, but failed to initialize completely.'
            raise _incomplete(message, id, call.inputs, live, error) from error
        return Created(id=id, outputs=_state(call.inputs, await self._get(inputs)))

    async def update(self, call: Call) -> wire.Object:
        """Upgrade the release to the new chart and values."""
        if call.preview:
            return _state(call.inputs, None)
        await self._require_cluster("update")
        inputs = wire.reveal(call.inputs)
        before = await self._find(inputs)
        try:
            await self._helm.upgrade(inputs)
        except HelmError as error:
            live = await self._find(inputs)
            # Helm made no new revision: it refused, and the release is what it was.
            if before is None or live is None or live.revision == before.revision:
                raise self._failure(error) from error
            message = f'Helm release "{call.id}" failed to initialize completely.'
            raise _incomplete(message, call.id, call.inputs, live, error) from error
        return _state(call.inputs, await self._get(inputs))

    async def read(self, call: Call) -> Found | None:
        """What helm says of the release; without a state, its inputs too (an import)."""
        if reason := await self._cluster.unreachable():
            return await self._unread(call, reason)
        known = wire.reveal(call.old)
        namespace, _, name = call.id.rpartition("/")
        place = {
            "name": known.get("name") or name,
            "namespace": known.get("namespace") or namespace or self._cluster.namespace,
        }
        live = await self._find(place)
        if live is None:
            return None
        before = call.old.get(_INPUTS)
        inputs = before.value if isinstance(before, wire.Secret) else before
        if inputs is None:
            inputs = {**helm_inputs.completed(call, live.namespace), **place}
            inputs = {**inputs, "chart": live.chart, "values": live.values}
        # Secret parts are marked in the inputs of the state, which `__inputs` only repeats.
        inputs = wire.seal(inputs, call.inputs)
        outputs = _state(inputs, live)
        shown = {k: v for k, v in outputs.items() if k not in ("status", _INPUTS)}
        return Found(id=call.id, outputs=outputs, inputs=shown)

    async def delete(self, call: Call) -> None:
        """Uninstall; a release that is gone already is fine."""
        if reason := await self._cluster.unreachable():
            message = self._cluster.unreachable_message(reason)
            if not self._cluster.settings.delete_unreachable:
                raise PluginError(message)
            await self._cluster.session.log(Severity.WARNING, message, call.urn)
            return
        known = wire.reveal(call.old)
        try:
            await self._helm.uninstall(known)
        except HelmError as error:
            raise self._failure(error) from error

    async def _find(self, known: wire.Object) -> Live | None:
        try:
            return await self._helm.find(known)
        except HelmError as error:
            raise self._failure(error) from error

    async def _get(self, inputs: wire.Object) -> Live:
        live = await self._find(inputs)
        if live is None:
            raise PluginError(f"release {inputs['name']} is gone right after helm finished with it")
        return live

    # A cluster that doesn't answer

    async def _require_cluster(self, verb: str) -> None:
        if reason := await self._cluster.unreachable():
            message = self._cluster.unreachable_message(reason)
            raise PluginError(f"can't {verb} Helm Release: {message}")

    async def _unread(self, call: Call, reason: str) -> None:
        message = self._cluster.unreachable_message(reason)
        await self._cluster.session.log(Severity.WARNING, message, call.urn)
        if not self._cluster.settings.delete_unreachable:
            raise PluginError(
                f"failed to read resource state due to unreachable cluster: {message}. If the "
                "cluster was deleted, you can remove this resource from Pulumi state by rerunning "
                "the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "
                '"true"'
            )

    def _failure(self, error: HelmError) -> PluginError:
        _, gone, reason = str(error).partition(_GONE)
        return PluginError(self._cluster.unreachable_message(reason) if gone else str(error))


def _state(inputs: wire.Object, live: Live | None) -> wire.Object:
    """The outputs: the inputs, helm's view, and the inputs again to compare the next ones with."""
    outputs = wire.reveal(inputs)
    if live is not None:
        outputs["values"] = helm_inputs.merged(outputs["values"], live.values)
        outputs["version"] = live.version
        outputs["resourceNames"] = helm_inputs.resource_names(live.manifest)
        outputs["status"] = {
            "appVersion": live.app_version,
            "chart": live.chart,
            "name": live.name,
            "namespace": live.namespace,
            "revision": live.revision,
            "status": live.status,
            "version": live.version,
        }
    return {**wire.seal(outputs, inputs), _INPUTS: wire.Secret(wire.reveal(inputs))}


def _incomplete(
    message: str, id: str, inputs: wire.Object, live: Live, error: HelmError
) -> InitFailed:
    cause = (
        "failed to become available within allocated timeout. "
        f"Error: Helm Release {live.namespace}/{live.name}: {error}"
    )
    whole = f"{message} Use Helm CLI to investigate.: {cause}"
    # The engine shows the reasons, not the message.
    return InitFailed(whole, id=id, outputs=_state(inputs, live), reasons=[whole])
