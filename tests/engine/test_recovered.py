"""An `up` of an environment that refuses what exists, killed when a cluster had what no state has.

The way on is the one that `python -m meshtier.recover` prints, as the README says.
"""

import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest
from meshtier.recover.pending import CLUSTERS, Resource, being_made

from tests.support.engine import Engine
from tests.support.engine_result import Result
from tests.support.kill import Kill

from .documents import refusing
from .reach import name_of
from .stage import Stage, cluster_of

pytestmark = [pytest.mark.engine, pytest.mark.spoils(3)]

PROVIDER = "pulumi:providers:kubernetes"


@dataclass(frozen=True, kw_only=True)
class Killed:
    """The killed run, and what was being made and is in a cluster."""

    run: Result
    forgotten: list[Resource]


@pytest.fixture(scope="module")
def killed(stage: Stage) -> Killed:
    engine = stage.empty()
    stage.change(refusing(stage.document))
    kill = Kill(
        when=lambda: bool(unwritten(engine)),
        # The engine stands still; its plugin may not be done yet, and tries again.
        still=lambda: bool(forgotten(stage, engine)),
    )
    run = engine.up(kill=kill)
    return Killed(run=run, forgotten=forgotten(stage, engine))


@pytest.fixture(scope="module")
def recovered(stage: Stage, killed: Killed) -> str:
    """What the command prints."""
    assert stage.engine is not None
    done = subprocess.run(
        [sys.executable, "-m", "meshtier.recover", "--stack", stage.engine.stack],
        cwd=stage.engine.folder,
        env=stage.engine.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def converged(stage: Stage, recovered: str) -> Result:
    """The `up` that it names."""
    assert stage.engine is not None
    words = shlex.split(recovered.splitlines()[-1].removeprefix("now: "))
    command = words.index("pulumi")
    assert words[command:] == ["pulumi", "up", "--stack", stage.engine.stack]
    stage.engine.env = dict(word.split("=") for word in words[:command])
    done = stage.engine.up().check()
    stage.engine.env = {}
    return done


def test_it_was_killed_before_it_wrote_down_what_it_made(killed: Killed) -> None:
    assert killed.run.returncode == -signal.SIGKILL
    assert killed.forgotten != []


def test_what_was_not_written_down_is_named(killed: Killed, recovered: str) -> None:
    named = {line.strip() for line in recovered.splitlines()}
    assert {f"{one['type']} {one['urn'].rpartition('::')[2]}" for one in killed.forgotten} <= named


def test_the_run_it_prints_takes_over_what_is_there(
    stage: Stage, killed: Killed, converged: Result
) -> None:
    assert stage.engine is not None
    held = {one["urn"] for one in stage.engine.resources()}
    assert {one["urn"] for one in killed.forgotten} <= held


def test_the_next_up_takes_the_switch_back_and_changes_nothing_else(
    stage: Stage, converged: Result
) -> None:
    assert stage.engine is not None
    done = stage.engine.up().check()
    changed = [one for one in done.operations if one.op not in ("same", "read")]
    assert {one.type for one in changed} == {PROVIDER}
    assert {one.diffs for one in changed} == {("upsertExistingObjects",)}


def test_a_destroy_after_it_leaves_nothing(stage: Stage, converged: Result) -> None:
    stage.destroy().check()
    assert stage.remains() == {}


def unwritten(engine: Engine) -> tuple[Resource, ...]:
    """Objects that the state says are being made."""
    return being_made({"deployment": engine.saved()}, CLUSTERS)


def forgotten(stage: Stage, engine: Engine) -> list[Resource]:
    """Those of them that their cluster has."""
    being = unwritten(engine)
    names = stage.names() if being else {}
    return [one for one in being if named(one) in names[cluster_of(one)]]


def named(resource: Resource) -> str:
    """The object that a resource stands for, as `Kind namespace/name`."""
    kind = resource["type"].rpartition(":")[2]
    return name_of({"kind": kind, "metadata": resource["inputs"].get("metadata") or {"name": ""}})
