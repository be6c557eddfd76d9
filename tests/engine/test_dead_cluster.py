"""One cluster doesn't answer: it is named, it loses nothing, and the others go on."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.support.engine_result import Result

from .documents import CLUSTERS, MASTER, MEMBERS, with_label
from .reach import Object, name_of
from .stage import OURS, STEADY, Stage

pytestmark = [pytest.mark.engine, pytest.mark.spoils(1)]

DEAD = "eu-pay"
KEY, VALUE = "team", "blue"


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What was tried while the cluster was down, and after."""

    before: set[str]
    """URNs in the state."""
    preview: Result
    up: Result
    during: set[str]
    unlabelled: set[str]
    """`cluster: Kind namespace/name` of our objects without the label, after the outage's up."""
    remotes: dict[str, set[str]]
    """Keys of each living member's remote Secret, after the outage's up."""
    recovery: Result


@pytest.fixture(scope="module")
def outage(stage: Stage) -> Outage:
    engine = stage.stand()
    before = urns(stage)
    stage.lab.stop_api(DEAD)
    try:
        stage.change(with_label(stage.document, KEY, VALUE))
        preview = engine.preview()
        up = engine.up("--continue-on-error")
        during = urns(stage)
        living = [name for name in CLUSTERS if name != DEAD]
        objects = {name: list(stage.reach(name).objects(OURS)) for name in living}
    finally:
        stage.lab.start_api(DEAD)
    return Outage(
        before=before,
        preview=preview,
        up=up,
        during=during,
        unlabelled=without_label(objects),
        remotes={name: remote_keys(objects[name]) for name in MEMBERS if name != DEAD},
        recovery=engine.up(),
    )


@pytest.mark.parametrize("run", ["preview", "up"])
def test_the_cluster_that_does_not_answer_is_named(outage: Outage, run: str) -> None:
    done: Result = getattr(outage, run)
    told = [
        event["diagnosticEvent"]
        for event in done.events
        if "diagnosticEvent" in event
        and event["diagnosticEvent"]["severity"] in ("warning", "error")
    ]
    unreachable = [one for one in told if "unreachable" in one["message"]]
    assert unreachable
    for one in unreachable:
        assert f"-{DEAD}-" in one.get("urn", ""), "whose message it is stands above it"
        assert one["urn"].rpartition("::")[2] in done.output


def test_up_fails_and_says_so(outage: Outage) -> None:
    assert outage.up.returncode != 0
    assert {one.name for one in outage.up.operations if one.failed} == {
        one.name for one in outage.up.operations if one.failed and f"-{DEAD}-" in one.name
    }


def test_nothing_is_dropped_from_the_state(outage: Outage) -> None:
    assert outage.during == outage.before


def test_the_other_clusters_converge(outage: Outage) -> None:
    # The master isn't below its own defaults. What tells a member how to reach its peers waits
    # for all of them.
    waiting = {f"{name}: Secret istio-system/istio-remote-secrets" for name in MEMBERS}
    assert {one for one in outage.unlabelled if not one.startswith(f"{MASTER}:")} <= waiting


def test_the_others_keep_every_peer(outage: Outage) -> None:
    assert outage.remotes == {
        name: {peer for peer in MEMBERS if peer != name} for name in MEMBERS if name != DEAD
    }


def test_the_cluster_catches_up_when_it_is_back(stage: Stage, outage: Outage) -> None:
    assert outage.recovery.check().changes.keys() == {"update"}
    unlabelled = without_label(stage.objects(OURS))
    assert {one for one in unlabelled if not one.startswith(f"{MASTER}:")} == set()
    assert urns(stage) == outage.before


def urns(stage: Stage) -> set[str]:
    """What the state holds."""
    assert stage.engine is not None
    return {one["urn"] for one in stage.engine.resources()}


def without_label(objects: Mapping[str, list[Object]]) -> set[str]:
    """Our objects that lack the label; pods of an older revision are Kubernetes' own affair."""
    return {
        f"{cluster}: {name_of(one)}"
        for cluster, found in objects.items()
        for one in found
        if one["metadata"]["labels"].get(KEY) != VALUE
        and one["metadata"]["name"] != STEADY
        and "ownerReferences" not in one["metadata"]
    }


def remote_keys(objects: list[Object]) -> set[str]:
    """Peers in the remote Secret among a member's objects."""
    (secret,) = [one for one in objects if one["metadata"]["name"] == "istio-remote-secrets"]
    return set(secret["data"])
