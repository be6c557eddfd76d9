"""What istiod itself says of the mesh: its version, and which clusters it is synced with."""

import json
import time
import urllib.request
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from .istiod_process import IstiodProcess
from .kubectl import Kubectl, KubectlError

Ask = Callable[[str], str]
"""From the path of a debug page to its text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPlane:
    """One member's istiod, by its own word."""

    version: str
    synced: Mapping[str, str]
    """Sync status of every remote cluster, `synced` when all of its objects are read."""


def read(kubectl: Kubectl) -> ControlPlane | None:
    """Ask the istiod that runs in a cluster; None when there is none to ask."""
    return _read(lambda path: _ask_pod(kubectl, path))


def read_process(process: IstiodProcess) -> ControlPlane | None:
    """Ask an istiod that runs beside its cluster; None when it does not answer."""
    return _read(lambda path: _ask_process(process, path))


def await_sync(
    process: IstiodProcess, peers: Collection[str], seconds: float = 120
) -> ControlPlane | None:
    """Return what an istiod says once it is synced with all `peers`, or when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        plane = read_process(process)
        synced = plane.synced if plane else {}
        if all(synced.get(peer) == "synced" for peer in peers) and plane is not None:
            return plane
        if time.monotonic() > deadline:
            return plane
        time.sleep(0.5)


def _read(ask: Ask) -> ControlPlane | None:
    try:
        version = ask("/version")
        remotes = json.loads(ask("/debug/clusterz"))
    except (KubectlError, OSError, ValueError):
        return None
    synced = {
        str(remote["id"]): str(remote["syncStatus"])
        for remote in remotes
        if remote.get("secretName")
    }
    return ControlPlane(version=_without_build(version), synced=synced)


def _ask_process(process: IstiodProcess, path: str) -> str:
    # Where `pilot-discovery request` asks in a pod; the other port has no version.
    url = f"http://127.0.0.1:{process.listeners['monitoringAddr']}{path}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def _ask_pod(kubectl: Kubectl, path: str) -> str:
    return kubectl.exec(
        "istio-system", "deploy/istiod", "discovery", "pilot-discovery", "request", "GET", path
    )


def _without_build(version: str) -> str:
    """Return the version of `<version>-<git revision>-<state of the build tree>`."""
    return version.strip().rsplit("-", 2)[0]
