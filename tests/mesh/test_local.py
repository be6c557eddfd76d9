"""`python -m lab`: a second run changes nothing, and `down` leaves nothing, killed or not."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from lab import matrix, process
from lab.local import LocalEnvironment
from lab.stack import ENGINE
from lab.toolchain import CHECKOUT, Toolchain

from . import stage as staging
from .stage import MEMBERS, Stage, Traces

pytestmark = [pytest.mark.mesh, pytest.mark.timeout(600)]
ENOUGH = 20
"""Objects that a killed run has made: some releases are among them, and some still to come."""


def test_a_second_run_changes_nothing(stage: Stage) -> None:
    done = staging.run(stage.environment.lab_name, "local")
    assert done.returncode == 0, done.stdout
    assert re.search(r"Resources:\n +\d+ unchanged\n\n", done.stdout), done.stdout
    assert "wrong:" not in done.stdout


def test_a_second_command_at_the_same_time_is_refused(stage: Stage) -> None:
    name = stage.environment.lab_name
    with stage.environment.alone():
        for command in ("local", "down"):
            done = staging.run(name, command)
            assert done.returncode == 1
            assert done.stdout == (
                f"the lab {name} is being changed by another command; wait for it or interrupt it\n"
            )


def test_status_shows_what_runs(stage: Stage) -> None:
    done = staging.run(stage.environment.lab_name, "status")
    assert done.returncode == 0, done.stdout
    rows = [line for line in done.stdout.splitlines() if "primary" in line]
    assert len(rows) == len(MEMBERS)
    assert all(re.search(r"│ 2/2 +│", row) for row in rows), rows


def test_status_of_a_lab_that_is_not_there_says_so() -> None:
    done = staging.run("test-mesh-none", "status")
    assert done.returncode == 1
    assert done.stdout == "the lab test-mesh-none is not there; make local starts it\n"


@pytest.fixture
def second(stage: Stage, toolchain: Toolchain) -> Iterator[LocalEnvironment]:
    """Another lab of the same environment beside the shared one, not started."""
    environment = staging.own("killed", toolchain)
    yield environment
    environment.discard(lambda line: None)


def test_down_after_a_kill_leaves_nothing_and_no_other_lab_notices(
    second: LocalEnvironment, stage: Stage
) -> None:
    root = second.stack.workspace.root
    kill_while_it_makes(second)
    assert list(process.marked(root, ENGINE)), "its engine goes on without it"
    assert stage.lab.healthy(), "two labs have the same addresses, each in a network of its own"
    traces = Traces.of(root)
    assert traces.namespaces
    done = staging.run(second.lab_name, "down")
    assert done.returncode == 0, done.stdout
    assert traces.left() == []
    assert stage.lab.healthy()
    source, destination = MEMBERS[0], MEMBERS[-1]
    assert matrix.call(stage.kubectls[source], source, destination).status == 200


def kill_while_it_makes(environment: LocalEnvironment) -> None:
    """Start `local` and kill it, and only it, once it has made some objects."""
    child = subprocess.Popen(
        staging.command(environment.lab_name, "local"),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    made = 0
    for line in child.stdout:
        made += bool(re.search(r" created( |$)", line))
        if made == ENOUGH:
            break
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert made == ENOUGH, "it was killed half-way"


def test_what_a_killed_test_run_left_is_removed_by_the_next(toolchain: Toolchain) -> None:
    script = (
        "import sys; from tests.mesh import stage; from lab.toolchain import Toolchain; "
        "lab = stage.own('left', Toolchain(())); lab.stack.workspace.prepare(); "
        "print(lab.lab_name, flush=True)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() in staging.discard_leftovers(toolchain)
    mine = staging.own("mine", toolchain)
    try:
        assert mine.lab_name not in staging.discard_leftovers(toolchain), "its owner lives"
    finally:
        mine.discard(lambda line: None)


@pytest.mark.spoils(1)
def test_down_removes_everything(stage: Stage) -> None:
    traces = Traces.of(stage.environment.stack.workspace.root)
    assert traces.namespaces
    done = staging.run(stage.environment.lab_name, "down")
    assert done.returncode == 0, done.stdout
    assert re.search(r"Resources:\n +- \d+ deleted\n", done.stdout), done.stdout
    assert traces.left() == []
