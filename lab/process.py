"""Processes that outlive the command that started them, and how a later one finds them again.

A process is recorded by pid and start time, so that a reused pid is never mistaken for it. Each
also carries its lab's directory in its environment: a sweep finds even those that were started but
not yet recorded when the launcher was killed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import linux
from .errors import LabError

MARK = "MESHTIER_LAB"
PACKAGE_ROOT = Path(__file__).resolve().parent.parent


def heed_interrupts() -> None:
    """Let this process and all it starts be interrupted, if a shell runs it in the background.

    Such a process ignores SIGINT and so do its children. Pulumi ends its language hosts by it, and
    each time waits for five seconds before it kills one that doesn't listen.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """One process of this machine, told apart from a later one with the same pid."""

    pid: int
    start: int
    """Start time in clock ticks since boot, from /proc."""

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """The process with this pid, None when there is none or it is a zombie."""
        fields = _stat(pid)
        if fields is None or fields[0] in "ZX":
            return None
        return cls(pid=pid, start=int(fields[19]))

    @classmethod
    def load(cls, record: Path) -> "Process | None":
        """The process recorded in the file, None when it has ended or was never recorded."""
        try:
            data = json.loads(record.read_text())
            recorded = cls(pid=data["pid"], start=data["start"])
        except (OSError, ValueError, KeyError):
            return None
        return recorded if recorded.is_alive() else None

    def save(self, record: Path) -> None:
        """Write the record in one step, so that no reader sees half of it."""
        write_atomically(record, json.dumps({"pid": self.pid, "start": self.start}))

    def is_alive(self) -> bool:
        return Process.of(self.pid) == self

    def kill(self, timeout: float = 15) -> None:
        """SIGKILL and wait until it is gone; raise TimeoutError after `timeout` seconds."""
        if self.is_alive():
            os.kill(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + timeout
        while self.is_alive():
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid} survived SIGKILL for {timeout:.0f} s")
            _reap(self.pid)
            time.sleep(0.02)


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command stands in brackets and may hold spaces; the state follows the last bracket.
    return text.rpartition(")")[2].split()


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace the file's content in one step."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.touch(mode=mode)
    partial.write_text(text)
    partial.replace(path)


def marked_environment(directory: Path, role: str) -> dict[str, str]:
    """This process's environment plus the marks by which `marked` finds the child."""
    return {
        **os.environ,
        MARK: str(directory),
        f"{MARK}_ROLE": role,
        "PYTHONPATH": str(PACKAGE_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def marked(directory: Path, role: str = "") -> Iterator[Process]:
    """Every process of the lab in `directory` whose role is `role` or starts with `role/`."""
    lab = f"{MARK}={directory}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        roles = [v for v in environment if v.startswith(f"{MARK}_ROLE=".encode())]
        if lab not in environment or not roles:
            continue
        its = roles[0].decode().partition("=")[2]
        process = Process.of(int(entry.name))
        if process is not None and (not role or its == role or its.startswith(f"{role}/")):
            yield process


def python_command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def run(argv: Sequence[str], *, timeout: float, text: str = "") -> str:
    """Run a command to its end and return what it printed; LabError with its own last words."""
    try:
        done = subprocess.run(argv, input=text, text=True, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{argv[0]} took more than {timeout:.0f} s: {' '.join(argv)}") from error
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip()
        raise LabError(f"{' '.join(argv)}: exit {done.returncode}: {words}")
    return done.stdout


def run_in_network(pid: int, argv: Sequence[str], text: str) -> None:
    """Run a command in another process's network; LabError when it fails, never in the caller's."""
    try:
        network = linux.open_network(pid)
    except OSError as error:
        raise LabError(f"the network is gone: {error.strerror}") from error
    command = ["nsenter", f"--net=/proc/self/fd/{network}", *argv]
    try:
        done = subprocess.run(
            command, input=text, text=True, capture_output=True, pass_fds=(network,)
        )
    finally:
        os.close(network)
    if done.returncode != 0:
        raise LabError(f"the network was refused: {done.stderr.strip()}")


def spawn(
    argv: Sequence[str], *, environment: Mapping[str, str], log: Path, record: Path
) -> Process:
    """Start a process in a session of its own that holds none of our files, and record it."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            argv,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
        )
    process = Process.of(child.pid)
    # The launcher never waits for it; without this, Python would warn about a running child.
    child.returncode = 0
    if process is None:
        raise OSError(f"{argv[0]} ended at once; see {log}")
    process.save(record)
    return process
