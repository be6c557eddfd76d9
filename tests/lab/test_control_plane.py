"""Control planes as plain processes: what tests of the engine stand on."""

import dataclasses
import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import process, running
from lab.errors import LabError
from lab.kubectl import Kubectl
from lab.process import Process
from lab.running import RunningLab
from lab.spec import LabSpec, Mode
from lab.toolchain import Toolchain
from tests.lab.specs import noded, plain

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
KubectlFor = Callable[[RunningLab, str], Kubectl]


@pytest.fixture(scope="module")
def lab(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    spec = plain("plain", tmp_path_factory.mktemp("plain"), "one", "two")
    try:
        yield running.up(spec, toolchain, progress=lambda line: None)
    finally:
        running.down(spec.directory)


def test_all_api_servers_answer(lab: RunningLab, kubectl: KubectlFor) -> None:
    assert lab.healthy()
    for name in ("one", "two"):
        kubectl(lab, name).run("create", "configmap", "who", f"--from-literal=name={name}")
    for name in ("one", "two"):
        assert kubectl(lab, name).get("configmap", "who")["data"] == {"name": name}


def test_controllers_run(lab: RunningLab, kubectl: KubectlFor) -> None:
    _until(
        lambda: "kube-root-ca.crt" in kubectl(lab, "one").run("get", "configmap", "-o", "name"),
        "the controller-manager publishes the authority",
    )


def test_a_stranger_is_refused(lab: RunningLab) -> None:
    """Without a client certificate there is nothing to read."""
    cluster = lab.clusters["one"]
    context = ssl.create_default_context(cafile=str(cluster.state / "pki" / "ca.crt"))
    port = int(cluster.peer_url.rpartition(":")[2])
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    connection.request("GET", "/api/v1/secrets")
    assert connection.getresponse().status == 403


def test_a_load_balancer_gets_an_address_that_nobody_has(
    lab: RunningLab, kubectl: KubectlFor
) -> None:
    one = kubectl(lab, "one")
    one.run("create", "service", "loadbalancer", "front", "--tcp=80:80")
    ingress = "--for=jsonpath={.status.loadBalancer.ingress[0].ip}"
    one.run("wait", "service/front", ingress, "--timeout=120s")
    address = one.get("service", "front")["status"]["loadBalancer"]["ingress"][0]["ip"]
    assert address == "192.0.2.100"


def test_a_stopped_api_server_stays_down_and_comes_back(
    lab: RunningLab, kubectl: KubectlFor, toolchain: Toolchain
) -> None:
    lab.stop_api("two")
    ready = {status.name: status.api_ready for status in lab.status()}
    assert ready == {"one": True, "two": False}
    time.sleep(2)
    assert not lab.clusters["two"].status().api_ready, "the supervisor must not restart it"
    lab.start_api("two")
    assert kubectl(lab, "two").get("namespace", "default")["metadata"]["name"] == "default"


def test_a_moved_api_server_has_another_port_and_authority_and_the_same_content(
    lab: RunningLab, kubectl: KubectlFor
) -> None:
    kubectl(lab, "two").run("create", "configmap", "kept", "--from-literal=a=b")
    before = _cluster_entry(lab, "two")
    lab.move_api("two")
    after = _cluster_entry(lab, "two")
    assert before["server"] != after["server"]
    assert before["certificate-authority-data"] != after["certificate-authority-data"]
    assert kubectl(lab, "two").get("configmap", "kept")["data"] == {"a": "b"}


def test_a_second_up_starts_nothing(lab: RunningLab, toolchain: Toolchain) -> None:
    lines: list[str] = []
    before = _inits(lab)
    running.up(lab.spec, toolchain, lines.append)
    assert lines == []
    assert _inits(lab) == before


def test_a_killed_supervisor_takes_its_servers_along_and_up_heals(
    lab: RunningLab, toolchain: Toolchain
) -> None:
    state = lab.clusters["one"].state
    servers = [Process.of(int(path.read_text())) for path in (state / "pid").iterdir()]
    init = Process.load(state / "init.json")
    assert init is not None
    init.kill()
    _until(lambda: not any(s and s.is_alive() for s in servers), "servers outlived it")
    assert running.up(lab.spec, toolchain, lambda line: None).healthy()


def test_a_changed_description_is_refused(lab: RunningLab, toolchain: Toolchain) -> None:
    first, second = lab.spec.clusters
    other = dataclasses.replace(lab.spec, clusters=(dataclasses.replace(first, zone="b"), second))
    with pytest.raises(LabError) as refused:
        running.up(other, toolchain, lambda line: None)
    assert str(refused.value) == (
        "one: got another description than the running one; allowed the same; "
        "take the lab down first"
    )


def test_a_cluster_comes_and_goes_with_its_description(
    lab: RunningLab, toolchain: Toolchain
) -> None:
    before = _inits(lab)
    wider = plain("plain", lab.spec.directory, "one", "two", "three")
    lines: list[str] = []
    assert running.up(wider, toolchain, lines.append).healthy()
    assert lines == ["three: starting", "three: ready"]
    lines.clear()
    narrower = running.up(lab.spec, toolchain, lines.append)
    assert lines == ["three: removing, no longer described"]
    assert _inits(narrower) == before
    assert not (lab.spec.directory / "clusters" / "three").exists()


def test_where_nodes_are_refused_api_servers_run_and_the_reason_is_said(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    spec = LabSpec(name="less", directory=tmp_path / "less", clusters=(noded("a", "eu", 1),))
    lines: list[str] = []
    try:
        lab = running.up(spec, toolchain, lines.append)
        assert lab.spec.mode is Mode.CONTROL_PLANE
        assert lab.healthy()
    finally:
        running.down(spec.directory)
    assert lines[0] == (
        "nodes need root, and this is an ordinary user; running API servers without nodes instead"
    )


def test_missing_tools_are_named_together(tmp_path: Path) -> None:
    spec = plain("bare", tmp_path / "bare", "one")
    with pytest.raises(LabError) as refused:
        running.up(spec, {"etcd": Path("/bin/true")}, lambda line: None)
    assert str(refused.value) == (
        "the lab needs the tools kube-apiserver, kube-controller-manager; build them first"
    )


def test_down_leaves_nothing(toolchain: Toolchain, tmp_path: Path) -> None:
    spec = plain("gone", tmp_path / "gone", "one")
    lab = running.up(spec, toolchain, lambda line: None)
    # `up` returns with the API server; what needs one is still starting then.
    _until(lambda: len(list(process.marked(spec.directory))) > 3, "the controllers never started")
    lab.down()
    assert list(process.marked(spec.directory)) == []
    assert not spec.directory.exists()
    assert running.attach(spec.directory) is None


def _cluster_entry(lab: RunningLab, name: str) -> dict[str, str]:
    return json.loads(lab.clusters[name].kubeconfig.read_text())["clusters"][0]["cluster"]


def _inits(lab: RunningLab) -> dict[str, Process | None]:
    return {name: Process.load(c.state / "init.json") for name, c in lab.clusters.items()}


def _until(is_done: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
