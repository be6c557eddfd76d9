"""An `up` that is killed, by what the README says to do then: converges, without duplicates.

That is `pulumi cancel`, then `pulumi up`. What was made and not recorded is taken over, for the
environment says `existingObjects: adopt`.
"""

import base64
import random
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from meshtier.spec import load

from tests.support.engine import Engine
from tests.support.engine_result import Result
from tests.support.kill import Kill

from .documents import ENVIRONMENT, MEMBERS, with_label
from .reach import name_of
from .stage import OURS, Stage, cluster_of, is_derived

pytestmark = [pytest.mark.engine, pytest.mark.spoils(3)]

SEED = 20261121
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "istio-system"


@dataclass(frozen=True, kw_only=True)
class Killed:
    """One killed run, and what it left."""

    name: str
    run: Result
    pending: list[str]
    """What the state says was being done."""
    unknown: set[tuple[str, str]]
    """Cluster and name of releases that Helm has and the state doesn't."""
    statuses: set[str]
    """What Helm says of its releases."""


@pytest.fixture(scope="module")
def kills(stage: Stage) -> list[Killed]:
    """Runs that were killed one after the other, each cleaned up after."""
    engine = stage.empty()
    chance = random.Random(SEED)
    first, later = sorted(chance.sample(range(4, 30), 2))
    ways: dict[str, Callable[[], Result]] = {
        f"after {first} objects": lambda: killed_after(engine, first),
        f"after {later} more": lambda: killed_after(engine, later),
        "inside an installation": lambda: killed_in(stage, engine, "pending-install"),
    }
    return [cancelled(stage, engine, name, way()) for name, way in ways.items()]


@pytest.fixture(scope="module")
def installed(stage: Stage, kills: list[Killed]) -> Result:
    """The `up` after the kills."""
    assert stage.engine is not None
    return stage.engine.up().check()


@pytest.fixture(scope="module")
def upgrade(stage: Stage, installed: Result) -> Killed:
    """An `up` that changes releases, killed inside one of them."""
    engine = stage.engine
    assert engine is not None
    stage.change(with_label(stage.document, "team", "payments"))
    return cancelled(stage, engine, "an upgrade", killed_in(stage, engine, "pending-upgrade"))


@pytest.fixture(scope="module")
def converged(stage: Stage, upgrade: Killed) -> Result:
    """The `up` after all of it."""
    assert stage.engine is not None
    return stage.engine.up().check()


def test_each_run_was_killed_at_work(kills: list[Killed], upgrade: Killed) -> None:
    for kill in (*kills, upgrade):
        assert kill.run.returncode == -signal.SIGKILL, kill.name
        assert kill.pending, kill.name
    assert kills[-1].unknown, "Helm was killed while it installed"
    assert "pending-upgrade" in upgrade.statuses, "Helm was killed while it upgraded"


def test_plugins_end_with_a_killed_engine(kills: list[Killed], upgrade: Killed) -> None:
    assert [kill.run.orphans for kill in (*kills, upgrade)] == [[]] * (len(kills) + 1)


def test_the_runs_after_it_warn_of_nothing_but_the_kill(
    stage: Stage, installed: Result, converged: Result
) -> None:
    known = {str(one) for one in load(stage.document, name=ENVIRONMENT).warnings}
    for run in (installed, converged):
        told = {line.strip() for line in run.diagnostics("warning")} - known
        assert all("pending operations" in line for line in told), told


def test_the_clusters_hold_what_the_state_says_and_nothing_twice(
    stage: Stage, converged: Result
) -> None:
    assert stage.engine is not None
    expected = {name: set(found) for name, found in stage.pristine.items()}
    for resource in stage.engine.resources():
        if resource["type"].startswith("kubernetes:"):
            expected[cluster_of(resource)] |= objects_of(resource)
    for cluster, found in stage.objects().items():
        here = {name_of(one) for one in found if not is_derived(one)}
        assert here - expected[cluster] == set(), f"{cluster}: what no resource stands for"
        assert expected[cluster] - here <= stage.pristine[cluster], f"{cluster}: what is missing"


