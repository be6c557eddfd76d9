"""A preview of the shipped production from nothing, against a bare program with its resources.

The clouds are stand-ins, and nothing is made: every id, address and kubeconfig is unknown, as in
the first preview of a real environment.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..errors import LabError
from ..local import copy_charts
from ..plugins import install
from ..plugins.cloud.store import FOLDER
from ..toolchain import CHECKOUT, Toolchain
from ..workspace import Workspace
from . import plans
from .compare import require_same
from .engine import Stack
from .meter import Cost
from .registrations import Resource, registrations, write
from .table import Row, ratio
from .world import Progress

ENVIRONMENT: Final = "production"
LIMIT: Final = 1.15
_BARE: Final = Path(__file__).parent / "bare"
_SETTINGS: Final = {"pulumi:disable-default-providers": ["*"]}


@dataclass(frozen=True, kw_only=True)
class Clouds:
    """An engine with the clouds' plugins, and a folder that stands for the clouds."""

    root: Path
    toolchain: Toolchain
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "workspace", Workspace(self.root / "engine"))

    def prepare(self, progress: Progress) -> None:
        """Make everything below `root`."""
        self.workspace.prepare()
        copy_charts(self.toolchain, self.workspace.charts)
        names = (*install.NAMES, *install.CLOUDS)
        # Official ones would ask the real clouds who is running this.
        sources = install.install(
            self.workspace.pulumi_home, self.toolchain, prefer="stand-in", names=names
        )
        for source in sources.values():
            progress(str(source))

    def stack(self, name: str, program: Path, config: dict[str, Any]) -> Stack:
        """Return a stack of a program, made."""
        made = Stack(
            name=name,
            program=program,
            folder=self.root / name,
            workspace=self.workspace,
            toolchain=self.toolchain,
            env={FOLDER: str(self.root / "clouds")},
        )
        made.init({**_SETTINGS, **config})
        return made


def rows(root: Path, toolchain: Toolchain, runs: int, progress: Progress) -> list[Row]:
    """Preview both programs in turn; everything below `root` is gone afterwards, and before."""
    shutil.rmtree(root, ignore_errors=True)
    try:
        clouds = Clouds(root=root, toolchain=toolchain)
        clouds.prepare(progress)
        return _compared(clouds, runs, progress)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _compared(clouds: Clouds, runs: int, progress: Progress) -> list[Row]:
    asked = plans.production()
    asked["mesh"]["istio"]["charts"] = str(clouds.workspace.charts)
    ours = clouds.stack(ENVIRONMENT, CHECKOUT, {"meshtier:environment": asked})
    listed = ours.previewed()
    path = clouds.root / "registrations.json"
    write(path, registrations(listed, previewed=True))
    bare = clouds.stack("bare", _BARE, {"meshtier:registrations": str(path)})
    require_equal(listed, bare.previewed())
    costs: dict[str, list[Cost]] = {"ours": [], "bare": []}
    for run in range(1, runs + 1):
        progress(f"preview of {ENVIRONMENT}, run {run} of {runs}: about 30 s")
        costs["ours"].append(ours.preview())
        costs["bare"].append(bare.preview())
    return _rows(listed, costs["ours"], costs["bare"])


def require_equal(ours: Sequence[Resource], bare: Sequence[Resource]) -> None:
    """Raise LabError unless both programs ask for the same resources with the same inputs."""
    require_same(ours, bare)
    wanted, found = (
        {one["name"]: one["inputs"] for one in registrations(listed, previewed=True)}
        for listed in (ours, bare)
    )
    differs = sorted(name for name, inputs in wanted.items() if inputs != found[name])
    if differs:
        raise LabError(f"the bare program asks for something else: {', '.join(differs)}")


def _rows(listed: Sequence[Resource], ours: list[Cost], bare: list[Cost]) -> list[Row]:
    about = f"preview of {ENVIRONMENT}, {len(listed)} resources"
    return [
        ratio(f"{about}: CPU", [c.cpu for c in ours], [c.cpu for c in bare], LIMIT),
        ratio(
            f"{about}: CPU without plugins",
            [c.cpu - c.plugins for c in ours],
            [c.cpu - c.plugins for c in bare],
            LIMIT,
        ),
        ratio(f"{about}: wall", [c.wall for c in ours], [c.wall for c in bare], LIMIT),
    ]
