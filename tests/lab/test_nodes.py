"""Clusters with nodes: what reaches what, and what does not."""

import json
from collections.abc import Callable

import pytest

from lab import running
from lab.kubectl import Kubectl
from lab.running import RunningLab
from lab.spec import Mode
from lab.toolchain import Toolchain
from tests.lab import echo

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
KubectlFor = Callable[[RunningLab, str], Kubectl]
NODED = ("eu-a", "eu-b", "us-a")


@pytest.fixture(scope="module")
def lab(three_clusters: RunningLab, toolchain: Toolchain) -> RunningLab:
    for name in NODED:
        kubeconfig = three_clusters.clusters[name].kubeconfig
        echo.install(Kubectl(binary=toolchain.path("kubectl"), kubeconfig=kubeconfig), name)
    return three_clusters


def test_every_cluster_is_ready(lab: RunningLab) -> None:
    assert lab.spec.mode is Mode.NODES
    assert lab.healthy()
    assert {s.name: s.node_ready for s in lab.status()} == {
        **dict.fromkeys(NODED, True),
        "hq": None,
    }


def test_the_node_carries_region_and_zone(lab: RunningLab, kubectl: KubectlFor) -> None:
    labels = kubectl(lab, "eu-a").get("node", "eu-a-node")["metadata"]["labels"]
    assert labels["topology.kubernetes.io/region"] == "local"
    assert labels["topology.kubernetes.io/zone"] == "local-a"


def test_a_service_name_is_resolved_and_its_cluster_address_answers(lab: RunningLab) -> None:
    answer = echo.get(lab, "eu-a", f"http://{echo.SERVICE}.default.svc.cluster.local/")
    assert echo.answered_by(answer) == "eu-a"
    assert answer["remote"].startswith("10.111."), "the Service's address, not the pod's"


@pytest.mark.parametrize(("source", "target"), [("eu-a", "eu-b"), ("eu-b", "eu-a")])
def test_pods_of_one_network_reach_each_other_and_keep_their_address(
    lab: RunningLab, kubectl: KubectlFor, source: str, target: str
) -> None:
    url = f"http://{echo.pod_address(kubectl(lab, target))}:8080/"
    answer = echo.get(lab, source, url)
    assert echo.answered_by(answer) == target
    seen = json.loads(answer["body"])["remote"].partition(":")[0]
    assert seen == echo.pod_address(kubectl(lab, source))


@pytest.mark.parametrize(("source", "target"), [("eu-a", "us-a"), ("us-a", "eu-b")])
def test_pods_of_another_network_are_out_of_reach(
    lab: RunningLab, kubectl: KubectlFor, source: str, target: str
) -> None:
    url = f"http://{echo.pod_address(kubectl(lab, target))}:8080/"
    answer = echo.get(lab, source, url, tries=1)
    assert (answer["status"], answer["remote"]) == (0, ""), "no connection at all"


@pytest.mark.parametrize(("source", "target"), [("us-a", "eu-a"), ("eu-a", "us-a")])
def test_a_load_balancer_answers_pods_of_any_cluster(
    lab: RunningLab, kubectl: KubectlFor, source: str, target: str
) -> None:
    url = f"http://{echo.balancer_address(kubectl(lab, target))}/"
    assert echo.answered_by(echo.get(lab, source, url)) == target


def test_a_load_balancer_answers_the_node_of_another_cluster(
    lab: RunningLab, kubectl: KubectlFor, toolchain: Toolchain
) -> None:
    url = f"http://{echo.balancer_address(kubectl(lab, 'eu-a'))}/"
    argv = [str(toolchain.path("echo")), "get", "-n", "20", url]
    done = lab.clusters["hq"].run_in_node(argv)
    assert echo.answered_by(json.loads(done.stdout)) == "eu-a"


def test_an_api_server_answers_the_pods_of_another_network(lab: RunningLab) -> None:
    argv = ["/echo", "get", f"{lab.clusters['hq'].peer_url}/version"]
    done = lab.clusters["us-a"].exec(echo.POD, echo.NAMESPACE, "echo", argv)
    error = json.loads(done.stdout)["error"]
    assert "certificate signed by unknown authority" in error, "reached, and not trusted blindly"


def test_nothing_leaves_the_lab(lab: RunningLab) -> None:
    routes = lab.clusters["eu-a"].run_in_node(["ip", "route", "get", "198.51.100.1"])
    assert routes.returncode != 0
    assert "No route to host" in routes.stderr


def test_exec_reports_the_status_of_the_command(lab: RunningLab) -> None:
    done = lab.clusters["eu-a"].exec(echo.POD, echo.NAMESPACE, "echo", ["/echo", "no-such"])
    assert done.returncode == 2
    assert "allowed serve, get, pause" in done.stderr


def test_kubeconfigs_are_for_their_owner_only(lab: RunningLab) -> None:
    for cluster in lab.clusters.values():
        assert cluster.kubeconfig.stat().st_mode & 0o777 == 0o600


def test_a_second_up_starts_nothing(lab: RunningLab, toolchain: Toolchain) -> None:
    lines: list[str] = []
    before = {name: _pids(lab, name) for name in lab.clusters}
    running.up(lab.spec, toolchain, lines.append)
    assert lines == []
    assert {name: _pids(lab, name) for name in lab.clusters} == before


def test_a_killed_api_server_comes_back_on_the_same_address(
    lab: RunningLab, kubectl: KubectlFor
) -> None:
    before = _pids(lab, "us-a")
    lab.restart_api("us-a")
    after = _pids(lab, "us-a")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"kube-apiserver"}
    assert kubectl(lab, "us-a").get("node", "us-a-node")["metadata"]["name"] == "us-a-node"


def _pids(lab: RunningLab, name: str) -> dict[str, str]:
    folder = lab.clusters[name].state / "pid"
    return {path.name: path.read_text() for path in folder.iterdir()}
