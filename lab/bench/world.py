"""What is measured: API servers on loopback, and an environment of any size over them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from .. import running
from ..local import copy_charts
from ..plugins import install
from ..running import RunningLab
from ..spec import ClusterLab, LabSpec, Mode
from ..toolchain import CHECKOUT, Toolchain
from ..workspace import Workspace

Progress = Callable[[str], None]
Document = dict[str, Any]

MASTER: Final = "hq"
SEED: Final = "eu"
NETWORKS: Final = ("eu", "us")
_STACK_FILE: Final = CHECKOUT / "stacks" / "Pulumi.local.yaml"


@dataclass(frozen=True, kw_only=True)
class World:
    """A running lab, the engine's folder and Istio's charts."""

    lab: RunningLab
    workspace: Workspace
    toolchain: Toolchain
    root: Path

    def config(self, members: int) -> Document:
        """Configuration of a stack with the first so many user clusters."""
        settings = yaml.safe_load(_STACK_FILE.read_text())["config"]
        mesh = settings["meshtier:environment"]["mesh"]
        return {**settings, "meshtier:environment": self._environment(mesh, members)}

    def _environment(self, mesh: Document, members: int) -> Document:
        mesh["istio"]["charts"] = str(self.workspace.charts)
        mesh["allowLoopbackPeers"] = True
        users = {
            name: {"cloud": self._cloud(name), "mesh": {"network": NETWORKS[at % len(NETWORKS)]}}
            for at, name in enumerate(member_names(members))
        }
        # There are no nodes, so neither istiod's pods nor the gateway's ever run.
        defaults = {
            "existingObjects": "adopt",
            "mesh": {"wait": False, "gateway": {"replicas": 1}},
        }
        return {
            "mesh": mesh,
            "master": {
                "name": MASTER,
                "cloud": self._cloud(MASTER),
                "existingObjects": "adopt",
                "defaults": defaults,
            },
            "seeds": {SEED: {"cloud": self._cloud(SEED), "userClusters": users}},
        }

    def _cloud(self, name: str) -> Document:
        cluster = self.lab.clusters[name]
        return {
            "existing": {
                "kubeconfig": str(cluster.kubeconfig),
                "apiServerForPeers": cluster.peer_url,
            }
        }


def member_names(count: int) -> list[str]:
    """User clusters of an environment with so many members."""
    return [f"user-{number}" for number in range(1, count + 1)]


@contextmanager
def world(root: Path, toolchain: Toolchain, members: int, progress: Progress) -> Iterator[World]:
    """Have the clusters run; everything below `root` is gone afterwards, and before."""
    clear(root)
    names = (MASTER, SEED, *member_names(members))
    spec = LabSpec(
        name=root.name,
        directory=root / "lab",
        clusters=tuple(ClusterLab(name=name) for name in names),
        mode=Mode.CONTROL_PLANE,
    )
    try:
        progress(f"{len(names)} API servers: about {10 + 4 * len(names)} s")
        lab = running.up(spec, toolchain, lambda _: None)
        workspace = Workspace(root / "engine")
        workspace.prepare()
        copy_charts(toolchain, workspace.charts)
        for source in install.install(workspace.pulumi_home, toolchain).values():
            progress(str(source))
        yield World(lab=lab, workspace=workspace, toolchain=toolchain, root=root)
    finally:
        clear(root)


def clear(root: Path) -> None:
    """Stop and remove what this or an earlier bench left."""
    running.down(root / "lab")
    shutil.rmtree(root, ignore_errors=True)
