"""What one command costs: wall seconds, and CPU seconds of it and everything it started.

`run` starts this file as a process of its own, to which every orphan of the command falls, so
that no plugin's time is lost. How much of it was plugins is sampled, for they may be stand-ins.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import LabError
from ..process import PACKAGE_ROOT

_BECOME_SUBREAPER: Final = 36
_SAMPLE_SECONDS: Final = 0.1
# A language host that lost its engine would notice only after minutes.
_ORPHAN_SECONDS: Final = 5
_PLUGINS: Final = (b"pulumi-resource-", b"lab.plugins.")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one command took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, all processes."""
    plugins: float
    """Seconds of `cpu` that resource plugins took, at most a sample too few each."""


def run(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, timeout: float
) -> Cost:
    """Run a command, its output in `log`; LabError when it fails or isn't done in `timeout`."""
    report = log.with_suffix(".cost")
    report.unlink(missing_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(report), *command],
            cwd=cwd,
            env={**env, "PYTHONPATH": str(PACKAGE_ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise LabError(f"{command[0]}: not done within {timeout:.0f} s; see {log}") from None
        finally:
            _end(process.pid)
            process.wait()
    if status != 0:
        raise LabError(f"{' '.join(command[:2])}: exit {status}\n{log.read_text()[-4000:]}")
    return Cost(**json.loads(report.read_text()))


def members(session: int) -> Iterator[tuple[int, bytes, float]]:
    """Living processes of a session: pid, command line, CPU seconds with waited-for children."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The command's name is in brackets and may hold blanks; the fields follow it.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if fields[0] not in "ZX" and int(fields[3]) == session:
            yield int(entry.name), line, sum(map(int, fields[11:15])) / _TICKS


def _end(session: int) -> None:
    for pid, _, _ in members(session):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _measure(report: Path, command: Sequence[str]) -> int:
    """Run the command as this process's child and write its cost; its exit status."""
    ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
    begun = time.monotonic()
    child = subprocess.Popen(command)
    plugins: dict[int, float] = {}
    while child.poll() is None:
        _sample(plugins)
        time.sleep(_SAMPLE_SECONDS)
    wall = time.monotonic() - begun
    _reap_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "plugins": sum(plugins.values()),
    }
    report.write_text(json.dumps(cost))
    return child.returncode


def _sample(plugins: dict[int, float]) -> None:
    for pid, line, seconds in members(os.getsid(0)):
        if any(word in line for word in _PLUGINS):
            plugins[pid] = seconds


def _reap_orphans() -> None:
    """Wait for what the command left behind, so that its time counts too; end what stays."""
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            if time.monotonic() > deadline:
                for left, _, _ in list(members(os.getsid(0))):
                    if left != os.getpid():
                        os.kill(left, signal.SIGKILL)
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(_measure(Path(sys.argv[1]), sys.argv[2:]))
