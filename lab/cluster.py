"""One cluster of a lab: its files, how it starts and how it ends. Knows both modes."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import control_plane, dns, loadbalancer, process
from .api import Api, ApiError
from .control_plane import Endpoint
from .errors import LabError
from .node import cgroup, cni, containerd, kubelet, proxy
from .pki import Authority
from .process import Process
from .site import BRIDGE, Site
from .spec import ClusterLab, LabSpec, Mode
from .supervisor import Command, Plan

NODE_TOOLS = (
    *("kube-scheduler", "kubelet", "kube-proxy", "coredns", "kubectl"),
    *("containerd", "containerd-shim-runc-v2", "ctr", "runc", "nft"),
    *cni.PLUGINS,
)
PAUSE_IMAGE = "docker.io/meshtier/pause:1"
# How long a start may take on a busy machine; an idle one needs a tenth.
_PATIENCE = 180
_KUBECONFIGS = ("controller-manager", "scheduler", "proxy", "kubelet", "dns")
_OUTSIDE = "eth0"
# Worse than any other route, so that it only catches what nothing else wants.
_LAST_METRIC = 4278198272


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One cluster; all its state is in `directory`."""

    spec: LabSpec
    about: ClusterLab
    index: int
    directory: Path
    tools: Mapping[str, Path]
    host_port: int
    """On the host's loopback."""

    endpoint: Endpoint

    @property
    def name(self) -> str:
        return self.about.name

    @property
    def authority(self) -> Authority:
        return Authority(self.directory / "pki")

    @property
    def api(self) -> Api:
        """The API server as the host reaches it, with every right."""
        return Api(f"https://127.0.0.1:{self.host_port}", self.authority.directory)

    @property
    def role(self) -> str:
        """The mark of the cluster's first process."""
        return f"cluster/{self.name}"

    @property
    def kubeconfig(self) -> Path:
        """For the host; mode 0600."""
        return self.spec.directory / "kubeconfigs" / f"{self.name}.yaml"

    @property
    def cgroup(self) -> str:
        return f"meshtier-{zlib.crc32(str(self.spec.directory).encode()):08x}-{self.name}"

    @property
    def init(self) -> Process | None:
        """The supervising process, None when the cluster isn't running."""
        return Process.load(self.directory / "init.json")

    def write_files(self) -> None:
        """Make keys and configuration that are missing, and kubeconfigs afresh."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.authority.exists():
            names = control_plane.server_names(self.about, self.endpoint)
            self.authority.make(names, kubelet.node_name(self.about), self.endpoint.address)
        for client in _KUBECONFIGS:
            self._write_kubeconfig(self.directory / f"{client}.kubeconfig", client)
        self.kubeconfig.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        server = f"https://127.0.0.1:{self.host_port}"
        text = self.authority.kubeconfig(cluster=self.name, server=server, client="admin")
        if not self.kubeconfig.exists() or self.kubeconfig.read_text() != text:
            process.write_atomically(self.kubeconfig, text)

    def _write_kubeconfig(self, path: Path, client: str) -> None:
        text = self.authority.kubeconfig(cluster=self.name, server=self.endpoint.url, client=client)
        process.write_atomically(path, text)

    def start(self, site: Site | None) -> None:
        """Start a cluster that isn't running, in the site's network or, without one, on loopback."""
        self.write_files()
        log = self.directory / "init.log"
        if site is None:
            plan = self.directory / "plan.json"
            process.write_atomically(plan, json.dumps(self._plan().to_json()))
            process.spawn(
                process.python_command("lab.supervisor", str(plan)),
                environment=process.marked_environment(self.spec.directory, self.role),
                log=log,
                record=self.directory / "init.json",
            )
            return
        launch = self.directory / "launch.json"
        process.write_atomically(launch, json.dumps(self._launch_plan(site)))
        with log.open("ab") as output:
            done = subprocess.run(
                process.python_command("lab.node.launch", str(launch)),
                env=process.marked_environment(self.spec.directory, self.role),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                timeout=_PATIENCE,
            )
        if done.returncode != 0:
            raise LabError(f"{self.name} did not start: {_last_line(log)}")

    def _launch_plan(self, site: Site) -> dict[str, object]:
        holder = site.holder
        if holder is None:
            raise LabError(f"{self.name} did not start: the lab's network is gone")
        inside = [
            "link set lo up",
            f"addr add {self.endpoint.address}/{self.spec.site.prefixlen} dev {_OUTSIDE}",
            f"link set {_OUTSIDE} up",
            f"route add unreachable default metric {_LAST_METRIC}",
        ]
        if self.about.nodes:
            # Processes of the node call Services too; kube-proxy turns these packets round.
            inside.append(f"route add {self.about.services} dev {_OUTSIDE}")
        return {
            "cgroup": self.cgroup,
            "record": str(self.directory / "init.json"),
            "hostname": kubelet.node_name(self.about),
            "state": str(self.directory),
            "node": self.about.nodes,
            "plan": self._plan().to_json(),
            "network": {
                "site": holder.pid,
                "bridge": BRIDGE,
                "link": f"cluster{self.index}",
                "ip": str(self.tools["ip"]),
                "inside": inside,
            },
        }

    def _plan(self) -> Plan:
        commands = [
            *control_plane.commands(
                self.about,
                self.endpoint,
                self.authority,
                self.directory,
                self.tools,
                self.spec.kubernetes_flags,
            ),
            *(self._node_commands() if self.about.nodes else ()),
        ]
        if self.about.nodes or self.spec.mode is Mode.CONTROL_PLANE:
            commands.append(self._balancer())
        return Plan(
            state=self.directory,
            server=self.endpoint.url,
            credentials=self.authority.directory,
            commands=tuple(commands),
            search_path=search_path(self.tools),
        )

    def _node_commands(self) -> Sequence[Command]:
        state, address = self.directory, self.endpoint.address
        plugins, networks = cni.configure(self.about, state, self.tools)
        runtime = containerd.configure(
            state, pause=PAUSE_IMAGE, runc=self.tools["runc"], plugins=plugins, networks=networks
        )
        settings = kubelet.configure(self.about, address, self.authority, state)
        services = proxy.configure(self.about, state / "proxy.kubeconfig", state)
        corefile = dns.configure(address, state / "dns.kubeconfig", state)
        return (
            containerd.command(self.tools["containerd"], runtime),
            kubelet.command(
                self.about, self.tools["kubelet"], settings, state / "kubelet.kubeconfig", address
            ),
            proxy.command(self.tools["kube-proxy"], services),
            dns.command(self.tools["coredns"], corefile),
        )

    def _balancer(self) -> Command:
        return loadbalancer.command(
            process.python_command("lab.loadbalancer"),
            server=self.endpoint.url,
            credentials=self.authority.directory,
            addresses=self.spec.balancers(self.index),
            interface=_OUTSIDE if self.about.nodes else None,
            ip=self.tools.get("ip"),
        )

    def wait_for_api(self) -> None:
        """Return when the API server is ready; raise LabError when it isn't in time."""
        self._wait("its API server isn't ready", self.api.is_ready)

    def add_objects(self) -> None:
        """Apply what the lab itself needs in the cluster."""
        wanted = []
        if self.about.nodes:
            wanted += dns.objects(self.about, self.endpoint.address)
        if self.about.nodes or self.spec.mode is Mode.CONTROL_PLANE:
            wanted += loadbalancer.objects()
        for path, value in wanted:
            self.api.apply(path, value)

    def wait_for_node(self) -> None:
        """Return when the node is Ready; raise LabError when it isn't in time."""
        self._wait("its node isn't Ready", self.has_ready_node)

    def has_ready_node(self) -> bool:
        try:
            node = self.api.get(f"/api/v1/nodes/{kubelet.node_name(self.about)}")
        except (OSError, ApiError, http.client.HTTPException):
            return False
        conditions = node["status"].get("conditions", [])
        ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
        return ready and not node["spec"].get("taints")

    @property
    def _completed(self) -> Path:
        return self.directory / "completed.json"

    @property
    def is_complete(self) -> bool:
        """True when all of `up` has been done for the processes that run now."""
        init = self.init
        return init is not None and Process.load(self._completed) == init

    def mark_complete(self) -> None:
        init = self.init
        if init is not None:
            init.save(self._completed)

    def wait_for_containerd(self) -> None:
        """Return when images can be loaded; raise LabError when they can't in time."""
        self._wait("containerd isn't up", lambda: self._socket().is_socket())

    def _socket(self) -> Path:
        init = self.init
        return Path(f"/proc/{init.pid if init else 0}/root{containerd.SOCKET}")

    def set_stopped(self, command: str, *, stopped: bool) -> None:
        """Have one of the cluster's commands killed and kept down, or started again."""
        init = self.init
        if init is None:
            raise LabError(f"{self.name} isn't running")
        marker = self.directory / "stopped" / command
        if stopped:
            marker.touch()
        else:
            marker.unlink(missing_ok=True)
        os.kill(init.pid, signal.SIGHUP)
        if stopped:
            pid = self.directory / "pid" / command
            self._wait(f"{command} doesn't stop", lambda: not pid.exists())

    def _wait(self, problem: str, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not is_done():
            if self.init is None:
                raise LabError(f"{self.name} ended: {_last_line(self.directory / 'init.log')}")
            if time.monotonic() > deadline:
                raise LabError(
                    f"{self.name}: {problem} after {_PATIENCE} s; see {self.directory / 'log'}"
                )
            time.sleep(0.1)

    def enter(self, argv: Sequence[str]) -> list[str]:
        """The command that runs `argv` in the cluster's namespaces."""
        init = self.init
        if init is None:
            raise LabError(f"{self.name} isn't running")
        path = f"PATH={search_path(self.tools)}"
        target = ("-t", str(init.pid), "-m", "-u", "-i", "-n", "-p", "-C")
        return ["nsenter", *target, "env", path, *argv]

    def stop(self) -> None:
        """End every process of the cluster, recorded or not, and remove its cgroups."""
        init = self.init
        if init is not None:
            init.kill()
        for left in list(process.marked(self.spec.directory, self.role)):
            left.kill()
        if self.spec.mode is Mode.NODES:
            cgroup.remove(self.cgroup)
        (self.directory / "init.json").unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop it and delete its state."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        self.kubeconfig.unlink(missing_ok=True)


def search_path(tools: Mapping[str, Path]) -> str:
    """PATH with the lab's tools before the machine's own."""
    folders = dict.fromkeys(str(path.parent) for path in tools.values() if path.is_file())
    return ":".join([*folders, "/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])


def _last_line(log: Path) -> str:
    lines = log.read_text().strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
