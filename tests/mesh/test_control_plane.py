"""`python -m lab local` where there can be no nodes: API servers, the engine, istiods."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import preflight, running
from lab.__main__ import main
from lab.local import LocalEnvironment
from lab.spec import Mode
from lab.toolchain import Toolchain

from . import stage as staging
from .stage import MEMBERS, Traces

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]
WHY = "nodes need root, and this is an ordinary user"


@pytest.fixture(scope="module")
def environment(toolchain: Toolchain) -> Iterator[LocalEnvironment]:
    """A lab of its own, not started."""
    staging.discard_leftovers(toolchain)
    environment = staging.own("bare", toolchain)
    yield environment
    environment.discard(lambda line: None)


@pytest.fixture(scope="module")
def first(environment: LocalEnvironment) -> Iterator[tuple[int, LocalEnvironment]]:
    """The exit code of a first run on a machine that refuses nodes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preflight, "missing_for_nodes", lambda: WHY)
        yield main(["local", "--lab", environment.lab_name]), environment


def test_without_root_the_control_planes_run_and_are_in_sync(
    first: tuple[int, LocalEnvironment], capfd: pytest.CaptureFixture[str]
) -> None:
    """The run itself says so by its exit code, and the status that one asks for later."""
    code, environment = first
    assert code == 0
    lab = running.attach(environment.stack.workspace.root)
    assert lab is not None
    assert lab.spec.mode is Mode.CONTROL_PLANE
    assert main(["status", "--lab", environment.lab_name]) == 0
    rows = [line for line in capfd.readouterr().out.splitlines() if "primary" in line]
    assert len(rows) == len(MEMBERS)
    assert all(re.search(r"│ 2/2 +│", row) for row in rows), rows


def test_asked_for_again_it_changes_nothing_and_says_what_was_not_measured(
    first: tuple[int, LocalEnvironment],
) -> None:
    done = staging.run(first[1].lab_name, "local", "--mode", "control-plane")
    assert done.returncode == 0, done.stdout
    assert re.search(r"Resources:\n +\d+ unchanged\n\n", done.stdout), done.stdout
    assert "requests were not measured: control planes only were asked for" in done.stdout


def test_an_istiod_that_ended_is_missed(first: tuple[int, LocalEnvironment]) -> None:
    """The table shows what runs, not what was planned."""
    environment = first[1]
    lab = running.attach(environment.stack.workspace.root)
    assert lab is not None
    lab.istiod("us-shop").stop()
    done = staging.run(environment.lab_name, "status")
    row = next(line for line in done.stdout.splitlines() if "│ us-shop" in line)
    assert "not running" in row
    assert "0/2" in row


def test_the_checked_in_stack_file_stays_as_it_was(first: tuple[int, LocalEnvironment]) -> None:
    """What a lab without nodes needs is in the copy that Pulumi reads, and only there."""
    stack = first[1].stack
    copy = stack.workspace.stack_file("local").read_text()
    assert "allowLoopbackPeers: true" in copy
    assert "allowLoopbackPeers" not in stack.source.read_text()


def test_down_removes_everything(first: tuple[int, LocalEnvironment]) -> None:
    environment = first[1]
    root: Path = environment.stack.workspace.root
    traces = Traces.of(root)
    assert traces.left(), "there is something to remove"
    done = staging.run(environment.lab_name, "down")
    assert done.returncode == 0, done.stdout
    assert re.search(r"Resources:\n +- \d+ deleted\n", done.stdout), done.stdout
    assert traces.left() == []
