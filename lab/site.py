"""The place a lab's clusters meet: one network namespace with a bridge, cut off from the world.

Leaves out what runs in the clusters. The host reaches API servers only through the forwarder.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import linux, process
from .errors import LabError
from .process import Process
from .spec import ClusterLab, LabSpec

BRIDGE = "site"
_PATIENCE = 60


class Site:
    """The network of one lab; all its state is in `directory`."""

    def __init__(self, spec: LabSpec, directory: Path, ip: Path, nft: Path) -> None:
        self._spec = spec
        self._directory = directory
        self._ip = ip
        self._nft = nft

    @property
    def holder(self) -> Process | None:
        """The process that keeps the namespace alive, None when there is none."""
        return Process.load(self._directory / "holder.json")

    @property
    def is_forwarding(self) -> bool:
        """True while the host's ports are served."""
        return Process.load(self._directory / "forwarder.json") is not None

    def ensure(self) -> bool:
        """Make the namespace and bridge when missing; True when they were made."""
        holder = self.holder
        made = self._directory / "made.json"
        if holder is not None and Process.load(made) == holder:
            return False
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        holder = self._hold()
        address = f"{self._spec.gateway}/{self._spec.site.prefixlen}"
        self._batch(
            holder.pid,
            [
                "link set lo up",
                f"link add {BRIDGE} type bridge",
                f"addr add {address} dev {BRIDGE}",
                f"link set {BRIDGE} up",
            ],
        )
        holder.save(made)
        return True

    def _hold(self) -> Process:
        holder = self._spawn("holder", "lab.site")
        deadline = time.monotonic() + _PATIENCE
        # Its own word could be an earlier holder's, and in its place lies the host's network.
        while not linux.is_in_another_network(holder.pid):
            if not holder.is_alive() or time.monotonic() > deadline:
                raise LabError(f"no network namespace: {_last_line(self._directory, 'holder')}")
            time.sleep(0.02)
        return holder

    def _spawn(self, role: str, module: str, *arguments: str) -> Process:
        mark = f"site/{role}"
        # One that was started but not recorded, or not completed, when a launcher was killed.
        for left in list(process.marked(self._spec.directory, mark)):
            left.kill()
        return process.spawn(
            process.python_command(module, *arguments),
            environment=process.marked_environment(self._spec.directory, mark),
            log=self._directory / f"{role}.log",
            record=self._directory / f"{role}.json",
        )

    def forward(self, ports: Mapping[int, str]) -> None:
        """Have the forwarder serve exactly these: port on 127.0.0.1 -> address:port inside."""
        holder = self.holder
        assert holder is not None, "ensure() comes first"
        wanted = json.dumps({"site": holder.pid, "ports": ports}, sort_keys=True)
        plan = self._directory / "forward.json"
        record = self._directory / "forwarder.json"
        running = Process.load(record)
        if running and plan.exists() and plan.read_text() == wanted:
            return
        process.write_atomically(plan, wanted)
        self._spawn("forwarder", "lab.forward", str(plan))

    def connect(self, cluster: ClusterLab, pid: int, machines: Mapping[str, str]) -> None:
        """Give the node in namespace `pid` its pod routes; `machines` is name -> bridge address.

        Pods keep their address towards the same mesh network, where everybody has a route back,
        and take the node's towards everything else.
        """
        neighbours = self._spec.neighbours(cluster)
        self._batch(
            pid, [f"route replace {n.pods} via {machines[n.name]} dev eth0" for n in neighbours]
        )
        direct = ", ".join([str(n.pods) for n in neighbours] + ["127.0.0.0/8"])
        rules = (
            "table ip lab\ndelete table ip lab\ntable ip lab {\n chain leave {\n"
            "  type nat hook postrouting priority srcnat; policy accept;\n"
            f'  ip saddr {cluster.pods} oifname "eth0" ip daddr != {{ {direct} }} masquerade\n'
            " }\n}\n"
        )
        process.run_in_network(pid, [str(self._nft), "-f", "-"], rules)

    def _batch(self, pid: int, lines: Sequence[str]) -> None:
        process.run_in_network(pid, [str(self._ip), "-batch", "-"], "\n".join(lines))

    def stop(self) -> None:
        """End the forwarder and the namespace."""
        for role in ("forwarder", "holder"):
            running = Process.load(self._directory / f"{role}.json")
            if running:
                running.kill()
            (self._directory / f"{role}.json").unlink(missing_ok=True)


def _last_line(directory: Path, role: str) -> str:
    lines = (directory / f"{role}.log").read_text().strip().splitlines()
    return lines[-1] if lines else "it ended without a word"


def hold() -> None:
    """Enter a new network namespace and keep it until killed."""
    try:
        linux.unshare(linux.CLONE_NEWNET)
    except OSError as error:
        sys.exit(str(error))
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    hold()
