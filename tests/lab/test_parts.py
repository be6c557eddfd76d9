"""Parts of the lab that need no cluster."""

import json
import os
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lab import linux, loadbalancer, ports, preflight, process
from lab.errors import LabError
from lab.images import archive, closure
from lab.images.archive import Image
from lab.node import cgroup
from lab.pki import Authority
from lab.process import Process
from lab.toolchain import CHECKOUT

V1 = """tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,xattr,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nsdelegate 0 0
"""
V2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n"


def test_version_1_hierarchies_are_told_by_their_controllers() -> None:
    found = cgroup.hierarchies(V1)
    assert [(h.path.name, h.unified, h.options) for h in found] == [
        ("cpu,cpuacct", False, "cpu,cpuacct"),
        ("systemd", False, "none,name=systemd"),
        ("unified", True, ""),
    ]
    assert not cgroup.is_unified_only(found)


def test_version_2_alone_is_recognised() -> None:
    assert cgroup.is_unified_only(cgroup.hierarchies(V2))


def test_version_2_controllers_are_given_on_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroup, "_ROOT", tmp_path)
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids rdma\n")
    (tmp_path / "cgroup.subtree_control").write_text("memory\n")
    cgroup.join("lab", f"cgroup2 {tmp_path} cgroup2 rw 0 0\n")
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+cpu +cpuset +io +pids"
    assert (tmp_path / "lab" / "cgroup.procs").read_text() == str(os.getpid())


def test_too_few_file_watchers_become_enough_and_more_stay(tmp_path: Path) -> None:
    setting = tmp_path / "max_user_instances"
    setting.write_text("128\n")
    said = preflight.allow_watches(setting)
    assert said == "fs.inotify.max_user_instances: 128 is too few, now 1024"
    assert setting.read_text() == "1024"
    setting.write_text("8192\n")
    assert preflight.allow_watches(setting) is None
    assert setting.read_text() == "8192\n"


def _service(uid: str, *, wish: str = "", has: str = "", kind: str = "LoadBalancer") -> Any:
    spec = {"type": kind, **({"loadBalancerIP": wish} if wish else {})}
    ingress = [{"ip": has}] if has else []
    return {
        "metadata": {"uid": uid},
        "spec": spec,
        "status": {"loadBalancer": {"ingress": ingress}},
    }


def test_addresses_are_kept_then_wished_then_free() -> None:
    services = [
        _service("new"),
        _service("inner", kind="ClusterIP"),
        _service("wishes", wish="192.0.2.1"),
        _service("has", has="192.0.2.2"),
    ]
    pool = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert loadbalancer.assign(services, pool) == {
        "has": "192.0.2.2",
        "wishes": "192.0.2.1",
        "new": "192.0.2.3",
    }


def test_nobody_gets_an_address_twice_or_from_outside_the_block() -> None:
    services = [
        _service("first", has="192.0.2.1"),
        _service("second", has="192.0.2.1"),
        _service("third", wish="198.51.100.1"),
    ]
    assert loadbalancer.assign(services, ["192.0.2.1"]) == {"first": "192.0.2.1"}


