"""`kubernetes:helm.sh/v4:Chart`: the objects of a rendered chart, as resources of their own.

The chart is rendered for the version and the APIs of the cluster, without hooks unless asked for.
Left out: `lookup` in templates, value files and post-renderers.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import grpc.aio

from lab.plugins import wire
from lab.plugins.contract import Constructed, Construction, PluginError, Severity
from lab.plugins.serve import CHANNEL_OPTIONS
from lab.plugins.stubs import resource_pb2, resource_pb2_grpc

from . import helm_inputs
from .client import ApiError, Unreachable
from .cluster import Cluster
from .helm_cli import Helm, HelmError, source

_PACKAGE: Final = "kubernetes"
_POLICY: Final = "helm.sh/resource-policy"
_SKIP_AWAIT: Final = "pulumi.com/skipAwait"
_UNSUPPORTED: Final = ("postRenderer", "valueYamlFiles")
_DEFINITION: Final = "CustomResourceDefinition"

Key = tuple[str, ...]


class ChartConstructor:
    """Makes charts; see `contract.Constructor`."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def construct(self, call: Construction) -> Constructed:
        """Register the component and, below it, every object of the chart."""
        async with grpc.aio.insecure_channel(call.monitor, options=CHANNEL_OPTIONS) as channel:
            chart = _Chart(self._cluster, call, resource_pb2_grpc.ResourceMonitorStub(channel))
            return await chart.register()


