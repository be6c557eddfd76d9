"""What a pod without a sidecar reaches: pods of its own network in plain, nothing of the mesh."""

import json
import time
from typing import Any

import pytest

from lab import probe

from .stage import MEMBERS, NETWORKS, PAIRS, Stage, pair_id

pytestmark = [pytest.mark.mesh]
NEAR = [pair for pair in PAIRS if NETWORKS[pair[0]] == NETWORKS[pair[1]]]
FAR = [pair for pair in PAIRS if pair not in NEAR]


def address(stage: Stage, cluster: str, namespace: str) -> str:
    """Of the pod of a cluster's workload."""
    label = f"app={probe.service_name(cluster)}"
    pods = stage.kubectls[cluster].get("pods", "-n", namespace, "-l", label)["items"]
    living = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    assert len(living) == 1
    return living[0]["status"]["podIP"]


def ask(stage: Stage, source: str, host: str, tries: int = 1) -> dict[str, Any]:
    """Send a plain request from the cluster's pod outside the mesh."""
    done = stage.lab.clusters[source].exec(
        f"deploy/{probe.service_name(source)}",
        probe.PLAIN,
        "echo",
        ["/echo", "get", "-timeout", "2s", "-n", str(tries), f"http://{host}:{probe.PORT}/"],
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module", autouse=True)
def workloads(stage: Stage) -> None:
    """Have the workloads there, also when these tests run alone."""
    assert stage.proof.calls


@pytest.mark.parametrize("pair", NEAR, ids=pair_id)
def test_a_pod_of_the_same_network_is_reached_by_its_address(
    stage: Stage, pair: tuple[str, str]
) -> None:
    """What makes the refusals below mean something."""
    source, destination = pair
    answer = ask(stage, source, address(stage, destination, probe.PLAIN), tries=10)
    assert answer["status"] == 200, answer
    assert json.loads(answer["body"])["cluster"] == destination
    assert json.loads(answer["body"])["xfcc"] == "", "nobody vouches for a plain request"


@pytest.mark.parametrize("namespace", [probe.PLAIN, probe.NAMESPACE])
@pytest.mark.parametrize("pair", FAR, ids=pair_id)
def test_a_pod_of_another_network_is_out_of_reach(
    stage: Stage, pair: tuple[str, str], namespace: str
) -> None:
    source, destination = pair
    answer = ask(stage, source, address(stage, destination, namespace))
    assert answer["status"] == 0, answer
    assert answer["remote"] == "", "not even a connection"


@pytest.mark.parametrize("pair", NEAR, ids=pair_id)
def test_a_plain_request_to_a_mesh_workload_is_refused(stage: Stage, pair: tuple[str, str]) -> None:
    """STRICT: the proxy takes the connection and ends it, for it wants a certificate."""
    source, destination = pair
    inside = address(stage, destination, probe.NAMESPACE)
    answer = ask(stage, source, inside)
    assert answer["status"] == 0, answer
    assert answer["remote"] == f"{inside}:{probe.PORT}", "it is reachable, and says no"


@pytest.mark.parametrize("cluster", MEMBERS)
def test_plain_requests_are_refused_because_the_mesh_says_so(stage: Stage, cluster: str) -> None:
    """With one workload's STRICT lifted its answer comes; put back, it stays away again."""
    lifted = {
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": {"name": "lifted", "namespace": probe.NAMESPACE},
        "spec": {"mtls": {"mode": "PERMISSIVE"}},
    }
    inside = address(stage, cluster, probe.NAMESPACE)
    stage.kubectls[cluster].apply([lifted])
    try:
        until_status(stage, cluster, inside, 200)
    finally:
        stage.kubectls[cluster].run("delete", "peerauthentication", "lifted", "-n", probe.NAMESPACE)
    until_status(stage, cluster, inside, 0)


def until_status(stage: Stage, cluster: str, host: str, status: int, seconds: float = 120) -> None:
    """Return when three requests in a row end with this status: changes reach proxies late."""
    deadline = time.monotonic() + seconds
    row = 0
    while row < 3:
        answer = ask(stage, cluster, host)
        row = row + 1 if answer["status"] == status else 0
        assert time.monotonic() < deadline, f"got {answer}; wanted {status}"
