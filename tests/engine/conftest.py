"""What the engine tests share: seven API servers, the plugins, and one stack that stands."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import running
from lab.local import copy_charts
from lab.plugins import install
from lab.running import RunningLab
from lab.spec import ClusterLab, LabSpec, Mode
from lab.toolchain import Toolchain, ensure
from tests.support.engine import Engine

from .clouds import CloudStage
from .documents import CLUSTERS, NEWCOMER
from .stage import Stage

TOOLS = ("engine", "control-plane", "mesh")


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure(TOOLS)


@pytest.fixture(scope="package")
def lab(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """The clusters of the local environment and one more; control planes on loopback."""
    directory = tmp_path_factory.mktemp("lab")
    spec = LabSpec(
        name=f"engine-{uuid.uuid4().hex[:6]}",
        directory=directory,
        clusters=tuple(ClusterLab(name=name) for name in (*CLUSTERS, NEWCOMER)),
        mode=Mode.CONTROL_PLANE,
    )
    try:
        yield running.up(spec, toolchain, progress=lambda line: None)
    finally:
        running.down(directory)


@pytest.fixture(scope="session")
def pulumi_home(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PULUMI_HOME with the plugins, for every engine."""
    home = tmp_path_factory.mktemp("pulumi-home")
    install.install(home, toolchain)
    return home


@pytest.fixture(scope="session")
def charts(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Istio's charts."""
    target = tmp_path_factory.mktemp("istio") / "charts"
    copy_charts(toolchain, target)
    return target


@pytest.fixture(scope="package")
def stage(
    lab: RunningLab,
    toolchain: Toolchain,
    pulumi_home: Path,
    charts: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Stage:
    """The clusters, and the one stack that may be over them at a time."""
    folder = tmp_path_factory.mktemp("stacks")
    return Stage(lab=lab, toolchain=toolchain, home=pulumi_home, charts=charts, folder=folder)


@pytest.fixture(scope="package")
def make_clouds(
    stage: Stage, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], CloudStage]:
    """Makes a shipped environment on stand-in clouds over the same clusters, all of them empty."""

    def make(environment: str) -> CloudStage:
        if stage.engine is not None:
            stage.destroy().check()
        install.install(pulumi_home, stage.toolchain, prefer="stand-in", names=install.CLOUDS)
        return CloudStage(
            environment=environment,
            lab=stage.lab,
            toolchain=stage.toolchain,
            home=pulumi_home,
            charts=stage.charts,
            folder=tmp_path_factory.mktemp("clouds") / environment,
        )

    return make


@pytest.fixture
def standing(stage: Stage) -> Engine:
    """The converged stack of the local environment."""
    return stage.stand()
