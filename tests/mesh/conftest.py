"""One lab for all tests of this folder: the local environment, brought up once."""

from collections.abc import Iterator

import pytest

from lab import preflight
from lab.toolchain import Toolchain, ensure

from . import stage as staging
from .stage import Stage


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