def test_an_image_is_found_again_by_its_content(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("one")
    image = Image(name="example/one:1", entrypoint=("/p",), files={"/p": program}, user="7")
    first = archive.build(image, tmp_path / "cache")
    written = first.stat().st_ino
    os.utime(program)
    assert archive.build(image, tmp_path / "cache").stat().st_ino == written, "same content"
    program.write_text("two")
    assert archive.build(image, tmp_path / "cache") != first


def test_an_image_holds_files_texts_links_and_its_user(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("content")
    program.chmod(0o700)
    image = Image(
        name="example/one:1",
        entrypoint=("/usr/bin/p", "x"),
        files={"/usr/bin/p": program},
        texts={"/etc/passwd": "root"},
        links={"/usr/bin/q": "p"},
        user="1337",
    )
    with tarfile.open(archive.build(image, tmp_path)) as outer:
        manifest = json.loads(_member(outer, "manifest.json"))[0]
        settings = json.loads(_member(outer, manifest["Config"]))["config"]
        layer = outer.extractfile(manifest["Layers"][0])
        with tarfile.open(fileobj=layer) as inner:
            names = inner.getnames()
            assert inner.getmember("usr/bin/p").mode == 0o755
            assert inner.getmember("usr/bin/q").linkname == "p"
    assert manifest["RepoTags"] == ["example/one:1"]
    assert (settings["Entrypoint"], settings["User"]) == (["/usr/bin/p", "x"], "1337")
    assert names.index("usr") < names.index("usr/bin") < names.index("usr/bin/p")
    assert "etc/passwd" in names


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None
    return file.read()


def test_a_program_brings_its_libraries_and_loader() -> None:
    found = closure.libraries([Path("/bin/sh").resolve()])
    assert any("/libc.so" in target for target in found)
    assert all(source.is_file() for source in found.values())
    assert closure.libraries([_static()]) == {}


def _static() -> Path:
    """A file that ldd calls no dynamic executable."""
    return Path("/etc/hostname")


def test_ports_are_claimed_once_and_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.mkdir()
    other.mkdir()
    first = ports.claim(mine)
    monkeypatch.setattr(ports, "_FIRST", first)
    monkeypatch.setattr(ports, "_LAST", first + 1)
    with pytest.raises(LabError, match="no free port"):
        ports.claim(other)
    mine.rmdir()
    assert ports.claim(other) == first, "the claim of a lab that is gone counts no more"
    ports.release(other)
    assert list(ports.of(other)) == []


def test_labs_that_start_at_once_on_claims_of_a_lab_that_is_gone_share_no_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    owners = [tmp_path / f"lab-{number}" for number in range(8)]
    monkeypatch.setattr(ports, "_LAST", ports._FIRST + 64)
    for owner in owners:
        owner.mkdir()
    for number in range(20):
        gone = tmp_path / f"gone-{number}"
        gone.mkdir()
        for _ in range(16):
            ports.claim(gone)
        gone.rmdir()
        with ThreadPoolExecutor(max_workers=len(owners)) as pool:
            claimed = list(pool.map(ports.claim, owners))
            assert len(set(claimed)) == len(owners)
            assert [ports.of(owner) for owner in owners] == [[port] for port in claimed]
            list(pool.map(ports.release, owners))


def test_nothing_meant_for_a_network_is_run_in_the_hosts(tmp_path: Path) -> None:
    written = tmp_path / "written"
    with pytest.raises(LabError, match="has no network of its own"):
        process.run_in_network(os.getpid(), ["touch", str(written)], "")
    with pytest.raises(OSError, match="has no network of its own"):
        linux.enter_network(os.getpid())
    assert not written.exists()


def test_a_process_is_told_from_a_later_one_with_its_pid(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    running = Process.of(child.pid)
    assert running is not None
    running.save(record)
    assert Process.load(record) == running
    Process(pid=running.pid, start=running.start - 1).save(record)
    assert Process.load(record) is None
    running.kill()
    assert not running.is_alive()


def test_marked_processes_are_found_by_lab_and_role(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        env=process.marked_environment(tmp_path, "cluster/a/etcd"),
    )
    try:
        _until_marked(tmp_path)
        assert [p.pid for p in process.marked(tmp_path, "cluster/a")] == [child.pid]
        assert not list(process.marked(tmp_path, "cluster/a/et"))
        assert not list(process.marked(tmp_path / "other"))
    finally:
        child.kill()
        child.wait()


def _until_marked(directory: Path) -> None:
    deadline = time.monotonic() + 60
    while not list(process.marked(directory)):
        assert time.monotonic() < deadline, "the child has its environment"
        time.sleep(0.02)


def test_keys_are_for_their_owner_only_and_a_new_authority_is_another(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "pki")
    authority.make(["127.0.0.1", "localhost"], "node", "127.0.0.1")
    before = authority.certificate.read_text(), authority.path("service-accounts.key").read_text()
    assert {p.stat().st_mode & 0o777 for p in authority.directory.glob("*.key")} == {0o600}
    authority.discard()
    assert not authority.exists()
    authority.make(["127.0.0.1", "localhost"], "node", "127.0.0.1")
    after = authority.certificate.read_text(), authority.path("service-accounts.key").read_text()
    assert before[0] != after[0]
    assert before[1] == after[1], "tokens of service accounts stay valid"


def test_what_runs_in_the_background_passes_no_deafness_on() -> None:
    """As a shell starts it there: SIGINT ignored."""
    seen = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    lines = [
        "import subprocess, sys",
        "from lab import process",
        f"ask = [sys.executable, '-c', {seen!r}]",
        "subprocess.run(ask)",
        "process.heed_interrupts()",
        "subprocess.run(ask)",
    ]
    done = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$0" -c "$1"', sys.executable, "\n".join(lines)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    # The first one hears nothing, the second one does.
    assert done.stdout.split() == ["True", "False"]
