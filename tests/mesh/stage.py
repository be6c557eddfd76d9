"""The local environment in a lab of the tests' own, and what a lab leaves on the machine."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml
from meshtier.plan.model import MeshPlan
from meshtier.spec import load

from lab import ports, process
from lab.kubectl import Kubectl
from lab.local import LocalEnvironment
from lab.proof import Proof
from lab.running import RunningLab
from lab.toolchain import CHECKOUT, Toolchain
from lab.workspace import Workspace

PREFIX: Final = "test-mesh-"
_OWNER: Final = "owner.json"

_DOCUMENT = yaml.safe_load((CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text())
_SPEC = load(_DOCUMENT["config"]["meshtier:environment"], name="local")
NETWORKS: Final = {
    cluster.name: cluster.member.network for cluster in _SPEC.clusters if cluster.member
}
"""Network by member; the members are known before there is a lab, so tests are named by them."""
MEMBERS: Final = tuple(NETWORKS)
PAIRS: Final = tuple((source, destination) for source in MEMBERS for destination in MEMBERS)


def pair_id(pair: tuple[str, str]) -> str:
    """Name of a subtest, such as `eu-shop->us-shop`."""
    return "->".join(pair)


@dataclass(kw_only=True)
class Stage:
    """The local environment, up and measured."""

    environment: LocalEnvironment
    lab: RunningLab

    @cached_property
    def kubectls(self) -> Mapping[str, Kubectl]:
        return self.environment.kubectls(self.lab)

    @cached_property
    def proof(self) -> Proof:
        """What was measured when it came up; installs the workloads."""
        return self.environment.prove(self.lab)

    @property
    def mesh(self) -> MeshPlan:
        assert self.environment.plan.mesh is not None
        return self.environment.plan.mesh


def own(role: str, toolchain: Toolchain) -> LocalEnvironment:
    """The local environment in a lab that belongs to this process."""
    environment = LocalEnvironment(toolchain=toolchain, lab_name=f"{PREFIX}{role}-{os.getpid()}")
    root = environment.stack.workspace.root
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    me = process.Process.of(os.getpid())
    assert me is not None
    me.save(root / _OWNER)
    return environment


def discard_leftovers(toolchain: Toolchain) -> list[str]:
    """Remove labs of test runs that were killed; return their names."""
    left = [
        root.name
        for root in Workspace.of("x").root.parent.glob(f"{PREFIX}*")
        if (root / _OWNER).exists() and process.Process.load(root / _OWNER) is None
    ]
    for name in left:
        LocalEnvironment(toolchain=toolchain, lab_name=name).discard(lambda line: None)
    return left


def command(lab: str, *arguments: str) -> list[str]:
    """`python -m lab` on one lab."""
    name, *options = arguments
    return [sys.executable, "-m", "lab", name, "--lab", lab, *options]


def run(lab: str, *arguments: str, timeout: float = 400) -> subprocess.CompletedProcess[str]:
    """Run `python -m lab` as a user would; its errors are in `stdout` too."""
    return subprocess.run(
        command(lab, *arguments),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What a running lab has on this machine, to look for after its end."""

    root: Path
    namespaces: frozenset[str]
    """Its network namespaces, as /proc names them."""
    inside: frozenset[process.Process]
    """All that ran in them; the kernel gives their names again, to another lab's."""

    @classmethod
    def of(cls, root: Path) -> "Traces":
        mine = {network for one in process.marked(root) if (network := _network(one.pid))}
        namespaces = frozenset(mine - {_network(os.getpid())})
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        inside = [process.Process.of(pid) for pid in pids if _network(pid) in namespaces]
        return cls(root=root, namespaces=namespaces, inside=frozenset(filter(None, inside)))

    def left(self) -> list[str]:
        """What of it is still there, in words."""
        found = [f"process {one.pid}: {_words(one.pid)}" for one in process.marked(self.root)]
        found += [
            f"namespace {_network(one.pid)} held by {one.pid}: {_words(one.pid)}"
            for one in self.inside
            if one.is_alive()
        ]
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            if str(self.root) in line or any(name in line for name in self.namespaces):
                found.append(f"mount {line}")
        found += [f"port {port}" for port in ports.of(self.root)]
        found += [f"directory {self.root}"] if self.root.exists() else []
        return found


def _network(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return ""


def _words(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "ended meanwhile"
