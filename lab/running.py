"""A lab that runs: `up`, `attach`, and what can be asked of it and done to it.

`up` may be called at any time, also after a kill at any moment: it starts only what is missing.
Concurrent calls for one lab wait for each other.
"""

import contextlib
import dataclasses
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import control_plane, images, istiod_process, ports, preflight, process, record
from .cluster import Cluster
from .control_plane import Endpoint
from .errors import LabError
from .istiod_process import IstiodProcess
from .record import Record
from .site import Site
from .spec import LabSpec, Mode

Progress = Callable[[str], None]
_LOCK = ".lock"


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
        return {c.name: RunningCluster(c) for c in _clusters(self._record)}

    def status(self) -> list[ClusterStatus]:
        """How each cluster is, in the order of the description."""
        with ThreadPoolExecutor(max_workers=len(self.clusters)) as pool:
            return list(pool.map(RunningCluster.status, self.clusters.values()))

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
        with _locked(self.spec.directory):
            self._cluster(name).stop()
            self._cluster(name).authority.discard()
            self._record.forget_port(name, "api")
            moved = self._cluster(name)
            self._record.save()
            moved.start(None)
        moved.wait_for_api()

    def istiod(self, name: str) -> IstiodProcess:
        """The cluster's istiod as a process, for control-plane mode; its `start` starts it."""
        cluster = self._cluster(name)
        with _locked(self.spec.directory):
            chosen = {flag: self._record.port(name, flag) for flag in istiod_process.LISTENERS}
            self._record.save()
        return IstiodProcess(cluster=cluster, listeners=chosen)

    def _cluster(self, name: str) -> Cluster:
        found = next((c for c in _clusters(self._record) if c.name == name), None)
        if found is None:
            raise LabError(f"got cluster {name!r}; allowed {', '.join(self.clusters)}")
        return found

    def down(self, progress: Progress = lambda _: None) -> None:
        """Stop everything and delete the lab's state; other files in its directory stay."""
        down(self.spec.directory, progress)


def attach(directory: Path) -> RunningLab:
    """The lab in this directory; LabError when there is none."""
    known = record.load(directory.absolute())
    if known is None:
        raise LabError(f"no lab in {directory}")
    return RunningLab(known)


def up(spec: LabSpec, tools: Mapping[str, Path], progress: Progress = print) -> RunningLab:
    """Have the lab running and return it; LabError says what is missing or did not start.

    Where nodes are asked for but can't be had, says so and runs control planes only: see
    `RunningLab.spec.mode`.
    """
    spec = _possible(spec, progress)
    spec.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(spec.directory):
        nodes = any(cluster.nodes for cluster in spec.clusters)
        known = record.merge(spec, preflight.complete(tools, spec.mode, nodes=nodes))
        _remove_undescribed(known, progress)
        site = _site(known)
        if site is not None and site.ensure():
            # Whatever still runs of this lab hangs on a network that is gone.
            for cluster in _clusters(known):
                cluster.stop()
        _replace_taken_ports(known, site, progress)
        clusters = _clusters(known)
        known.save()
        with ThreadPoolExecutor(max_workers=len(clusters)) as pool:
            list(pool.map(lambda cluster: _start_missing(cluster, site, progress), clusters))
            if site is not None:
                _connect(site, clusters)
            list(pool.map(lambda cluster: _complete(cluster, progress), clusters))
    return RunningLab(known)


def down(directory: Path, progress: Progress = lambda _: None) -> None:
    """Stop the lab in this directory and delete its state; nothing happens when there is none."""
    directory = directory.absolute()
    if not directory.exists():
        return
    with _locked(directory):
        known = record.load(directory)
        clusters = _clusters(known) if known else []
        with ThreadPoolExecutor(max_workers=len(clusters) or 1) as pool:
            list(pool.map(Cluster.remove, clusters))
        site = _site(known) if known else None
        if site is not None:
            site.stop()
        for left in list(process.marked(directory)):
            left.kill()
        for folder in ("clusters", "site", "kubeconfigs"):
            shutil.rmtree(directory / folder, ignore_errors=True)
        (directory / record.FILE).unlink(missing_ok=True)
        ports.release(directory)
        progress(f"{len(clusters)} clusters stopped and removed")
        (directory / _LOCK).unlink()
    with contextlib.suppress(OSError):
        directory.rmdir()


