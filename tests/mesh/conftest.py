"""One lab for all tests of this folder: the local environment, brought up once."""

from collections.abc import Iterator

import pytest

from lab import preflight
from lab.toolchain import Toolchain, ensure

from . import stage as staging
from .stage import Stage


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of this folder."""
    config.addinivalue_line("markers", "ends_the_lab: takes the shared lab down; runs last here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what ends the shared lab after the others of this folder; leave other folders alone."""
    mine = [at for at, item in enumerate(items) if item.path.parent.name == "mesh"]
    ordered = sorted((items[at] for at in mine), key=_ends_the_lab)
    for at, item in zip(mine, ordered, strict=True):
        items[at] = item


def _ends_the_lab(item: pytest.Item) -> bool:
    return item.get_closest_marker("ends_the_lab") is not None


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure()


@pytest.fixture(scope="session")
def needs_nodes() -> None:
    """Skip where this machine can't run nodes, with the lab's own reason."""
    why = preflight.missing_for_nodes()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def stage(needs_nodes: None, toolchain: Toolchain) -> Iterator[Stage]:
    """The local environment, up in a lab that ends with this session."""
    staging.discard_leftovers(toolchain)
    environment = staging.own("shared", toolchain)
    try:
        lab = environment.start(lambda line: None)
        environment.up()
        yield Stage(environment=environment, lab=lab)
    finally:
        environment.discard(lambda line: None)
