"""kubectl against one cluster: the few verbs the lab and its proofs need."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class KubectlError(Exception):
    """kubectl said no; the message is its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kubectl:
    """One cluster, seen through its admin kubeconfig."""

    binary: Path
    kubeconfig: Path
    timeout: float = 180
    """Seconds one call may take; more than any caller has kubectl itself wait."""

    def run(self, *args: str, stdin: str | None = None) -> str:
        """Run kubectl and return what it printed; KubectlError when it fails."""
        command = [str(self.binary), f"--kubeconfig={self.kubeconfig}", *args]
        try:
            done = subprocess.run(
                command, input=stdin, capture_output=True, text=True, timeout=self.timeout
            )
        except subprocess.TimeoutExpired as late:
            raise KubectlError(f"no answer within {self.timeout:.0f} s: {' '.join(args)}") from late
        if done.returncode != 0:
            raise KubectlError((done.stderr or done.stdout).strip())
        return done.stdout

    def get(self, *args: str) -> Any:
        """Return `kubectl get … -o json` as data."""
        return json.loads(self.run("get", *args, "-o", "json"))

    def apply(self, manifests: Sequence[Mapping[str, Any]]) -> None:
        """Apply objects server-side."""
        bundle = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        self.run("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=json.dumps(bundle))

    def exec(self, namespace: str, target: str, container: str, *argv: str) -> str:
        """Run a command in a container of a pod (or `deploy/name`) and return its output.

        Waits a few seconds for a Deployment to have a pod, not kubectl's own minute.
        """
        where = ("-n", namespace, target, "-c", container, "--pod-running-timeout=5s")
        return self.run("exec", *where, "--", *argv)
