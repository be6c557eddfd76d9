"""The package from a program that doesn't have it: by its token, served as a plugin."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engine import Engine

from .documents import NEWCOMER
from .reach import name_of
from .stage import Stage, is_derived

pytestmark = pytest.mark.engine

PATIENCE = 120
HELMS_OWN = "Secret istio-system/sh.helm.release."
MESH = "far"
OWNED = f"meshtier.io/environment={MESH}"
# All that the SDK of another language does: it names the token, and sends what it was given.
PROGRAM = f"""
import pulumi

class Mesh(pulumi.ComponentResource):
    def __init__(self, name, args):
        outputs = {{"meshId": None}}
        super().__init__("meshtier:index:Mesh", name, {{**args, **outputs}}, None, remote=True)

mesh = Mesh("{MESH}", pulumi.Config("meshtier").require_object("args"))
pulumi.export("meshId", mesh.meshId)
"""


@pytest.fixture
def engine(stage: Stage, tmp_path: Path) -> Iterator[Engine]:
    """A stack of that program over the cluster that the stack that stands doesn't have."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "__main__.py").write_text(PROGRAM)
    cluster = stage.lab.clusters[NEWCOMER]
    engine = Engine(program=program, root=tmp_path, toolchain=stage.toolchain, home=stage.home)
    member = {
        "kubeconfig": cluster.kubeconfig.read_text(),
        "network": "one",
        "apiServerForPeers": cluster.peer_url,
        "wait": False,
    }
    istio = {"version": "1.31.1", "charts": str(stage.charts)}
    mesh = {"id": "acme", "allowLoopbackPeers": True, "istio": istio}
    engine.init({"args": {"mesh": mesh, "clusters": {NEWCOMER: member}}})
    yield engine
    engine.destroy()


def test_another_language_gets_a_mesh_and_its_hooks(stage: Stage, engine: Engine) -> None:
    before = stage.names()[NEWCOMER]
    done = engine.up().check()
    assert all("pulumi-resource-meshtier from $PATH" in one for one in done.diagnostics("warning"))
    assert engine.outputs()["meshId"] == "acme"
    owned = {name_of(one) for one in stage.reach(NEWCOMER).objects(OWNED)}
    assert "MutatingWebhookConfiguration /istio-sidecar-injector" in owned
    here = {name_of(one) for one in stage.reach(NEWCOMER).objects() if not is_derived(one)}
    bare = here - owned - before
    assert all(one.startswith(HELMS_OWN) for one in bare), "what charts make gets its labels later"
    engine.destroy().check()
    deadline = time.monotonic() + PATIENCE
    while left := stage.names()[NEWCOMER] - before:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)
