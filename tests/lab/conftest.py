"""Labs for the tests: real clusters, on real namespaces where the machine has them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import preflight, running
from lab.kubectl import Kubectl
from lab.running import RunningLab
from lab.spec import ClusterLab, LabSpec
from lab.toolchain import Toolchain, ensure
from tests.lab.specs import StartLab, noded


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "lab: runs the lab's clusters; those with nodes need root")


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure(("node", "control-plane"))


@pytest.fixture
def needs_nodes() -> None:
    """Skip where this machine can't run nodes, with the lab's own reason."""
    why = preflight.missing_for_nodes()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="module")
def three_clusters(
    toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningLab]:
    """Two clusters with nodes in one network, one alone in another, and one without nodes."""
    why = preflight.missing_for_nodes()
    if why:
        pytest.skip(why)
    spec = LabSpec(
        name="three",
        directory=tmp_path_factory.mktemp("three-clusters"),
        clusters=(
            noded("eu-a", "eu", 1),
            noded("eu-b", "eu", 2),
            noded("us-a", "us", 3),
            ClusterLab(name="hq"),
        ),
    )
    try:
        yield running.up(spec, toolchain, progress=lambda line: None)
    finally:
        running.down(spec.directory)


@pytest.fixture
def start(toolchain: Toolchain) -> Iterator[StartLab]:
    """Start labs that are taken down after the test, whatever the test did to them."""
    directories: list[Path] = []

    def start_one(spec: LabSpec) -> RunningLab:
        directories.append(spec.directory)
        return running.up(spec, toolchain, progress=lambda line: None)

    yield start_one
    for directory in directories:
        running.down(directory)


@pytest.fixture
def kubectl(toolchain: Toolchain) -> Callable[[RunningLab, str], Kubectl]:
    """kubectl for one cluster of a lab."""
    binary = toolchain.path("kubectl")
    return lambda lab, name: Kubectl(binary=binary, kubeconfig=lab.clusters[name].kubeconfig)
