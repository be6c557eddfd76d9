"""An `up` that is killed, by what the README says to do then: converges, without duplicates.

That is `python -m meshtier.recover`, then `pulumi up`. Objects are taken over, for the environment
says `existingObjects: adopt`; releases can't be, so the first command removes unfinished ones.
"""

import base64
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.engine import Engine
from tests.support.engine_result import Result

from .documents import ENVIRONMENT, MEMBERS
from .kill import AfterCreates, up_killed_whole
from .reach import Object, name_of
from .stage import ISTIOD_OWN, NAMESPACES, OURS, Stage

pytestmark = [pytest.mark.engine, pytest.mark.spoils(3)]

SEED = 20261121
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "istio-system"


@dataclass(frozen=True, kw_only=True)
class Kill:
    """One killed run, and what it left."""

    name: str
    run: Result
    pending: list[str]
    """What the state says was being done."""
    unknown: set[tuple[str, str]]
    """Cluster and name of releases that Helm has and the state doesn't."""


@pytest.fixture(scope="module")
def kills(stage: Stage) -> list[Kill]:
    """Runs that were killed one after the other, each cleaned up after."""
    engine = stage.empty()
    chance = random.Random(SEED)
    first, later = sorted(chance.sample(range(4, 30), 2))
    ways: dict[str, Callable[[], Result]] = {
        f"after {first} objects": lambda: engine.up(kill_after=AfterCreates(first)),
        f"after {later} more": lambda: engine.up(kill_after=AfterCreates(later)),
        "inside a release": lambda: up_killed_whole(engine, lambda: is_installing(stage)),
    }
    return [recovered(stage, engine, name, way()) for name, way in ways.items()]


@pytest.fixture(scope="module")
def converged(stage: Stage, kills: list[Kill]) -> Result:
    assert stage.engine is not None
    return stage.engine.up().check()


def test_each_run_was_killed_at_work(kills: list[Kill]) -> None:
    assert [kill.run.returncode for kill in kills] == [-signal.SIGKILL] * len(kills)
    assert all(kill.pending for kill in kills), [kill.name for kill in kills if not kill.pending]
    assert kills[-1].unknown, "Helm was killed while it installed"


def test_plugins_end_with_a_killed_engine(kills: list[Kill]) -> None:
    assert [kill.run.orphans for kill in kills] == [[]] * len(kills)


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
        assert {one["status"] for one in found} == {"deployed"}
        assert len(found) == len({one["name"] for one in found}) == 4


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


def is_installing(stage: Stage) -> bool:
    """Whether Helm is at work in a member."""
    return any(
        one["status"] == "pending-install" for name in MEMBERS for one in releases(stage, name)
    )


def recovered(stage: Stage, engine: Engine, name: str, run: Result) -> Kill:
    """What the killed run left; and what is to be done before the next `up`, done."""
    state = engine.export()
    pending = [one["resource"]["urn"] for one in state.get("pending_operations") or []]
    known = {
        (cluster_of(one), one["outputs"]["name"])
        for one in state["resources"]
        if one["type"] == RELEASE
    }
    held = {(member, one["name"]) for member in MEMBERS for one in releases(stage, member)}
    told = recover(stage, engine)
    assert told[-1] == f"now: pulumi up --stack {engine.stack}"
    assert set(told[:-1]) == {
        f"{ENVIRONMENT}/{cluster}: helm uninstall {release} --namespace {NAMESPACE}"
        for cluster, release in held - known
    }
    return Kill(name=name, run=run, pending=pending, unknown=held - known)


def releases(stage: Stage, cluster: str) -> list[dict[str, str]]:
    """Labels of what Helm keeps of each revision of each release: name, version, status."""
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets?labelSelector=owner%3Dhelm"
    return [one["metadata"]["labels"] for one in stage.reach(cluster).get(path)["items"]]


def recover(stage: Stage, engine: Engine) -> list[str]:
    """Run what the README says to run after a kill, as a user would; return its lines."""
    folders = [str(stage.toolchain.path(tool).parent) for tool in ("pulumi", "helm")]
    environment = engine.environment
    environment["PATH"] = os.pathsep.join([*folders, environment["PATH"]])
    command = [sys.executable, "-m", "meshtier.recover", "--stack", engine.stack, "--yes"]
    done = subprocess.run(
        command, cwd=engine.folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def cluster_of(resource: Mapping[str, Any]) -> str:
    """The cluster behind a resource's provider."""
    provider = resource["provider"].split("::")[-2]
    return provider.removeprefix(f"{ENVIRONMENT}-").removesuffix("-provider")


def objects_of(resource: Mapping[str, Any]) -> set[str]:
    """Objects that a resource stands for, as `Kind namespace/name`."""
    outputs = resource["outputs"]
    if resource["type"] != RELEASE:
        return {name_of(outputs)}
    kept = f"sh.helm.release.v1.{outputs['name']}.v{outputs['status']['revision']}"
    found = {f"Secret {outputs['namespace']}/{kept}"}
    for kind, names in outputs["resourceNames"].items():
        for name in names:
            placed = name if "/" in name else f"/{name}"
            # Such as `Deployment.apps/apps/v1`.
            found.add(f"{re.split('[./]', kind)[0]} {placed}")
    return found


def is_derived(one: Object) -> bool:
    """Whether Kubernetes or an istiod made the object, for another one or for a namespace."""
    about = one["metadata"]
    if "ownerReferences" in about or one["kind"] in ("APIService", "IPAddress"):
        return True
    if about["name"] in ISTIOD_OWN:
        return True
    furniture = {"ConfigMap": "kube-root-ca.crt", "ServiceAccount": "default"}
    return about.get("namespace") in NAMESPACES and about["name"] == furniture.get(one["kind"])
