"""Every Kubernetes object: typed ones and custom resources alike."""

from __future__ import annotations

from typing import NoReturn

from .. import wire
from ..contract import (
    Call,
    Checked,
    Created,
    Difference,
    Found,
    InitFailed,
    PluginError,
    Severity,
)
from . import awaits, kinds, shape, writing
from .checking import Checker
from .client import ApiError, Unreachable
from .cluster import Cluster
from .discovery import NoMatch

_DELETE_SECONDS = 600.0
_FORGET = (
    "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning "
    'the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"'
)


class ObjectHandler:
    """Serves every type of the form `kubernetes:GROUP/VERSION:KIND`."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._checker = Checker(cluster)

    async def check(self, call: Call) -> Checked:
        return await self._checker.check(call)

    async def diff(self, call: Call) -> Difference:
        return await self._checker.diff(call)

    # Create and update

    async def create(self, call: Call) -> Created:
        reason = await self._cluster.unreachable()
        if call.preview and (reason or wire.has_unknown(call.inputs)):
            return Created(id="", outputs=call.inputs)
        if reason:
            raise PluginError(self._cluster.unreachable_message(reason))
        plain = shape.plain(call.inputs)
        manager = writing.manager_name(call.urn, call.inputs, {})
        try:
            if call.preview:
                live = await writing.preview(self._cluster, plain, manager)
                outputs = call.inputs
                if live is not None:
                    outputs = shape.checkpoint(call.inputs, live, manager)
                return Created(id="", outputs=outputs)
            live = await writing.create(self._cluster, plain, manager)
        except NoMatch as error:
            raise PluginError(
                f"creation of resource {call.urn!r} with kind {plain['apiVersion']}/"
                f"{plain['kind']} failed because the Kubernetes API server reported that the "
                "apiVersion for this resource does not exist. Verify that any required CRDs "
                f"have been created: {error}"
            ) from None
        except (ApiError, Unreachable) as error:
            self._fail(
                f"resource {call.urn!r} was not successfully created by the Kubernetes API server",
                error,
            )
        outputs = await self._ready(call, live, manager, created=True)
        return Created(id=_id(live), outputs=outputs)

    async def update(self, call: Call) -> wire.Object:
        reason = await self._cluster.unreachable()
        plain = shape.plain(call.inputs)
        if call.preview and (reason or wire.has_unknown(call.inputs)):
            return call.inputs
        if reason:
            raise PluginError(self._cluster.unreachable_message(reason))
        manager = writing.manager_name(call.urn, call.inputs, call.old)
        live: wire.Object | None = None
        try:
            resource = await self._cluster.discovery.resource(plain["apiVersion"], plain["kind"])
            live = await self._cluster.client.get(resource.path(*_split(call.id)))
            updated = await writing.update(
                self._cluster,
                resource,
                live,
                plain,
                manager,
                ignored=call.ignore_changes,
                dry_run=call.preview,
            )
        except (ApiError, Unreachable, NoMatch) as error:
            if call.preview and isinstance(error, NoMatch | ApiError):
                return self._unpreviewed(call, error)
            if live is None or isinstance(error, Unreachable):
                self._fail(f"update of resource {call.urn!r} failed", error)
            message = (
                f"the Kubernetes API server reported that {call.id!r} failed to fully "
                f"initialize or become live: {error}"
            )
            outputs = shape.checkpoint(call.inputs, live, manager)
            raise InitFailed(message, id=call.id, outputs=outputs, reasons=[message]) from None
        if call.preview:
            return shape.checkpoint(call.inputs, updated, manager)
        return await self._ready(call, updated, manager, created=False)

    def _unpreviewed(self, call: Call, error: Exception) -> wire.Object:
        if isinstance(error, ApiError) and error.code in (400, 409, 422):
            raise PluginError(f"update of resource {call.urn!r} failed: {error}")
        return call.inputs

    async def _ready(
        self, call: Call, live: wire.Object, manager: str, *, created: bool
    ) -> wire.Object:
        """Wait until the object is what was asked for; returns its outputs."""
        found = awaits.check_of(call.inputs)
        if found is None:
            return shape.checkpoint(call.inputs, live, manager)
        check, default = found
        client = self._cluster.client
        resource = await self._cluster.discovery.resource(live["apiVersion"], live["kind"])
        path = resource.path(*_split(_id(live)))
        last = live

        async def look() -> list[str]:
            nonlocal last
            last = await client.get(path)
            return await check(client, last)

        try:
            await awaits.until(
                look,
                stop=self._cluster.session.stop,
                seconds=awaits.timeout_of(call.inputs, call.timeout, default),
            )
        except (awaits.Stopped, ApiError, Unreachable) as error:
            outputs = shape.checkpoint(call.inputs, last, manager)
            raise _unready(call, _id(last), outputs, error, created=created) from None
        return shape.checkpoint(call.inputs, last, manager)

    # Read and delete

    async def read(self, call: Call) -> Found | None:
        if reason := await self._cluster.unreachable():
            return await self._read_unreachable(call, reason)
        api_version, kind = self._kind(call)
        client = self._cluster.client
        try:
            resource = await self._cluster.discovery.resource(api_version, kind)
            live = await client.get(resource.path(*_split(call.id)))
        except NoMatch:
            return None  # its definition was deleted, and the object with it
        except (ApiError, Unreachable) as error:
            if isinstance(error, ApiError) and error.code == 404:
                return None
            self._fail(f"failed to read resource {call.urn!r}", error)
        manager = writing.manager_name(call.urn, call.inputs, call.old)
        if not call.inputs.get("kind"):
            inputs = shape.imported(live)
            return Found(id=call.id, outputs=shape.checkpoint(inputs, live, manager), inputs=inputs)
        inputs = await self._inputs_now(call, live, manager)
        outputs = shape.checkpoint(inputs, live, manager)
        await self._reported(call, live, outputs, inputs)
        return Found(id=call.id, outputs=outputs, inputs=inputs)

    async def _read_unreachable(self, call: Call, reason: str) -> Found | None:
        settings, log = self._cluster.settings, self._cluster.session.log
        message = self._cluster.unreachable_message(reason)
        await log(Severity.WARNING, message, call.urn)
        if settings.delete_unreachable:
            return None
        if settings.skip_update_unreachable:
            return Found(id=call.id, outputs=call.old, inputs=call.inputs)
        raise PluginError(
            f"failed to read resource state due to unreachable cluster ({message}). {_FORGET}"
        )

    async def _reported(
        self, call: Call, live: wire.Object, outputs: wire.Object, inputs: wire.Object
    ) -> None:
        """Tell the engine about an object that exists but isn't ready."""
        found = awaits.check_of(call.inputs)
        missing = await found[0](self._cluster.client, live) if found else []
        if missing:
            raise InitFailed(
                f"resource {call.urn!r} is not ready: {'; '.join(missing)}",
                id=call.id,
                outputs=outputs,
                reasons=missing,
                inputs=inputs,
            )

    async def _inputs_now(self, call: Call, live: wire.Object, manager: str) -> wire.Object:
        """The recorded inputs, with the values that somebody changed since."""
        old = shape.plain(call.inputs)
        now = shape.drifted(old, old, live)
        if now == old:
            return call.inputs
        resource = await self._cluster.discovery.resource(old["apiVersion"], old["kind"])
        body = writing.scoped(old, resource)
        body = {**body, "metadata": {**body["metadata"], "uid": live["metadata"]["uid"]}}
        try:
            _, applied = await writing.apply(
                self._cluster.client, resource, body, manager, force=True, dry_run=True
            )
        except (ApiError, Unreachable):
            pass  # then the plain comparison has to do
        else:
            now = shape.drifted(old, applied, live)
            if now == old:
                return call.inputs
        return wire.seal(shape.for_state(now), call.inputs)

    def _kind(self, call: Call) -> tuple[str, str]:
        api_version, kind = kinds.gvk(call.type)
        known = call.inputs if call.inputs.get("kind") else wire.reveal(call.old)
        return str(known.get("apiVersion", api_version)), str(known.get("kind", kind))

    async def delete(self, call: Call) -> None:
        if reason := await self._cluster.unreachable():
            message = self._cluster.unreachable_message(reason)
            if self._cluster.settings.delete_unreachable:
                await self._cluster.session.log(Severity.WARNING, message, call.urn)
                return
            raise PluginError(f"{message}. {_FORGET}")
        api_version, kind = self._kind(call)
        namespace, name = _split(call.id)
        about = {**shape.metadata(call.inputs), "name": name, "namespace": namespace}
        plain = {"apiVersion": api_version, "kind": kind, "metadata": about}
        seconds = awaits.timeout_of(plain, call.timeout, _DELETE_SECONDS)
        try:
            resource = await self._cluster.discovery.resource(api_version, kind)
            await writing.delete(self._cluster, resource, plain, seconds)
        except NoMatch:
            return  # its definition was deleted, and the object with it
        except (ApiError, Unreachable) as error:
            self._fail(f"deletion of resource {call.urn!r} failed", error)

    def _fail(self, what: str, error: Exception) -> NoReturn:
        if isinstance(error, Unreachable):
            raise PluginError(self._cluster.unreachable_message(str(error))) from None
        raise PluginError(f"{what}: {error}") from None


def _id(live: wire.Object) -> str:
    about = live["metadata"]
    return f"{about['namespace']}/{about['name']}" if about.get("namespace") else about["name"]


def _split(id: str) -> tuple[str, str]:
    namespace, _, name = id.rpartition("/")
    return namespace, name


def _unready(
    call: Call, id: str, outputs: wire.Object, error: Exception, *, created: bool
) -> InitFailed:
    missing = error.missing if isinstance(error, awaits.Stopped) else [str(error)]
    detail = f"{id!r} {error}" if isinstance(error, awaits.Stopped) else str(error)
    if created:
        message = (
            f"resource {call.urn!r} was successfully created, but the Kubernetes API server "
            f"reported that it failed to fully initialize or become live: {detail}"
        )
    else:
        message = (
            f"the Kubernetes API server reported that {id!r} failed to fully initialize or "
            f"become live: {detail}"
        )
    return InitFailed(message, id=id, outputs=outputs, reasons=[message, *missing])
