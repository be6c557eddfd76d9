"""The gRPC side of a stand-in: calls in, answers out, and a clean end of the process.

`Plugin` is subclassed per plugin: `handler` and `constructor` route resource types,
`check_config`, `diff_config` and `configure` belong to the provider itself. `run` serves it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import grpc
import grpc.aio
from google.protobuf import any_pb2, empty_pb2

from . import requests, wire
from .contract import (
    Call,
    Checked,
    Constructor,
    Difference,
    Handler,
    InitFailed,
    PluginError,
    Session,
    Severity,
)
from .stubs import (
    engine_pb2,
    engine_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

T = TypeVar("T")

CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # The engine listens on loopback; a proxy from the environment would swallow the call.
    ("grpc.enable_http_proxy", 0),
]
"""Options for every gRPC channel to the engine."""

_PARENT_POLL_SECONDS = 0.5


class EngineLog:
    """Shows messages through the engine; see `contract.Log`."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)
        self._stub: Any = engine_pb2_grpc.EngineStub(self._channel)

    async def __call__(
        self, severity: Severity, message: str, urn: str = "", *, ephemeral: bool = False
    ) -> None:
        request = engine_pb2.LogRequest(
            severity=int(severity),  # pyright: ignore[reportArgumentType]
            message=message,
            urn=urn,
            ephemeral=ephemeral,
        )
        try:
            await self._stub.Log(request)
        except grpc.aio.AioRpcError as error:
            print(f"{message} (the engine can't show it: {error.code().name})", file=sys.stderr)


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """A provider whose types are served by handlers."""

    version = "0.0.0"

    def __init__(self, session: Session) -> None:
        self.session = session

    def handler(self, type: str) -> Handler:
        """The handler of a resource type; raises `PluginError` for one it doesn't know."""
        raise PluginError(f"unrecognized resource type {type!r}")

    def constructor(self, type: str) -> Constructor:
        """The maker of a component type; raises `PluginError` for one it doesn't know."""
        raise PluginError(f"unrecognized component type {type!r}")

    async def check_config(self, call: Call) -> Checked:
        """Check the provider's own configuration."""
        return Checked(inputs=call.inputs)

    async def diff_config(self, call: Call) -> Difference:
        """Compare the provider's own configuration with the state's."""
        return Difference()

    async def configure(self, inputs: wire.Object) -> None:
        """Take the configuration for the rest of the process's life."""

    # The protocol, in its own spelling

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    async def Handshake(self, request: Any, context: Any) -> Any:
        # As the official plugins: the engine then goes on with Configure alone.
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Handshake is not implemented")

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        return _checked(await _guard(context, self.check_config(requests.call(request))))

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        return _difference(await _guard(context, self.diff_config(requests.call(request))))

    async def Configure(self, request: Any, context: Any) -> Any:
        await _guard(context, self.configure(wire.decode(request.args)))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    async def Check(self, request: Any, context: Any) -> Any:
        return _checked(await self._ask(context, request, lambda h, c: h.check(c)))

    async def Diff(self, request: Any, context: Any) -> Any:
        return _difference(await self._ask(context, request, lambda h, c: h.diff(c)))

    async def Create(self, request: Any, context: Any) -> Any:
        made = await self._ask(context, request, lambda h, c: h.create(c))
        return provider_pb2.CreateResponse(id=made.id, properties=wire.encode(made.outputs))

    async def Update(self, request: Any, context: Any) -> Any:
        outputs = await self._ask(context, request, lambda h, c: h.update(c))
        return provider_pb2.UpdateResponse(properties=wire.encode(outputs))

    async def Read(self, request: Any, context: Any) -> Any:
        found = await self._ask(context, request, lambda h, c: h.read(c))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, properties=wire.encode(found.outputs), inputs=wire.encode(found.inputs)
        )

    async def Delete(self, request: Any, context: Any) -> Any:
        await self._ask(context, request, lambda h, c: h.delete(c))
        return empty_pb2.Empty()

    async def Construct(self, request: Any, context: Any) -> Any:
        call = requests.construction(request)

        async def made() -> Any:
            return await self.constructor(call.type).construct(call)

        done = await _guard(context, made())
        return provider_pb2.ConstructResponse(urn=done.urn, state=wire.encode(done.outputs))

    async def Cancel(self, request: Any, context: Any) -> Any:
        self.session.stop.set()
        return empty_pb2.Empty()

    async def _ask(
        self,
        context: Any,
        request: Any,
        ask: Callable[[Handler, Call], Coroutine[Any, Any, T]],
    ) -> T:
        async def asked() -> T:
            call = requests.call(request)
            return await ask(self.handler(call.type), call)

        return await _guard(context, asked())


def _checked(result: Checked) -> Any:
    failures = [
        provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in result.failures
    ]
    return provider_pb2.CheckResponse(inputs=wire.encode(result.inputs), failures=failures)


def _difference(result: Difference) -> Any:
    kinds = provider_pb2.DiffResponse.DiffChanges
    response = provider_pb2.DiffResponse(
        changes=kinds.DIFF_SOME if result.changes else kinds.DIFF_NONE,
        replaces=[path for path, change in result.changes.items() if change.replaces],
        deleteBeforeReplace=result.delete_before_replace,
        diffs=sorted({path.split(".")[0].split("[")[0] for path in result.changes}),
        hasDetailedDiff=bool(result.changes),
    )
    for path, change in result.changes.items():
        response.detailedDiff[path].kind = int(change)  # pyright: ignore[reportAttributeAccessIssue]
        response.detailedDiff[path].inputDiff = True
    return response


async def _guard(context: Any, work: Coroutine[Any, Any, T]) -> T:
    """Answer the call with the error that `work` raises, in the form the engine understands."""
    try:
        return await work
    except InitFailed as error:
        await _abort_partial(context, error)
    except PluginError as error:
        await context.abort(grpc.StatusCode.UNKNOWN, str(error))
    raise AssertionError("abort returned")


async def _abort_partial(context: Any, error: InitFailed) -> NoReturn:
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=wire.encode(error.outputs),
            reasons=error.reasons,
            inputs=None if error.inputs is None else wire.encode(error.inputs),
        )
    )
    code = grpc.StatusCode.UNKNOWN
    status = status_pb2.Status(code=code.value[0], message=str(error), details=[detail])
    metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    await context.abort(code, str(error), metadata)
    raise AssertionError("abort returned")


# The process


async def _parent_gone() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(_PARENT_POLL_SECONDS)


async def _serve(make: Callable[[Session], Plugin], engine: str) -> None:
    stop = asyncio.Event()
    server = grpc.aio.server(options=CHANNEL_OPTIONS)
    plugin = make(Session(log=EngineLog(engine), stop=stop))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    # The engine interrupts its plugins at the end; when it was killed itself they leave unasked.
    interrupted = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    print(port, flush=True)
    ends = [asyncio.create_task(_parent_gone()), asyncio.create_task(interrupted.wait())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await server.stop(grace=0)


def run(make: Callable[[Session], Plugin]) -> None:
    """Serve one plugin to the engine whose address is the first argument, until it is gone."""
    if len(sys.argv) != 2:
        raise SystemExit("a plugin is started by the engine, with its address as the one argument")
    asyncio.run(_serve(make, sys.argv[1]))