def _possible(spec: LabSpec, progress: Progress) -> LabSpec:
    """The description as this machine can run it, said aloud when that is less."""
    spec = dataclasses.replace(spec, directory=spec.directory.absolute())
    if spec.mode is Mode.NODES and (why := preflight.missing_for_nodes()):
        progress(f"{why}; running API servers without nodes instead")
        spec = dataclasses.replace(spec, mode=Mode.CONTROL_PLANE)
    if spec.mode is Mode.CONTROL_PLANE:
        bare = tuple(dataclasses.replace(cluster, nodes=False) for cluster in spec.clusters)
        spec = dataclasses.replace(spec, clusters=bare)
    return spec


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lab's lock; it falls when this process ends, however it ends."""
    path = directory / _LOCK
    while True:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # `down` deletes the file it holds; then the lock of the new one counts.
            if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
                yield
                return


def _remove_undescribed(known: Record, progress: Progress) -> None:
    before = record.load(known.spec.directory)
    wanted = {cluster.name for cluster in known.spec.clusters}
    for cluster in _clusters(before) if before else []:
        if cluster.name not in wanted:
            progress(f"{cluster.name}: removing, no longer described")
            cluster.remove()
            known.forget(cluster.name)


def _replace_taken_ports(known: Record, site: Site | None, progress: Progress) -> None:
    """Leave remembered ports that somebody else took while their user wasn't running."""
    for cluster in _clusters(known):
        if site.is_forwarding if site else cluster.init is not None:
            continue
        for key, port in list(known.ports.items()):
            name, _, use = key.partition("/")
            if name == cluster.name and not ports.is_free(port):
                progress(f"{name}: port {port} is taken by another program; using a new one")
                known.forget_port(name, use)


def _site(known: Record) -> Site | None:
    if known.spec.mode is Mode.CONTROL_PLANE:
        return None
    tools = known.tools
    return Site(known.spec, known.spec.directory / "site", ip=tools["ip"], nft=tools["nft"])


def _clusters(known: Record) -> list[Cluster]:
    spec = known.spec
    found: list[Cluster] = []
    for about in spec.clusters:
        index, port = known.index(about.name), known.port(about.name, "api")
        if spec.mode is Mode.NODES:
            endpoint = Endpoint(address=spec.machine(index))
        else:
            endpoint = Endpoint(
                address="127.0.0.1",
                port=port,
                etcd_port=known.port(about.name, "etcd"),
                etcd_peer_port=known.port(about.name, "etcd-peer"),
            )
        found.append(
            Cluster(
                spec=spec,
                about=about,
                index=index,
                directory=spec.directory / "clusters" / about.name,
                tools=known.tools,
                host_port=port,
                endpoint=endpoint,
            )
        )
    return found


def _start_missing(cluster: Cluster, site: Site | None, progress: Progress) -> None:
    if cluster.init is not None:
        # The host's port may be a new one.
        cluster.write_files()
        return
    # What a crash left must go first: processes without their init, cgroups.
    cluster.stop()
    progress(f"{cluster.name}: starting")
    cluster.start(site)


def _connect(site: Site, clusters: Sequence[Cluster]) -> None:
    site.forward({c.host_port: f"{c.endpoint.address}:{c.endpoint.port}" for c in clusters})
    machines = {cluster.name: cluster.endpoint.address for cluster in clusters}
    for cluster in clusters:
        init = cluster.init
        if cluster.about.nodes and init is not None:
            site.connect(cluster.about, init.pid, machines)


def _complete(cluster: Cluster, progress: Progress) -> None:
    """Bring a started cluster to where pods can run; does nothing where it is already."""
    if cluster.about.nodes:
        cluster.wait_for_containerd()
        images.load(cluster, progress)
    was_ready = cluster.is_complete
    cluster.wait_for_api()
    if not was_ready:
        cluster.add_objects()
    if cluster.about.nodes:
        cluster.wait_for_node()
    if not was_ready:
        cluster.mark_complete()
        progress(f"{cluster.name}: ready")
