"""Without one member's istiod the mesh works on, and the other members' can still be changed."""

import time
from collections.abc import Iterator

import pytest

from lab import istiod, matrix, probe
from lab.kubectl import KubectlError
from lab.matrix import Call

from .stage import MEMBERS, PAIRS, Stage

pytestmark = [pytest.mark.mesh, pytest.mark.timeout(300)]
NAMESPACE = "istio-system"
VICTIM = "eu-shop"
OTHER = "us-shop"


def scale(stage: Stage, cluster: str, replicas: int) -> None:
    """Set the number of a cluster's istiods and wait until it is so."""
    kubectl = stage.kubectls[cluster]
    kubectl.run("scale", "deploy/istiod", "-n", NAMESPACE, f"--replicas={replicas}")
    if replicas:
        kubectl.run("rollout", "status", "deploy/istiod", "-n", NAMESPACE, "--timeout=120s")
    else:
        gone = ("--for=delete", "pod", "-l", "app=istiod", "--timeout=120s")
        kubectl.run("wait", *gone, "-n", NAMESPACE)


@pytest.fixture(scope="module")
def without_one(stage: Stage) -> Iterator[Stage]:
    """The mesh, its workloads running, with one istiod stopped."""
    assert stage.proof.calls
    scale(stage, VICTIM, 0)
    try:
        yield stage
    finally:
        scale(stage, VICTIM, 1)


def call(stage: Stage, source: str, destination: str) -> Call:
    return matrix.call(stage.kubectls[source], source, destination)


def until_statuses(stage: Stage, destination: str, status: int, seconds: float = 120) -> None:
    """Return when every member's request to one of them ends with this status."""
    deadline = time.monotonic() + seconds
    while True:
        seen = {name: status_of(stage, name, destination) for name in MEMBERS}
        if set(seen.values()) == {status}:
            return
        assert time.monotonic() < deadline, f"got {seen}; wanted {status} from all"
        time.sleep(0.5)


def status_of(stage: Stage, source: str, destination: str) -> object:
    answer = matrix.request(stage.kubectls[source], source, probe.NAMESPACE, probe.url(destination))
    return answer["status"]


def deny(stage: Stage, cluster: str) -> None:
    """Have a cluster's workload refuse everybody."""
    stage.kubectls[cluster].apply(
        [
            {
                "apiVersion": "security.istio.io/v1",
                "kind": "AuthorizationPolicy",
                "metadata": {"name": "nobody", "namespace": probe.NAMESPACE},
                "spec": {},
            }
        ]
    )


def allow(stage: Stage, cluster: str) -> None:
    """Take the refusal back."""
    policy = ("authorizationpolicy", "nobody", "-n", probe.NAMESPACE)
    stage.kubectls[cluster].run("delete", *policy, "--ignore-not-found")


def test_it_is_gone(without_one: Stage) -> None:
    """Otherwise the tests below would prove nothing."""
    assert istiod.read(without_one.kubectls[VICTIM]) is None


def test_all_requests_go_on(without_one: Stage) -> None:
    seen = {pair: call(without_one, *pair).status for pair in PAIRS}
    assert seen == dict.fromkeys(PAIRS, 200)


def test_another_members_configuration_takes_effect(without_one: Stage) -> None:
    deny(without_one, OTHER)
    try:
        until_statuses(without_one, OTHER, 403)
    finally:
        allow(without_one, OTHER)
    until_statuses(without_one, OTHER, 200)


def test_its_own_configuration_stands_still(without_one: Stage) -> None:
    """Nobody checks what is written there, so the API server takes none of it."""
    with pytest.raises(KubectlError, match=r"failed calling webhook \"validation\.istio\.io\""):
        deny(without_one, VICTIM)


def test_it_goes_on_when_it_is_back(without_one: Stage) -> None:
    """It is synced with all peers again, and its own configuration takes effect."""
    scale(without_one, VICTIM, 1)
    wanted = {name: "synced" for name in MEMBERS if name != VICTIM}
    until_synced(without_one, wanted)
    deny(without_one, VICTIM)
    try:
        until_statuses(without_one, VICTIM, 403)
    finally:
        allow(without_one, VICTIM)
    until_statuses(without_one, VICTIM, 200)


def until_synced(stage: Stage, wanted: dict[str, str], seconds: float = 120) -> None:
    """Return when the victim's istiod says so of its peers."""
    deadline = time.monotonic() + seconds
    while True:
        plane = istiod.read(stage.kubectls[VICTIM])
        if plane is not None and plane.synced == wanted:
            return
        assert time.monotonic() < deadline, f"got {plane}; wanted {wanted}"
        time.sleep(0.5)
