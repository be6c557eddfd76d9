"""What istiod itself says of the mesh: its version, and which clusters it is synced with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from .kubectl import Kubectl, KubectlError


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPlane:
    """One member's istiod, by its own word."""

    version: str
    synced: Mapping[str, str]
    """Sync status of every remote cluster, `synced` when all of its objects are read."""


def read(kubectl: Kubectl) -> ControlPlane | None:
    """Ask a cluster's istiod; None when there is none to ask."""
    try:
        version = _ask(kubectl, "/version")
        remotes = json.loads(_ask(kubectl, "/debug/clusterz"))
    except (KubectlError, ValueError):
        return None
    synced = {
        str(remote["id"]): str(remote["syncStatus"])
        for remote in remotes
        if remote.get("secretName")
    }
    return ControlPlane(version=_without_build(version), synced=synced)


def _ask(kubectl: Kubectl, path: str) -> str:
    return kubectl.exec(
        "istio-system", "deploy/istiod", "discovery", "pilot-discovery", "request", "GET", path
    )


def _without_build(version: str) -> str:
    """Return the version of `<version>-<git revision>-<state of the build tree>`."""
    return version.strip().rsplit("-", 2)[0]