def test_every_release_is_deployed_once(stage: Stage, converged: Result) -> None:
    for name in MEMBERS:
        found = releases(stage, name)
        assert {one["status"] for one in found} <= {"deployed", "superseded"}
        deployed = [one["name"] for one in found if one["status"] == "deployed"]
        assert len(deployed) == len(set(deployed)) == 4


def test_certificates_in_the_clusters_are_those_of_the_state(
    stage: Stage, converged: Result
) -> None:
    assert stage.engine is not None
    root = stage.engine.outputs()["rootCertificate"]
    for name in MEMBERS:
        kept = stage.reach(name).get(f"/api/v1/namespaces/{NAMESPACE}/secrets/cacerts")["data"]
        assert base64.b64decode(kept["root-cert.pem"]).decode() == root


def test_an_up_after_it_changes_nothing(stage: Stage, converged: Result) -> None:
    assert stage.engine is not None
    assert stage.engine.up().check().changes == {}


def test_a_destroy_after_it_leaves_nothing(stage: Stage, converged: Result) -> None:
    stage.destroy().check()
    assert stage.remains() == {}
    assert not any(stage.names(OURS).values())


def killed_after(engine: Engine, number: int) -> Result:
    """An `up` whose engine is killed after so many more objects, while it makes another."""
    wanted = objects_in(engine.saved()) + number

    def is_making() -> bool:
        state = engine.saved()
        return objects_in(state) >= wanted and bool(state.get("pending_operations"))

    return engine.up(kill=Kill(when=is_making))


def objects_in(state: Mapping[str, Any]) -> int:
    """How many objects of clusters a state holds."""
    return sum(one["type"].startswith("kubernetes:") for one in state.get("resources") or [])


def killed_in(stage: Stage, engine: Engine, status: str) -> Result:
    """An `up` that is killed with all its processes while Helm says this of a release."""

    def at_it() -> set[tuple[str, str, str]]:
        return {
            (member, one["name"], one["version"])
            for member in MEMBERS
            for one in releases(stage, member)
            if one["status"] == status
        }

    # An engine killed earlier may have left one in that state.
    left = at_it()
    return engine.up(kill=Kill(when=lambda: bool(at_it() - left), whole=True))


def statuses(stage: Stage) -> set[str]:
    """What Helm says of the members' releases."""
    return {one["status"] for name in MEMBERS for one in releases(stage, name)}


def cancelled(stage: Stage, engine: Engine, name: str, run: Result) -> Killed:
    """What the killed run left, its lock let go."""
    state = engine.export()
    known = {
        (cluster_of(one), one["outputs"]["name"])
        for one in state["resources"]
        if one["type"] == RELEASE
    }
    held = {(member, one["name"]) for member in MEMBERS for one in releases(stage, member)}
    kill = Killed(
        name=name,
        run=run,
        pending=[one["resource"]["urn"] for one in state.get("pending_operations") or []],
        unknown=held - known,
        statuses=statuses(stage),
    )
    engine.cancel().check()
    return kill


def releases(stage: Stage, cluster: str) -> list[dict[str, str]]:
    """Labels of what Helm keeps of each revision of each release: name, version, status."""
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets?labelSelector=owner%3Dhelm"
    return [one["metadata"]["labels"] for one in stage.reach(cluster).get(path)["items"]]


def objects_of(resource: Mapping[str, Any]) -> set[str]:
    """Objects that a resource stands for, as `Kind namespace/name`."""
    outputs = resource["outputs"]
    if resource["type"] != RELEASE:
        return {name_of(outputs)}
    record = f"Secret {outputs['namespace']}/sh.helm.release.v1.{outputs['name']}.v"
    found = {f"{record}{number}" for number in range(1, outputs["status"]["revision"] + 1)}
    for kind, names in outputs["resourceNames"].items():
        for name in names:
            placed = name if "/" in name else f"/{name}"
            # Such as `Deployment.apps/apps/v1`.
            found.add(f"{re.split('[./]', kind)[0]} {placed}")
    return found
