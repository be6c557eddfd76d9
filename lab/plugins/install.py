"""Installing the engine's plugins into a private PULUMI_HOME, official or stand-in.

The official plugin is taken where it is already installed for the user or can be downloaded from
Pulumi's own site; else the stand-in of the same name and version. Nothing outside the given
home is written.
"""

from __future__ import annotations

import importlib.metadata
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

NAMES = ("kubernetes", "tls")
"""The plugins that every environment needs."""
CLOUDS = ("aws", "gcp")
"""The plugins of clouds. Official ones need accounts; the stand-ins need `lab.plugins.cloud`."""
PREFER = "MESHTIER_PLUGINS"
"""Environment variable that decides where `install` isn't told: auto, official or stand-in."""
OFFLINE = "MESHTIER_OFFLINE"
"""Environment variable that forbids downloads."""

Preference = Literal["auto", "official", "stand-in"]

_MARK = "# stand-in for"
_SITE = "get.pulumi.com"
_PROBE_SECONDS = 2.0
_DOWNLOAD_SECONDS = 120.0
_INSTALL_SECONDS = 60.0
_CHECKOUT = Path(__file__).resolve().parents[2]


class PluginInstallError(Exception):
    """A plugin can't be had; the text says which, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Which plugin is in use."""

    name: str
    version: str
    official: bool
    note: str
    """Where it came from, or why it is a stand-in."""

    def __str__(self) -> str:
        kind = "official" if self.official else "stand-in"
        return f"plugin {self.name} {self.version}: {kind} ({self.note})"


class HasTools(Protocol):
    """Knows where binaries are, as `lab.toolchain.Toolchain` does."""

    def path(self, name: str) -> Path: ...


def version(name: str) -> str:
    """The plugin version that the installed SDK asks the engine for."""
    return importlib.metadata.version(f"pulumi-{name}")


def install(
    pulumi_home: Path,
    pulumi: Path | HasTools,
    *,
    prefer: Preference | None = None,
    names: Sequence[str] = NAMES,
) -> dict[str, Source]:
    """Make the plugins `names` available in `pulumi_home`; returns which is in use, by name.

    `pulumi` is the CLI, or what knows where it is. `prefer` defaults to $MESHTIER_PLUGINS, then
    `auto`: what is installed stays; else official where possible, else the stand-in. Raises
    `PluginInstallError` when `official` is asked for and can't be had.
    """
    cli = pulumi if isinstance(pulumi, Path) else pulumi.path("pulumi")
    chosen = prefer or _preference()
    pulumi_home.mkdir(parents=True, exist_ok=True)
    return {name: _Installer(name, pulumi_home, cli).install(chosen) for name in names}


def _preference() -> Preference:
    asked = os.environ.get(PREFER, "auto")
    for each in ("auto", "official", "stand-in"):
        if asked == each:
            return each
    raise PluginInstallError(f"{PREFER}: got {asked!r}; allowed auto, official, stand-in")


class _Installer:
    def __init__(self, name: str, home: Path, cli: Path) -> None:
        self.name = name
        self.version = version(name)
        self.home = home
        self.cli = cli

    def install(self, prefer: Preference) -> Source:
        present = self._present()
        if present is not None and (prefer == "auto" or present.official is (prefer == "official")):
            return present
        if prefer == "stand-in":
            return self._stand_in("asked for")
        found = self._official()
        if isinstance(found, Source):
            return found
        if prefer == "official":
            raise PluginInstallError(
                f"plugin {self.name} {self.version}: the official one is neither installed nor "
                f"downloadable: {found}"
            )
        return self._stand_in(found)

    def _source(self, note: str, *, official: bool) -> Source:
        return Source(name=self.name, version=self.version, official=official, note=note)

    def _executable(self, home: Path) -> Path:
        folder = home / "plugins" / f"resource-{self.name}-v{self.version}"
        return folder / f"pulumi-resource-{self.name}"

    def _present(self) -> Source | None:
        """What the home holds; a stand-in of another checkout or environment doesn't count."""
        executable = self._executable(self.home)
        if not executable.exists():
            return None
        with executable.open("rb") as handle:
            head = handle.read(4096)
        if _MARK.encode() not in head:
            return self._source("installed earlier", official=True)
        if head.decode() == self._wrapper():
            return self._source("installed earlier", official=False)
        return None

    def _official(self) -> Source | str:
        """Install the official plugin, or say why not."""
        mine = Path(os.environ.get("PULUMI_HOME") or "~/.pulumi").expanduser()
        executable = self._executable(mine)
        if mine != self.home and executable.exists() and not _is_stand_in(executable):
            self._take(executable)
            return self._source(f"from {mine}", official=True)
        on_path = shutil.which(f"pulumi-resource-{self.name}")
        if on_path and not _is_stand_in(Path(on_path)) and self._answers(Path(on_path)):
            self._take(Path(on_path))
            return self._source("from PATH", official=True)
        if os.environ.get(OFFLINE):
            return f"{OFFLINE} is set"
        if not _site_answers():
            return f"{_SITE} can't be reached"
        self._remove()
        problem = self._run(_DOWNLOAD_SECONDS)
        if problem:
            return problem
        return self._source(f"downloaded from {_SITE}", official=True)

    def _answers(self, executable: Path) -> bool:
        """Whether an executable on PATH is of the wanted version."""
        done = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, timeout=10, check=False
        )
        return done.stdout.strip().removeprefix("v") == self.version

    def _stand_in(self, why: str) -> Source:
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            wrapper = Path(folder) / f"pulumi-resource-{self.name}"
            wrapper.write_text(self._wrapper())
            wrapper.chmod(0o755)
            self._take(wrapper)
        return self._source(why, official=False)

    def _wrapper(self) -> str:
        python, root = shlex.quote(sys.executable), shlex.quote(str(_CHECKOUT))
        return (
            "#!/bin/sh\n"
            f"{_MARK} pulumi-resource-{self.name} {self.version}\n"
            f'PYTHONPATH={root} exec {python} -m lab.plugins.{self.name} "$@"\n'
        )

    def _take(self, executable: Path) -> None:
        self._remove()
        problem = self._run(_INSTALL_SECONDS, "--file", str(executable))
        if problem:
            raise PluginInstallError(f"plugin {self.name} {self.version}: {problem}")

    def _remove(self) -> None:
        shutil.rmtree(self._executable(self.home).parent, ignore_errors=True)

    def _run(self, seconds: float, *options: str) -> str:
        """`pulumi plugin install`; returns what went wrong."""
        command = [self.cli, "plugin", "install", "resource", self.name, self.version, *options]
        try:
            done = subprocess.run(
                command,
                env=_environment(self.home),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"not installed within {seconds:g} s"
        lines = (done.stderr or done.stdout).strip().splitlines()
        return "" if done.returncode == 0 else (lines or ["pulumi plugin install failed"])[-1]


def _is_stand_in(executable: Path) -> bool:
    with executable.open("rb") as handle:
        return _MARK.encode() in handle.read(4096)


def _site_answers() -> bool:
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
        return True  # whether the proxy lets us through only a download can tell
    try:
        socket.create_connection((_SITE, 443), timeout=_PROBE_SECONDS).close()
    except OSError:
        return False
    return True


def _environment(home: Path) -> Mapping[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k != "PULUMI_ACCESS_TOKEN"}
    return {**inherited, "PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
