"""A fourth user cluster joins, its API server moves, and it leaves again."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
import yaml

from tests.support.engine_result import Operation, Result

from .documents import MEMBERS, NEWCOMER, with_newcomer
from .reach import name_of
from .stage import Stage

pytestmark = pytest.mark.engine

REMOTE_SECRETS = {f"local-mesh-{peer}-remote-secret" for peer in MEMBERS}
PROVIDER = "pulumi:providers:kubernetes"
RECORDS = {f"local-{NEWCOMER}-record-in-{level}" for level in ("master", "seed")}
# The document is an input of the environment, and the networks are one of the mesh.
COMPONENTS = {"local", "local-mesh"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of the environment."""

    preview: Result
    up: Result
    remotes: Mapping[str, set[str]]
    """Peers that each member's istiod then knows."""


def step(stage: Stage, *, newcomer: bool) -> Step:
    """Preview and do it."""
    document = stage.document
    stage.change(with_newcomer(document, stage.lab) if newcomer else document)
    assert stage.engine is not None
    preview, up = stage.engine.preview().check(), stage.engine.up().check()
    return Step(preview=preview, up=up, remotes={name: remotes(stage, name) for name in MEMBERS})


@pytest.fixture(scope="module")
def joining(stage: Stage) -> Step:
    stage.stand()
    return step(stage, newcomer=True)


@pytest.fixture(scope="module")
def moving(stage: Stage, joining: Step) -> Step:
    stage.lab.move_api(NEWCOMER)
    return step(stage, newcomer=True)


@pytest.fixture(scope="module")
def refreshed(stage: Stage, moving: Step) -> Result:
    """Only a refresh sees that Kubernetes has put a new authority beside the reader's token."""
    assert stage.engine is not None
    return stage.engine.up("--refresh").check()


@pytest.fixture(scope="module")
def leaving(stage: Stage, refreshed: Result) -> Step:
    return step(stage, newcomer=False)


@pytest.mark.parametrize("run", ["preview", "up"])
def test_joining_only_creates_and_tells_the_peers(joining: Step, run: str) -> None:
    seen = changed(getattr(joining, run))
    assert {one.op for one in seen} == {"create", "update"}
    assert all(NEWCOMER in one.name for one in seen if one.op == "create")
    assert {one.name for one in seen if one.op == "update"} == REMOTE_SECRETS | COMPONENTS


def test_every_peer_knows_the_newcomer(joining: Step) -> None:
    assert joining.remotes == {
        name: {NEWCOMER, *(peer for peer in MEMBERS if peer != name)} for name in MEMBERS
    }


@pytest.mark.parametrize("run", ["preview", "up"])
def test_a_new_address_and_authority_replace_nothing(moving: Step, run: str) -> None:
    seen = changed(getattr(moving, run))
    assert {one.op for one in seen} == {"update"}, "a provider that is replaced takes all along"
    assert [one.name for one in seen if one.type == PROVIDER] == [f"local-{NEWCOMER}-provider"]
    # Peers, master and seed are told where it is now; nothing else in any cluster is touched.
    objects = {one.name for one in seen if one.type.startswith("kubernetes:")}
    assert objects == REMOTE_SECRETS | RECORDS


def test_peers_trust_the_new_authority_after_a_refresh(stage: Stage, refreshed: Result) -> None:
    authority = authority_in(stage.lab.clusters[NEWCOMER].kubeconfig.read_text())
    for name in MEMBERS:
        kubeconfig = base64.b64decode(remote_data(stage, name)[NEWCOMER]).decode()
        assert authority_in(kubeconfig) == authority
    assert refreshed.changes.keys() == {"update"}


def test_peers_forget_a_leaving_cluster_before_anything_of_it_goes(leaving: Step) -> None:
    told = moments(leaving.up, "resOutputsEvent", "update")
    gone = moments(leaving.up, "resourcePreEvent", "delete")
    assert told.keys() >= REMOTE_SECRETS
    assert gone
    assert all(NEWCOMER in name for name in gone)
    last = max(told[name] for name in REMOTE_SECRETS)
    assert last < min(gone.values()), "a peer's istiod would ask a cluster that is half gone"


def test_peers_know_each_other_only(leaving: Step) -> None:
    assert leaving.remotes == {name: {peer for peer in MEMBERS if peer != name} for name in MEMBERS}


def test_nothing_of_a_leaving_cluster_stays(stage: Stage, leaving: Step) -> None:
    names = [one.name for one in changed(leaving.preview) if one.op == "delete"]
    assert len(names) == len(set(names)) > 0
    assert stage.engine is not None
    assert not [one["urn"] for one in stage.engine.resources() if NEWCOMER in one["urn"]]
    left = {name_of(one) for one in stage.reach(NEWCOMER).objects()}
    assert left == stage.pristine[NEWCOMER]


def changed(done: Result) -> list[Operation]:
    """Every step that does something."""
    return [one for one in done.operations if one.op != "same"]


def moments(done: Result, kind: str, op: str) -> dict[str, int]:
    """By logical name, where in the run the engine told this kind of event of this operation."""
    return {
        event[kind]["metadata"]["urn"].rpartition("::")[2]: at
        for at, event in enumerate(done.events)
        if kind in event and event[kind]["metadata"]["op"] == op
    }


def remotes(stage: Stage, cluster: str) -> set[str]:
    """Peers in a member's remote Secret."""
    return set(remote_data(stage, cluster))


def remote_data(stage: Stage, cluster: str) -> Mapping[str, str]:
    """A member's remote Secret."""
    path = "/api/v1/namespaces/istio-system/secrets/istio-remote-secrets"
    return stage.reach(cluster).get(path)["data"]


def authority_in(kubeconfig: str) -> str:
    """The certificate a kubeconfig trusts."""
    encoded = yaml.safe_load(kubeconfig)["clusters"][0]["cluster"]["certificate-authority-data"]
    return base64.b64decode(encoded).decode().strip()
