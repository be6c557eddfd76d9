"""The local environment from nothing to its proof: how long, and how much memory."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from .. import process
from ..errors import LabError
from ..toolchain import CHECKOUT
from ..workspace import Workspace
from .table import Row, at_most

LAB: Final = "bench"
SECONDS: Final = 180
GIB: Final = 10
_TIMEOUT: Final = 900
_SAMPLE_SECONDS: Final = 3


def rows(progress: Callable[[str], None]) -> list[Row]:
    """Bring it up under a lab name of its own, and take it down again."""
    root = Workspace.of(LAB).root
    _down()
    progress("the local environment: about 3 min, and one to take it down")
    try:
        seconds, peak = _measured(root)
    finally:
        _down()
        shutil.rmtree(root, ignore_errors=True)
    return [
        at_most("local: nothing to proven tables", seconds, SECONDS, f"{seconds:.0f} s", " s"),
        at_most("local: peak memory (PSS)", peak / 2**30, GIB, f"{peak / 2**30:.2f} GiB", " GiB"),
    ]


def _measured(root: Path) -> tuple[float, int]:
    log = root.with_name(f"{root.name}.log")
    begun = time.monotonic()
    with log.open("wb") as output:
        command = [sys.executable, "-m", "lab", "local", "--lab", LAB]
        # One session, so that an interruption of the bench reaches it only from here.
        child = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=output, stderr=output, start_new_session=True
        )
        peak = 0
        try:
            while child.poll() is None:
                peak = max(peak, memory({child.pid, *(p.pid for p in process.marked(root))}))
                if time.monotonic() - begun > _TIMEOUT:
                    raise LabError(f"local: not done within {_TIMEOUT} s; see {log}")
                time.sleep(_SAMPLE_SECONDS)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, 15)
                child.wait(60)
    if child.returncode != 0:
        raise LabError(f"local: exit {child.returncode}\n{log.read_text()[-4000:]}")
    log.unlink()
    return time.monotonic() - begun, peak


def _down() -> None:
    command = [sys.executable, "-m", "lab", "down", "--lab", LAB]
    subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, timeout=_TIMEOUT, check=False)


def memory(roots: Iterable[int]) -> int:
    """Bytes that processes and all below them hold; shared pages are divided among their users."""
    return sum(_pss(pid) for pid in descendants(roots, _parents()))


def descendants(roots: Iterable[int], parents: Mapping[int, int]) -> set[int]:
    """The given processes and everything below them."""
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    return parents


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
