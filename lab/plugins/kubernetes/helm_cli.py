"""The `helm` command, run so that nothing secret is on a command line and nothing is left behind.

Values go through standard input, the kubeconfig through memory that ends with the command even if
the plugin is killed, and helm's own folders are made for one command and removed after it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lab.plugins import wire
from lab.plugins.contract import PluginError

from .cluster import Cluster

_PROGRAM: Final = "MESHTIER_HELM"
_STOP_SECONDS: Final = 30.0
_REPOSITORY: Final = "repository"
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "driver": "HELM_DRIVER",
    "pluginsPath": "HELM_PLUGINS",
    "registryConfigPath": "HELM_REGISTRY_CONFIG",
    "repositoryCache": "HELM_REPOSITORY_CACHE",
    "repositoryConfigPath": "HELM_REPOSITORY_CONFIG",
}
"""Key of the provider's `helmReleaseSettings`, to the variable that helm reads."""
_LEVELS: Final = ("INSTALLATION FAILED: ", "UPGRADE FAILED: ", "release name check failed: ")


class HelmError(Exception):
    """A helm command failed; the text is helm's own, without the words around it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a chart is: a path, a name in a repository, or an `oci://` reference."""

    chart: str
    repository: str = ""
    version: str = ""
    username: str = ""
    password: str = ""
    flags: tuple[str, ...] = ()


def source(inputs: Mapping[str, Any]) -> Source:
    """The chart that a Release's or Chart's (revealed) inputs name."""
    options = inputs.get("repositoryOpts") or {}
    files = {"caFile": "--ca-file", "certFile": "--cert-file", "keyFile": "--key-file"}
    flags = [
        text for key, flag in files.items() if options.get(key) for text in (flag, options[key])
    ]
    if inputs.get("devel"):
        flags.append("--devel")
    if inputs.get("verify"):
        flags.append("--verify")
        if isinstance(inputs.get("keyring"), str) and inputs["keyring"]:
            flags += ["--keyring", inputs["keyring"]]
    if inputs.get("dependencyUpdate"):
        flags.append("--dependency-update")
    return Source(
        chart=str(inputs.get("chart") or "").strip(),
        repository=str(options.get("repo") or ""),
        version=str(inputs.get("version") or "").strip(),
        username=str(options.get("username") or ""),
        password=str(options.get("password") or ""),
        flags=tuple(flags),
    )


