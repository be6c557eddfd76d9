"""Whatever is killed, the next command finds its way: heals, or leaves nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import linux, ports, process, running
from lab.kubectl import Kubectl
from lab.node import cgroup
from lab.process import Process
from lab.running import RunningLab
from lab.spec import LabSpec
from lab.toolchain import Toolchain
from tests.lab import echo
from tests.lab.specs import StartLab, noded

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600), pytest.mark.usefixtures("needs_nodes")]


def test_up_heals_a_cluster_whose_init_was_killed(
    start: StartLab, toolchain: Toolchain, tmp_path: Path
) -> None:
    spec = _one(tmp_path, "heal")
    lab = start(spec)
    kubectl = _kubectl(lab, toolchain)
    echo.install(kubectl, "solo")
    init = _init(lab)
    inside = _in_same_namespace(init.pid, "pid")
    assert len(inside) > 8, "the cluster's processes are all in its namespace"
    init.kill()
    _until(lambda: not any(Process.of(pid) for pid in inside), "they end with their init")
    lab = start(spec)
    assert lab.healthy()
    assert kubectl.get("pod", echo.POD)["metadata"]["name"] == echo.POD, "the state was kept"


def test_up_heals_a_lab_whose_network_was_killed(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "network")
    lab = start(spec)
    holder = Process.load(spec.directory / "site" / "holder.json")
    assert holder is not None
    before = _init(lab)
    holder.kill()
    lab = start(spec)
    assert lab.healthy()
    assert _init(lab) != before, "a cluster can't go on without its network"


def test_up_replaces_a_network_that_was_only_half_made(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "half")
    (spec.directory / "site").mkdir(parents=True)
    half = _holder(spec)
    assert start(spec).healthy()
    assert not half.is_alive()


def test_a_process_counts_as_a_network_once_it_has_left_the_hosts(tmp_path: Path) -> None:
    spec = _one(tmp_path, "entering")
    (spec.directory / "site").mkdir(parents=True)
    holder = _holder(spec)
    try:
        assert not linux.is_in_another_network(os.getpid())
        _until(lambda: linux.is_in_another_network(holder.pid), "it enters its own")
    finally:
        holder.kill()
    assert not linux.is_in_another_network(holder.pid), "it is gone"


def test_up_heals_a_forwarder_that_was_killed(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "forwarder")
    lab = start(spec)
    forwarder = Process.load(spec.directory / "site" / "forwarder.json")
    assert forwarder is not None
    before = _init(lab)
    forwarder.kill()
    assert not lab.healthy()
    lab = start(spec)
    assert lab.healthy()
    assert _init(lab) == before, "the cluster itself ran on"


def test_a_taken_port_is_left_to_its_new_owner(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "port")
    start(spec)
    forwarder = Process.load(spec.directory / "site" / "forwarder.json")
    assert forwarder is not None
    forwarder.kill()
    port = json.loads((spec.directory / "lab.json").read_text())["ports"]["solo/api"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        lab = start(spec)
    assert lab.healthy()
    assert f"127.0.0.1:{port}" not in lab.clusters["solo"].kubeconfig.read_text()


@pytest.mark.parametrize("delay", [0.3, 1.5, 4.0])
def test_up_killed_at_any_moment_is_completed_by_the_next(
    start: StartLab, tmp_path: Path, delay: float
) -> None:
    spec = _one(tmp_path, "killed")
    before = _traces(spec)["links"]
    child = subprocess.Popen([sys.executable, "-c", _UP, str(spec.directory)], cwd=_CHECKOUT)
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert start(spec).healthy()
    assert _traces(spec)["links"] == before, "the host's own network is left alone"


def test_down_leaves_nothing(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "gone")
    before = _traces(spec)
    lab = start(spec)
    pid = _init(lab).pid
    holder = Process.load(spec.directory / "site" / "holder.json")
    assert holder is not None
    # Not the namespaces' names: the kernel gives them again, to another lab's.
    inside = [Process.of(one) for at in (pid, holder.pid) for one in _in_same_namespace(at, "net")]
    assert not set(_in_same_namespace(os.getpid(), "net")) & {pid, holder.pid}
    assert len(_traces(spec)["groups"]) > 0, "so that their removal is seen"
    claimed = list(ports.of(spec.directory))
    assert claimed
    lab.down()
    assert list(process.marked(spec.directory)) == []
    assert not any(one is not None and one.is_alive() for one in inside)
    assert not spec.directory.exists()
    assert list(ports.of(spec.directory)) == []
    assert _traces(spec) == before


def test_down_removes_a_lab_that_crashed(start: StartLab, tmp_path: Path) -> None:
    spec = _one(tmp_path, "crashed")
    before = _traces(spec)
    start(spec)
    for left in list(process.marked(spec.directory)):
        if left.is_alive():
            os.kill(left.pid, signal.SIGKILL)
    running.down(spec.directory)
    assert list(process.marked(spec.directory)) == []
    assert _traces(spec) == before


def test_two_labs_with_the_same_addresses_live_side_by_side(
    start: StartLab, toolchain: Toolchain, tmp_path: Path
) -> None:
    first, second = start(_one(tmp_path, "first")), start(_one(tmp_path, "second"))
    for lab in (first, second):
        echo.install(_kubectl(lab, toolchain), lab.spec.name)
    assert first.clusters["solo"].peer_url == second.clusters["solo"].peer_url
    for lab in (first, second):
        address = echo.balancer_address(_kubectl(lab, toolchain))
        answer = echo.get(lab, "solo", f"http://{address}/")
        assert echo.answered_by(answer) == lab.spec.name, "each sees only its own"
    first.down()
    assert second.healthy()


_CHECKOUT = Path(__file__).resolve().parents[2]
_UP = """
import sys
from pathlib import Path
from lab import running
from lab.toolchain import ensure
from tests.lab.test_crashes import _one
running.up(_one(Path(sys.argv[1]).parent, "killed"), ensure(("node", "control-plane")))
"""


def _one(parent: Path, name: str) -> LabSpec:
    return LabSpec(name=name, directory=parent / name, clusters=(noded("solo", "eu", 1),))


def _holder(spec: LabSpec) -> Process:
    """What keeps a lab's network, started as the lab starts it, with nothing in it yet."""
    return process.spawn(
        process.python_command("lab.site"),
        environment=process.marked_environment(spec.directory, "site/holder"),
        log=spec.directory / "site" / "holder.log",
        record=spec.directory / "site" / "holder.json",
    )


def _kubectl(lab: RunningLab, toolchain: Toolchain) -> Kubectl:
    kubeconfig = lab.clusters["solo"].kubeconfig
    return Kubectl(binary=toolchain.path("kubectl"), kubeconfig=kubeconfig)


def _init(lab: RunningLab) -> Process:
    init = Process.load(lab.clusters["solo"].state / "init.json")
    assert init is not None
    return init


def _in_same_namespace(pid: int, kind: str) -> list[int]:
    wanted = os.readlink(f"/proc/{pid}/ns/{kind}")
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "ns" / kind) == wanted:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _traces(spec: LabSpec) -> dict[str, list[str]]:
    """What the lab could leave on the machine beside processes; other labs come and go."""
    name = f"meshtier-{zlib.crc32(str(spec.directory).encode()):08x}-solo"
    groups = [str(h.path) for h in cgroup.hierarchies() if (h.path / name).exists()]
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    links = [path.name for path in Path("/sys/class/net").iterdir()]
    return {
        "groups": sorted(groups),
        "mounts": sorted(line for line in mounts if str(spec.directory) in line),
        "links": sorted(links),
    }


def _until(is_done: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
