"""istiod of one cluster as a plain process, where no node can run its pod.

Takes its settings from the Deployment and Secret that the environment put into the cluster, so it
is the istiod that was asked for; only its addresses are the lab's.
"""

import base64
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import process
from .cluster import Cluster
from .errors import LabError
from .process import Process
from .supervisor import Command, Plan

_NAMESPACE = "istio-system"
_HTTP = "httpAddr"
LISTENERS = (_HTTP, "httpsAddr", "grpcAddr", "secureGRPCAddr", "monitoringAddr")
"""istiod's flags that want an address of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IstiodProcess:
    """One cluster's istiod."""

    cluster: Cluster
    listeners: Mapping[str, int]
    """Flag -> port on 127.0.0.1, for each of LISTENERS."""

    @property
    def url(self) -> str:
        """Where its debug pages are, such as /debug/clusterz."""
        return f"http://127.0.0.1:{self.listeners[_HTTP]}"

    @property
    def _state(self) -> Path:
        return self.cluster.directory / "istiod"

    @property
    def _running(self) -> Process | None:
        return Process.load(self._state / "init.json")

    def start(self) -> None:
        """Start it unless it runs; ApiError without an istiod Deployment or cacerts Secret."""
        if self._running is not None:
            return
        if "pilot-discovery" not in self.cluster.tools:
            raise LabError("the lab needs the tool pilot-discovery; build it first")
        base = f"/api/v1/namespaces/{_NAMESPACE}"
        secret = self.cluster.api.get(f"{base}/secrets/cacerts")
        path = f"/apis/apps/v1/namespaces/{_NAMESPACE}/deployments/istiod"
        container = self.cluster.api.get(path)["spec"]["template"]["spec"]["containers"][0]
        certificates = self._state / "cacerts"
        certificates.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, value in secret["data"].items():
            process.write_atomically(certificates / name, base64.b64decode(value).decode())
        plan = self._state / "plan.json"
        process.write_atomically(plan, json.dumps(self._plan(container, certificates).to_json()))
        process.spawn(
            process.python_command("lab.supervisor", str(plan)),
            environment=process.marked_environment(
                self.cluster.spec.directory, f"{self.cluster.role}/istiod"
            ),
            log=self._state / "init.log",
            record=self._state / "init.json",
        )

    def _plan(self, container: Mapping[str, Any], certificates: Path) -> Plan:
        settings = {e["name"]: e["value"] for e in container.get("env", []) if "value" in e}
        settings |= {
            "POD_NAME": f"istiod-{self.cluster.name}",
            "POD_NAMESPACE": _NAMESPACE,
            "ROOT_CA_DIR": str(certificates),
            "KUBECONFIG": str(self.cluster.kubeconfig),
        }
        addresses = [f"--{flag}=127.0.0.1:{port}" for flag, port in self.listeners.items()]
        argv = [
            "env",
            f"--chdir={self._state}",
            *(f"{name}={value}" for name, value in settings.items()),
            str(self.cluster.tools["pilot-discovery"]),
            *container["args"],
            # The last of equal flags counts.
            *addresses,
            f"--kubeconfig={self.cluster.kubeconfig}",
            "--ctrlz_port=0",
        ]
        return Plan(
            state=self._state,
            server=self.cluster.endpoint.url,
            credentials=self.cluster.authority.directory,
            commands=(Command(name="istiod", argv=tuple(argv), after_api=True),),
            search_path=self.cluster.search_path,
        )

    def is_ready(self) -> bool:
        """True when istiod says that it is."""
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=3) as answer:
                return answer.status == 200
        except OSError:
            return False

    def get(self, path: str) -> Any:
        """A JSON page, such as /debug/clusterz; OSError when istiod doesn't answer."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return json.load(answer)

    def stop(self) -> None:
        """End it, if it runs."""
        running = self._running
        if running is not None:
            running.kill()
        directory, role = self.cluster.spec.directory, f"{self.cluster.role}/istiod"
        for left in list(process.marked(directory, role)):
            left.kill()
