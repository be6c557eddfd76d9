"""The processes of one command: those of the session that was opened for it."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

# Plugins notice within a second that the engine is gone; thirty leave room on a busy machine.
ORPHAN_SECONDS = 30
# Pulumi's own language host looks for its engine every five minutes only.
SLOW_TO_NOTICE = "pulumi-language-"


def session_members(session: int) -> dict[int, str]:
    """Living processes of a session, with their command lines."""
    members: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The command's name is in brackets and may hold blanks; the fields follow it.
            state, _, _, sid = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(sid) == session and state != "Z":
                words = (entry / "cmdline").read_bytes().split(b"\0")
                members[int(entry.name)] = b" ".join(words).decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return members


def end_session(session: int) -> None:
    """End what a command left behind."""
    send(signal.SIGKILL, session_members(session))


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """A signal to those of these processes that still live."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def await_orphans(session: int) -> list[str]:
    """Wait for plugins to end by themselves; those that don't, by command line.

    The language host and the program under it aren't waited for: end_session ends them.
    """
    deadline = time.monotonic() + ORPHAN_SECONDS
    while left := [line for line in session_members(session).values() if _is_plugin(line)]:
        if time.monotonic() > deadline:
            return sorted(left)
        time.sleep(0.1)
    return []


def _is_plugin(command: str) -> bool:
    return SLOW_TO_NOTICE not in command
