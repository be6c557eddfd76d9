"""Killing a running engine at a chosen moment, alone or with everything that it started."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from tests.support.engine import Engine
from tests.support.engine_result import Event, Result

_LOOK_EVERY = 0.01


class AfterCreates:
    """True once the engine has begun a number of creations of typed objects."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self, event: Event) -> bool:
        facts = event.get("resourcePreEvent", {}).get("metadata", {})
        begun = facts.get("op") == "create" and facts["type"].startswith("kubernetes:")
        self._left -= begun
        return self._left <= 0


def up_killed_whole(engine: Engine, is_time: Callable[[], bool]) -> Result:
    """Run `up`; once `is_time`, kill the engine and all its processes at once, as a power cut."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_EVERY):
            root = _engine_process()
            if root is not None and is_time():
                for pid in [root, *_below(root)]:
                    _kill(pid)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        return engine.up()
    finally:
        over.set()
        watcher.join()


def _engine_process() -> int | None:
    named = (pid for pid in _children(os.getpid()) if _name(pid) == "pulumi")
    return next(named, None)


def _below(pid: int) -> list[int]:
    own = _children(pid)
    return [*own, *(deeper for child in own for deeper in _below(child))]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
