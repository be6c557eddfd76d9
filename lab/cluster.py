"""One cluster of a lab: how it starts, what it waits for, and how it ends. Knows both modes."""

import datetime
import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from . import commands, dns, linux, loadbalancer, process
from .api import ApiError
from .errors import LabError
from .layout import Layout
from .node import cgroup, containerd, kubelet
from .process import Process
from .site import Site
from .spec import Mode

# How long a start may take on a busy machine; an idle one needs a tenth.
_PATIENCE = 300


class Cluster(Layout):
    """One cluster as processes."""

    @property
    def init(self) -> Process | None:
        """The supervising process, None when the cluster isn't running."""
        return Process.load(self.record)

    def start(self, site: Site | None) -> None:
        """Start a cluster that isn't running: in the site's network, or on loopback without one."""
        self.write_files()
        log = self.directory / "init.log"
        if site is None:
            plan = self.directory / "plan.json"
            process.write_atomically(plan, json.dumps(commands.plan(self).to_json()))
            process.spawn(
                process.python_command("lab.supervisor", str(plan)),
                environment=process.marked_environment(self.spec.directory, self.role),
                log=log,
                record=self.record,
            )
            return
        holder = site.holder
        if holder is None:
            raise LabError(f"{self.name} did not start: the lab's network is gone")
        launch = self.directory / "launch.json"
        process.write_atomically(launch, json.dumps(commands.launch(self, holder.pid)))
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
        ready = any(self._is_fresh_ready(condition) for condition in conditions)
        return ready and not node["spec"].get("taints")

    def _is_fresh_ready(self, condition: dict[str, str]) -> bool:
        """True for a Ready of the kubelet that runs now, not one kept from before a crash."""
        if (condition["type"], condition["status"]) != ("Ready", "True"):
            return False
        posted = datetime.datetime.fromisoformat(condition["lastHeartbeatTime"]).timestamp()
        # The heartbeat has whole seconds; a node is never Ready within its first.
        return posted >= self.record.stat().st_mtime - 1

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
            time.sleep(0.25)

    def enter(self, argv: Sequence[str]) -> list[str]:
        """The command that runs `argv` in the cluster's namespaces."""
        init = self.init
        if init is None or not linux.is_in_another_network(init.pid):
            raise LabError(f"{self.name} isn't running")
        path = f"PATH={self.search_path}"
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
        self.record.unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop it and delete its state."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        self.kubeconfig.unlink(missing_ok=True)


def _last_line(log: Path) -> str:
    lines = log.read_text().strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
