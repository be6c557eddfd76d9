"""A lab that runs: `up`, `attach`, and what can be asked of it and done to it.

`up` may be called at any time, also after a kill at any moment: it starts only what is missing.
Concurrent calls for one lab wait for each other.
"""

import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import assembly, control_plane, istiod_process, lifecycle, record
from .cluster import Cluster
from .errors import LabError
from .istiod_process import IstiodProcess
from .lifecycle import Progress
from .record import Record
from .spec import LabSpec, Mode
from .toolchain import Toolchain

__all__ = ["ClusterStatus", "Progress", "RunningCluster", "RunningLab", "attach", "down", "up"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterStatus:
    """How one cluster is."""

    name: str
    running: bool
    api_ready: bool
    node_ready: bool | None
    """None for a cluster without a node."""


class RunningCluster:
    """One cluster of a running lab."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.name = cluster.name

    @property
    def kubeconfig(self) -> Path:
        """For the host, with every right; mode 0600."""
        return self._cluster.kubeconfig

    @property
    def peer_url(self) -> str:
        """The API server as other clusters reach it."""
        return self._cluster.endpoint.url

    @property
    def state(self) -> Path:
        """The cluster's directory; `log/` in it holds each server's log."""
        return self._cluster.directory

    def exec(
        self, pod: str, namespace: str, container: str, argv: Sequence[str], timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a container; the result has its status, also when not 0."""
        kubectl = [str(self._cluster.tools["kubectl"]), f"--kubeconfig={self.kubeconfig}"]
        where = ["exec", pod, f"--namespace={namespace}", f"--container={container}", "--"]
        return subprocess.run(
            [*kubectl, *where, *argv], capture_output=True, text=True, timeout=timeout
        )

    def run_in_node(
        self, argv: Sequence[str], timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the cluster's namespaces; LabError in control-plane mode."""
        if self._cluster.spec.mode is not Mode.NODES:
            raise LabError(f"{self.name} has no namespaces of its own in control-plane mode")
        command = self._cluster.enter(argv)
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout)

    def status(self) -> ClusterStatus:
        cluster = self._cluster
        running = cluster.init is not None
        ready = running and cluster.api.is_ready()
        node = (ready and cluster.has_ready_node()) if cluster.about.nodes else None
        return ClusterStatus(name=self.name, running=running, api_ready=ready, node_ready=node)


class RunningLab:
    """A lab, running or not: `status` tells."""

    def __init__(self, known: Record) -> None:
        self._record = known
        self.spec = known.spec

    @property
    def clusters(self) -> dict[str, RunningCluster]:
        """By name."""
        return {c.name: RunningCluster(c) for c in assembly.clusters(self._record)}

    def status(self) -> list[ClusterStatus]:
        """How each cluster is, in the order of the description."""
        with ThreadPoolExecutor(max_workers=len(self.clusters)) as pool:
            return list(pool.map(RunningCluster.status, self.clusters.values()))

    def healthy(self) -> bool:
        """True when every cluster runs, answers and has its node Ready."""
        return all(
            one.running and one.api_ready and one.node_ready is not False for one in self.status()
        )

    def stop_api(self, name: str) -> None:
        """Kill one cluster's API server and keep it down until `start_api`."""
        self._cluster(name).set_stopped(control_plane.API, stopped=True)

    def start_api(self, name: str) -> None:
        """Start it again and return when it is ready."""
        self._cluster(name).set_stopped(control_plane.API, stopped=False)
        self._cluster(name).wait_for_api()

    def restart_api(self, name: str) -> None:
        """Kill and start one cluster's API server; return when it is ready."""
        self.stop_api(name)
        self.start_api(name)

    def move_api(self, name: str) -> None:
        """Give one cluster's API server another port and authority, and rewrite its kubeconfig.

        Only in control-plane mode: pods would keep trusting the old authority.
        """
        if self.spec.mode is not Mode.CONTROL_PLANE:
            raise LabError("an API server moves only in control-plane mode")
        with assembly.locked(self.spec.directory):
            self._cluster(name).stop()
            self._cluster(name).authority.discard()
            self._record.forget_port(name, "api")
            moved = self._cluster(name)
            self._record.save()
            moved.start(None)
            moved.wait_for_api()
            moved.mark_complete()

    def istiod(self, name: str) -> IstiodProcess:
        """The cluster's istiod as a process, for control-plane mode; its `start` starts it."""
        cluster = self._cluster(name)
        with assembly.locked(self.spec.directory):
            chosen = {flag: self._record.port(name, flag) for flag in istiod_process.LISTENERS}
            self._record.save()
        return IstiodProcess(cluster=cluster, listeners=chosen)

    def _cluster(self, name: str) -> Cluster:
        found = next((c for c in assembly.clusters(self._record) if c.name == name), None)
        if found is None:
            raise LabError(f"got cluster {name!r}; allowed {', '.join(self.clusters)}")
        return found

    def down(self, progress: Progress = lambda _: None) -> None:
        """Stop everything and delete the lab's state; other files in its directory stay."""
        lifecycle.down(self.spec.directory, progress)


def up(
    spec: LabSpec, tools: Mapping[str, Path] | Toolchain, progress: Progress = print
) -> RunningLab:
    """Have the lab running and return it; LabError says what is missing or did not start.

    `tools` are binaries by name, or the toolchain that has them. Where nodes are asked for but
    can't be had, says so and runs control planes only: see `RunningLab.spec.mode`.
    """
    return RunningLab(lifecycle.up(spec, tools, progress))


def attach(directory: Path) -> RunningLab | None:
    """The lab in this directory, running or not; None when there is none."""
    known = record.load(directory.absolute())
    return RunningLab(known) if known else None


def down(directory: Path, progress: Progress = lambda _: None) -> None:
    """Stop the lab in this directory and delete its state; nothing happens when there is none."""
    lifecycle.down(directory, progress)
