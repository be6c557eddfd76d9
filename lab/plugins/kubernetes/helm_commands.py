"""What the Release handler asks of helm, as commands. Every method may raise `HelmError`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from lab.plugins import wire

from . import helm_inputs
from .cluster import Cluster
from .helm_cli import Helm, HelmError, source

_NOT_FOUND: Final = "release: not found"
_SCALARS: Final = (
    "{{.Name}}\n{{.Namespace}}\n{{.Chart.Metadata.Name}}\n{{.Chart.Metadata.Version}}\n"
    "{{.Chart.Metadata.AppVersion}}\n{{.Info.Status}}\n{{.Version}}\n"
)
_DESCRIPTION: Final = "{{with .Release}}" + _SCALARS + "{{.Manifest}}{{end}}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """A release as helm keeps it."""

    name: str
    namespace: str
    chart: str
    version: str
    app_version: str
    status: str
    revision: int
    manifest: str
    values: wire.Object


class Commands:
    """Helm's commands about releases; all inputs are revealed and complete."""

    def __init__(self, cluster: Cluster) -> None:
        self._helm = Helm(cluster)

    async def render(self, inputs: wire.Object) -> str:
        """What the chart renders to, without a cluster."""
        flags = [] if inputs["skipCrds"] else ["--include-crds"]
        if inputs["disableWebhooks"]:
            flags.append("--no-hooks")
        return await self._helm.run(
            "template",
            inputs["name"],
            "--namespace",
            inputs["namespace"],
            *flags,
            chart=source(inputs),
            values=inputs["values"],
            connected=False,
        )

    async def install(self, inputs: wire.Object) -> None:
        """Install a release that isn't there."""
        chosen = {
            "--create-namespace": inputs["createNamespace"],
            "--disable-openapi-validation": inputs["disableOpenapiValidation"],
            "--no-hooks": inputs["disableWebhooks"],
            "--replace": inputs["replace"],
            "--skip-crds": inputs["skipCrds"],
        }
        await self._change("install", inputs, chosen, [])

    async def upgrade(self, inputs: wire.Object) -> None:
        """Bring a release to new values or another chart."""
        chosen = {
            "--cleanup-on-fail": inputs["cleanupOnFail"],
            "--force-replace": inputs["forceUpdate"],
            "--no-hooks": inputs["disableCRDHooks"],
            "--reset-values": inputs["resetValues"],
            "--reuse-values": inputs["reuseValues"],
        }
        kept = ["--history-max", str(int(inputs.get("maxHistory") or 0))]
        await self._change("upgrade", inputs, chosen, kept)

    async def _change(
        self, verb: str, inputs: wire.Object, chosen: dict[str, bool], more: list[str]
    ) -> None:
        awaits = not inputs["skipAwait"]
        common = {
            "--rollback-on-failure": inputs["atomic"],
            "--take-ownership": inputs["takeOwnership"],
            "--wait=legacy": awaits,
            "--wait-for-jobs": awaits and inputs["waitForJobs"],
        }
        flags = [flag for flag, wanted in {**chosen, **common}.items() if wanted]
        if inputs["description"]:
            flags += ["--description", inputs["description"]]
        await self._helm.run(
            verb,
            inputs["name"],
            "--namespace",
            inputs["namespace"],
            "--server-side=false",
            "--hide-notes",
            "--timeout",
            f"{helm_inputs.seconds(inputs)}s",
            *flags,
            *more,
            chart=source(inputs),
            values=inputs["values"],
            waits=True,
        )

    async def uninstall(self, known: wire.Object) -> None:
        """Remove a release; one that isn't there is fine."""
        waits = known.get("atomic") or not known.get("skipAwait")
        await self._helm.run(
            "uninstall",
            known["name"],
            "--namespace",
            known["namespace"],
            "--ignore-not-found",
            "--timeout",
            f"{helm_inputs.seconds(known)}s",
            *(["--wait=legacy"] if waits else []),
            waits=True,
        )

    async def find(self, known: wire.Object) -> Live | None:
        """The release as helm keeps it, or None."""
        place = ("--namespace", known["namespace"])
        try:
            text = await self._helm.run(
                "get", "all", known["name"], "--template", _DESCRIPTION, *place
            )
            given = await self._helm.run("get", "values", known["name"], "--output=json", *place)
        except HelmError as error:
            if _NOT_FOUND in str(error):
                return None
            raise
        name, namespace, chart, version, app, status, revision, manifest = text.split("\n", 7)
        return Live(
            name=name,
            namespace=namespace,
            chart=chart,
            version=version,
            app_version=app,
            status=status,
            revision=int(revision),
            manifest=manifest,
            values=json.loads(given) or {},
        )
