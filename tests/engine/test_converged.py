"""What is converged stays as it is, though istiod writes into objects that aren't its own."""

import time
from collections.abc import Iterator, Mapping

import pytest
from meshtier.spec import load

from .documents import ENVIRONMENT, MEMBERS
from .stage import Stage

pytestmark = pytest.mark.engine

WEBHOOKS = {
    "mutatingwebhookconfigurations": {"istio-sidecar-injector"},
    "validatingwebhookconfigurations": {"istio-validator-istio-system", "istiod-default-validator"},
}
# istiod reads its peers before it serves; a busy machine needs a while.
PATIENCE = 120


@pytest.fixture(scope="module")
def istiods(stage: Stage) -> Iterator[Mapping[str, object]]:
    """An istiod per member, as a process; each has patched its webhooks."""
    stage.stand()
    running = {name: stage.lab.istiod(name) for name in MEMBERS}
    try:
        for istiod in running.values():
            istiod.start()
        deadline = time.monotonic() + PATIENCE
        while missing := [name for name in MEMBERS if unsigned(stage, name)]:
            assert time.monotonic() < deadline, f"istiod doesn't patch its webhooks: {missing}"
            time.sleep(0.5)
        yield running
    finally:
        for istiod in running.values():
            istiod.stop()


def test_the_first_up_only_creates_and_warns_of_nothing_but_the_document(stage: Stage) -> None:
    stage.stand()
    assert stage.first_up is not None
    assert set(stage.first_up.changes) == {"create"}
    told = [line.strip() for line in stage.first_up.diagnostics("warning", "error")]
    assert told == [str(one) for one in load(stage.document, name=ENVIRONMENT).warnings]


def test_a_second_up_changes_nothing(stage: Stage, istiods: object) -> None:
    assert stage.stand().up().check().changes == {}


def test_a_refresh_changes_nothing(stage: Stage, istiods: object) -> None:
    done = stage.stand().refresh().check()
    assert done.changes == {}
    assert not any(unsigned(stage, name) for name in MEMBERS), "nobody took the patches back"


def test_every_istiod_is_synced_with_every_peer(
    stage: Stage, istiods: Mapping[str, object]
) -> None:
    expected = {name: {peer: "synced" for peer in MEMBERS if peer != name} for name in MEMBERS}
    deadline = time.monotonic() + PATIENCE
    while (seen := {name: peers(stage, name) for name in MEMBERS}) != expected:
        assert time.monotonic() < deadline, f"istiods see {seen}"
        time.sleep(0.5)


def unsigned(stage: Stage, cluster: str) -> list[str]:
    """Webhooks of a cluster that istiod hasn't given its certificate."""
    reach = stage.reach(cluster)
    missing: list[str] = []
    for kind, names in WEBHOOKS.items():
        found = reach.get(f"/apis/admissionregistration.k8s.io/v1/{kind}")["items"]
        hooks = {one["metadata"]["name"]: one["webhooks"] for one in found}
        for name in names:
            bundles = [hook["clientConfig"].get("caBundle") for hook in hooks.get(name, [])]
            if not bundles or not all(bundles):
                missing.append(name)
    return missing


def peers(stage: Stage, cluster: str) -> dict[str, str]:
    """Sync status of every remote cluster, as the cluster's istiod tells it."""
    try:
        told = stage.lab.istiod(cluster).get("/debug/clusterz")
    except OSError:
        return {}
    return {one["id"]: one["syncStatus"] for one in told if one.get("secretName")}