class Helm:
    """Runs helm against one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def run(
        self,
        *arguments: str,
        chart: Source | None = None,
        values: wire.Object | None = None,
        connected: bool = True,
        waits: bool = False,
    ) -> str:
        """Run one command and return what it printed.

        `chart` is appended to the arguments, `values` are the chart's values (revealed). Without
        `connected` no kubeconfig is given, so nothing can reach a cluster. A command that `waits`
        is stopped when the engine cancels; the others are short, and say what the stop left.

        Raises:
            HelmError: helm failed, or was stopped because the engine cancelled.
            PluginError: there is no helm.
        """
        kubeconfig = self._kubeconfig() if connected else ""
        with self._private_folder() as folder, _in_memory(kubeconfig) as descriptor:
            environment = self._environment(folder, descriptor)
            command = [_program(), *arguments]
            if connected and self._cluster.settings.context:
                command += ["--kube-context", self._cluster.settings.context]
            if chart is not None:
                command += await self._locate(chart, folder, environment)
            if values is not None:
                command += ["--values", "-"]
            given = None if values is None else json.dumps(values).encode()
            return await self._execute(
                command, environment, given, inherited=(descriptor,), waits=waits
            )

    @contextlib.contextmanager
    def _private_folder(self) -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp(prefix="meshtier-helm-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _environment(self, folder: Path, kubeconfig: int) -> dict[str, str]:
        ambient = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("HELM_") and name != "KUBECONFIG"
        }
        settings = self._cluster.settings.helm_release or {}
        given = {
            variable: str(settings[key])
            for key, variable in _ENVIRONMENT.items()
            if settings.get(key)
        }
        return {
            **ambient,
            "HELM_CACHE_HOME": str(folder / "cache"),
            "HELM_CONFIG_HOME": str(folder / "config"),
            "HELM_DATA_HOME": str(folder / "data"),
            # Keyed by address alone, and addresses are used again for other clusters.
            "KUBECACHEDIR": str(folder / "kube"),
            "KUBECONFIG": f"/proc/self/fd/{kubeconfig}",
            **given,
        }

    def _kubeconfig(self) -> str:
        text = self._cluster.client.access.text
        wanted = self._cluster.settings.cluster
        if not wanted:
            return text
        import yaml  # slow to import, and hardly anybody overrides the cluster of a context

        config: Any = yaml.safe_load(text)
        for entry in config.get("contexts") or []:
            entry["context"]["cluster"] = wanted
        return json.dumps(config)

    async def _locate(self, chart: Source, folder: Path, environment: dict[str, str]) -> list[str]:
        name = chart.chart
        flags = [*chart.flags, *(["--version", chart.version] if chart.version else [])]
        if name.startswith("oci://"):
            if chart.password:
                _write(folder / "registry.json", _registry_login(chart))
                flags += ["--registry-config", str(folder / "registry.json")]
            return [name, *flags]
        if not chart.repository:
            return [str(Path(name).resolve()) if _is_chart(name) else name, *flags]
        if not chart.password:
            return [name, "--repo", chart.repository, *flags]
        entry = {"name": _REPOSITORY, "url": chart.repository}
        login = {"username": chart.username, "password": chart.password}
        _write(folder / "repositories.json", json.dumps({"repositories": [{**entry, **login}]}))
        environment["HELM_REPOSITORY_CONFIG"] = str(folder / "repositories.json")
        await self._execute([_program(), "repo", "update"], environment, None, waits=True)
        return [f"{_REPOSITORY}/{name}", *flags]

    async def _execute(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        given: bytes | None,
        *,
        inherited: Sequence[int] = (),
        waits: bool,
    ) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL if given is None else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            pass_fds=inherited,
            # A signal to the engine's group mustn't end helm before it has recorded what it did.
            start_new_session=True,
        )
        talk = asyncio.create_task(process.communicate(given))
        cancelled = asyncio.create_task(self._cluster.session.stop.wait())
        try:
            awaited = {talk, cancelled} if waits else {talk}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            cancelled.cancel()
            if not talk.done():
                await _end(process, talk)
        printed, complaint = await talk
        if process.returncode:
            raise HelmError(_words(complaint.decode(errors="replace")))
        return printed.decode()


def _program() -> str:
    found = os.environ.get(_PROGRAM) or shutil.which("helm")
    if not found or not Path(found).is_file():
        raise PluginError(f"no helm: {_PROGRAM} doesn't name one and PATH has none")
    return found


def _is_chart(name: str) -> bool:
    """Whether `name` is a chart here; a folder without Chart.yaml is not, whatever its name."""
    path = Path(name)
    return path.is_file() or (path / "Chart.yaml").is_file()


def _registry_login(chart: Source) -> str:
    host = chart.chart.removeprefix("oci://").partition("/")[0]
    login = base64.b64encode(f"{chart.username}:{chart.password}".encode()).decode()
    return json.dumps({"auths": {host: {"auth": login}}})


@contextlib.contextmanager
def _in_memory(text: str) -> Iterator[int]:
    """The descriptor of a file that has no name and never reaches a disk."""
    descriptor = os.memfd_create("kubeconfig")
    try:
        os.write(descriptor, text.encode())
        yield descriptor
    finally:
        os.close(descriptor)


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


async def _end(process: asyncio.subprocess.Process, talk: asyncio.Task[Any]) -> None:
    """Stop helm, which then records that the release failed; not waiting would leave it pending."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    done, _ = await asyncio.wait({talk}, timeout=_STOP_SECONDS)
    if not done:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait({talk})


def _words(complaint: str) -> str:
    """What helm complains about, without its log lines and levels."""
    _, found, text = complaint.rpartition("Error: ")
    text = (text if found else complaint).strip()
    for level in _LEVELS:
        text = text.removeprefix(level)
    # Helm 4 spells this differently from the version in the official plugin.
    return text.replace("cannot reuse a name", "cannot re-use a name") or "helm failed"
