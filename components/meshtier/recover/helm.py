"""Takes unfinished releases away, so that the next `up` makes them anew."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from .state import Unfinished

_TIMEOUT: Final = 300
"""Seconds for one command of helm."""


class HelmError(Exception):
    """Helm could not look, or could not remove; the message is its own."""


def is_there(release: Unfinished, helm: str = "helm") -> bool:
    """Whether Helm has the release on its cluster, finished or not."""
    done = _run(release, helm, "status")
    if done.returncode != 0 and "not found" not in done.stderr:
        raise HelmError(f"{release.cluster}: {done.stderr.strip()}")
    return done.returncode == 0


def uninstall(release: Unfinished, helm: str = "helm") -> None:
    """Remove the release and what it had made so far."""
    done = _run(release, helm, "uninstall")
    if done.returncode != 0:
        raise HelmError(f"{release.cluster}: {done.stderr.strip()}")


def command(release: Unfinished) -> str:
    """Return what a person would type, without the kubeconfig."""
    return f"helm uninstall {release.name} --namespace {release.namespace}"


def _run(release: Unfinished, helm: str, verb: str) -> subprocess.CompletedProcess[str]:
    context = ["--kube-context", release.context] if release.context else []
    # A file that only this user reads: a kubeconfig has no business among the arguments.
    with tempfile.TemporaryDirectory() as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        kubeconfig.touch(mode=0o600)
        kubeconfig.write_text(release.kubeconfig)
        return subprocess.run(
            [helm, verb, release.name, "--namespace", release.namespace, *context],
            env={**os.environ, "KUBECONFIG": str(kubeconfig)},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
