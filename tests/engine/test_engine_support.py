"""What the other tests here lean on: an Engine reports what the engine did, and stays private."""

import json
from pathlib import Path

import pytest

from lab.toolchain import Toolchain
from tests.support.engine import Engine
from tests.support.engine_result import EngineError
from tests.support.kill import Kill

pytestmark = pytest.mark.engine

CANARY = "canary-4711"
STASH = "pulumi:index:Stash"
PROGRAM = f"""
import time

import pulumi

config = pulumi.Config()
held = [
    pulumi.Stash(name, input=value) for name, value in config.require_object("held").items()
]
if config.get_bool("broken"):
    raise pulumi.RunError("asked to fail")
if config.get_bool("waits"):
    # Holds the program's one thread once both are made; a SIGKILL is what ends it.
    pulumi.Output.all(*(one.output for one in held)).apply(lambda _: time.sleep(600))
pulumi.export("secret", pulumi.Output.secret("{CANARY}"))
"""


@pytest.fixture
def engine(tmp_path: Path, toolchain: Toolchain) -> Engine:
    program = tmp_path / "program"
    program.mkdir()
    (program / "__main__.py").write_text(PROGRAM)
    return Engine(program=program, root=tmp_path, toolchain=toolchain, timeout=180)


def test_a_result_tells_what_was_announced_done_and_left_alone(engine: Engine) -> None:
    engine.init({"held": {"one": {"nested": [1, {"deep": True}]}, "two": "x"}})
    announced = engine.preview().check()
    assert announced.counts["create pulumi:index:Stash"] == 2
    done = engine.up().check()
    assert done.changes == {"create": 3}, "two and the stack; the engine leaves its provider out"
    assert done.counts["create pulumi:index:Stash"] == 2
    again = engine.up().check()
    assert (again.changes, dict(again.counts)) == ({}, {})
    assert "same" in {operation.op for operation in again.operations}
    assert engine.refresh().check().changes == {}

    engine.configure({"held": {"one": {"nested": []}, "three": "y"}})
    steps = {
        step.name: (step.op, step.diffs)
        for step in engine.preview().check().operations
        if step.type == "pulumi:index:Stash"
    }
    assert steps == {"one": ("update", ("input",)), "two": ("delete", ()), "three": ("create", ())}

    assert engine.outputs() == {"secret": "[secret]"}
    assert engine.outputs(show_secrets=True) == {"secret": CANARY}
    assert CANARY not in json.dumps(engine.export())
    engine.destroy().check()
    assert engine.resources() == []
    beside = [path.name for path in engine.program.iterdir()]
    assert beside == ["__main__.py"], "neither stack file nor state lies beside the program"


def test_a_failure_shows_in_the_result_and_raises_with_the_output_where_asked(
    engine: Engine,
) -> None:
    engine.init({"held": {"one": 1}, "broken": True})
    failed = engine.up()
    assert any("asked to fail" in message for message in failed.diagnostics())
    with pytest.raises(EngineError, match="asked to fail"):
        failed.check()


def test_a_killed_engine_leaves_its_lock_and_no_process(engine: Engine) -> None:
    engine.init({"held": {"one": 1}, "waits": True})

    def is_made() -> bool:
        return any(one["type"] == STASH for one in engine.saved().get("resources") or [])

    killed = engine.up(kill=Kill(when=is_made))
    assert (killed.returncode, killed.orphans) == (-9, [])
    engine.configure({"held": {"one": 1}})
    assert "pulumi cancel" in engine.up().output, "the lock of the killed engine is still held"
    engine.cancel().check()
    engine.up().check()
    assert [one["id"] for one in engine.resources() if one["type"] == STASH] != []
    assert engine.up().check().changes == {}