class _Chart:
    def __init__(self, cluster: Cluster, call: Construction, monitor: Any) -> None:
        self._cluster = cluster
        self._call = call
        self._monitor = monitor
        self._inputs = wire.reveal(call.inputs)
        self._urn = ""

    async def register(self) -> Constructed:
        if refused := [key for key in _UNSUPPORTED if self._inputs.get(key)]:
            raise PluginError(f"{refused[0]} is not supported by the kubernetes stand-in plugin")
        self._urn = (await self._register_component()).urn
        if wire.has_unknown(self._inputs):
            message = "Input properties have unknown values. Preview is incomplete."
            await self._cluster.session.log(Severity.WARNING, message, self._urn)
            return Constructed(urn=self._urn, outputs={})
        outputs = {"resources": await self._register_children(await self._objects())}
        await self._ask(
            "RegisterResourceOutputs",
            resource_pb2.RegisterResourceOutputsRequest(
                urn=self._urn, outputs=wire.encode(outputs)
            ),
        )
        return Constructed(urn=self._urn, outputs=outputs)

    # From the chart to objects

    async def _objects(self) -> list[wire.Object]:
        manifest = await self._render()
        objects = list(_expanded(list(helm_inputs.documents(manifest))))
        for each in objects:
            if each["kind"] == _DEFINITION:
                self._cluster.discovery.plan(each)
        namespace = self._inputs.get("namespace") or self._cluster.namespace
        for each in objects:
            metadata = each.get("metadata")
            if not isinstance(metadata, dict) or not metadata.get("name"):
                raise PluginError(f"a {each['kind']} of the chart has no .metadata.name")
            version, kind = str(each.get("apiVersion")), str(each["kind"])
            if not metadata.get("namespace") and await self._cluster.namespaced(version, kind):
                metadata["namespace"] = namespace
        return objects

    async def _render(self) -> str:
        inputs = self._inputs
        flags = ["--include-crds"] if not inputs.get("skipCrds") else []
        if not inputs.get("includeHooks"):
            flags.append("--no-hooks")
        if inputs.get("plainHttp"):
            flags.append("--plain-http")
        if inputs.get("namespace"):
            flags += ["--namespace", inputs["namespace"]]
        try:
            return await Helm(self._cluster).run(
                "template",
                inputs.get("name") or self._call.name,
                *flags,
                *await self._capabilities(),
                chart=source(inputs),
                values=inputs.get("values") or {},
                connected=False,
            )
        except HelmError as error:
            raise PluginError(str(error)) from error

    async def _capabilities(self) -> list[str]:
        if reason := await self._cluster.unreachable():
            raise PluginError(self._cluster.unreachable_message(reason))
        try:
            version = await self._cluster.client.get("/version")
            groups = await self._cluster.client.get("/apis")
        except (ApiError, Unreachable) as error:
            raise PluginError(f"could not get server version from Kubernetes: {error}") from error
        served = [v["groupVersion"] for group in groups["groups"] for v in group["versions"]]
        flags = ["--kube-version", version["gitVersion"]]
        return flags + [f"--api-versions={name}" for name in served]

    # From objects to resources

    async def _register_component(self) -> Any:
        call = self._call
        return await self._ask(
            "RegisterResource",
            resource_pb2.RegisterResourceRequest(
                type=call.type,
                name=call.name,
                parent=call.parent,
                providers=dict(call.providers),
                aliases=list(call.aliases),
                protect=call.protect,
                retainOnDelete=call.retain_on_delete,
                deletedWith=call.deleted_with,
            ),
        )

    async def _register_children(self, objects: list[wire.Object]) -> list[wire.Value]:
        """Definitions and namespaces first: the others are registered with what they rest on."""
        registered: dict[Key, str] = {}
        made: list[wire.Value] = []
        first = [each for each in objects if each["kind"] in (_DEFINITION, "Namespace")]
        for wave in (first, [each for each in objects if each not in first]):
            answers = await asyncio.gather(*(self._child(each, registered) for each in wave))
            for each, answer in zip(wave, answers, strict=True):
                registered.update((key, answer.urn) for key in _supports(each))
                made.append(wire.Reference(urn=answer.urn, id=answer.id or wire.UNKNOWN))
        return made

    async def _child(self, properties: wire.Object, registered: dict[Key, str]) -> Any:
        metadata = properties["metadata"]
        policy = (metadata.get("annotations") or {}).get(_POLICY)
        if policy not in (None, "keep"):
            message = f'Unsupported Helm resource policy "{policy}"'
            await self._cluster.session.log(Severity.WARNING, message, self._urn)
        rests_on = [registered[key] for key in _needs(properties) if key in registered]
        return await self._ask(
            "RegisterResource",
            resource_pb2.RegisterResourceRequest(
                type=_token(properties),
                name=self._name(metadata),
                parent=self._urn,
                custom=True,
                object=wire.encode(self._prepared(properties)),
                provider=self._call.providers.get(_PACKAGE, ""),
                acceptSecrets=True,
                dependencies=rests_on,
                retainOnDelete=policy == "keep",
            ),
        )

    def _name(self, metadata: wire.Object) -> str:
        prefix = self._inputs.get("resourcePrefix", self._call.name)
        place = [metadata["namespace"]] if metadata.get("namespace") else []
        name = "/".join([*place, metadata["name"]])
        return f"{prefix}:{name}" if prefix else name

    def _prepared(self, properties: wire.Object) -> wire.Object:
        prepared = dict(properties)
        if self._inputs.get("skipAwait"):
            metadata = dict(properties["metadata"])
            metadata["annotations"] = {**(metadata.get("annotations") or {}), _SKIP_AWAIT: "true"}
            prepared["metadata"] = metadata
        if (properties.get("apiVersion"), properties["kind"]) == ("v1", "Secret"):
            for key in ("data", "stringData"):
                if key in prepared:
                    prepared[key] = wire.secret(prepared[key])
        return prepared

    async def _ask(self, method: str, request: Any) -> Any:
        try:
            return await getattr(self._monitor, method)(request)
        except grpc.aio.AioRpcError as error:
            raise PluginError(error.details() or f"{method} failed") from error


def _expanded(objects: list[wire.Object]) -> list[wire.Object]:
    """The objects, lists replaced by what they hold."""
    found: list[wire.Object] = []
    for each in objects:
        items = each.get("items")
        if str(each["kind"]).endswith("List") and isinstance(items, list):
            found += _expanded(items)
        else:
            found.append(each)
    return found


def _token(properties: wire.Object) -> str:
    version = str(properties.get("apiVersion"))
    return f"{_PACKAGE}:{version if '/' in version else f'core/{version}'}:{properties['kind']}"


def _supports(properties: wire.Object) -> list[Key]:
    """What other objects may need this one for: a namespace's name, a definition's kind."""
    if properties["kind"] == "Namespace":
        return [("namespace", properties["metadata"]["name"])]
    if properties["kind"] == _DEFINITION:
        spec = properties.get("spec") or {}
        return [("kind", str(spec.get("group")), str((spec.get("names") or {}).get("kind")))]
    return []


def _needs(properties: wire.Object) -> list[Key]:
    group = str(properties.get("apiVersion")).partition("/")[0]
    return [
        ("namespace", str(properties["metadata"].get("namespace"))),
        ("kind", group, str(properties["kind"])),
    ]
