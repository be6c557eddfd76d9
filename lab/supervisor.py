"""Keeps a set of commands running, and ends them all when it ends itself.

The desired state is in files, so that any process may change it: a command whose name stands in
`stopped/` is not run. SIGHUP makes the supervisor look again. Used plainly for API servers on
loopback, and as process 1 of a cluster in namespaces (`lab.node.init`).
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import linux, process
from .api import Api

_WATCHED = {signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM}
_RESTART_AFTER = 1.0
_POLL = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One command to keep running."""

    name: str
    argv: tuple[str, ...]
    after_api: bool = False
    """True: first started when the API server is ready."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a supervisor runs; travels as a JSON file."""

    state: Path
    """Directory for `log/`, `pid/` and `stopped/`."""

    server: str
    """URL of the API server that `after_api` waits for."""

    credentials: Path
    commands: tuple[Command, ...]
    search_path: str

    def to_json(self) -> dict[str, Any]:
        return {
            "state": str(self.state),
            "server": self.server,
            "credentials": str(self.credentials),
            "search_path": self.search_path,
            "commands": [
                {"name": c.name, "argv": list(c.argv), "after_api": c.after_api}
                for c in self.commands
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        return cls(
            state=Path(data["state"]),
            server=data["server"],
            credentials=Path(data["credentials"]),
            search_path=data["search_path"],
            commands=tuple(
                Command(name=c["name"], argv=tuple(c["argv"]), after_api=c["after_api"])
                for c in data["commands"]
            ),
        )


class Supervisor:
    """The running set; `run` returns only after SIGTERM."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._running: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._api = Api(plan.server, plan.credentials)
        self._api_was_ready = False
        for part in ("log", "pid", "stopped"):
            (plan.state / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        for stale in (plan.state / "pid").iterdir():
            stale.unlink()

    def run(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        while True:
            self._reap()
            waiting = self._start_missing()
            if not waiting:
                received = signal.sigwait(_WATCHED)
            else:
                info = signal.sigtimedwait(_WATCHED, _POLL)
                received = info.si_signo if info else None
            if received == signal.SIGTERM:
                self._stop_all()
                return

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for name in [name for name, running in self._running.items() if running == pid]:
                del self._running[name]
                (self._plan.state / "pid" / name).unlink(missing_ok=True)
                self._not_before[name] = time.monotonic() + _RESTART_AFTER
                code = os.waitstatus_to_exitcode(status)
                print(f"{name} ended with {code}", file=sys.stderr, flush=True)

    def _start_missing(self) -> bool:
        """Start and stop what the desired state asks; True when something must wait."""
        waiting = False
        for command in self._plan.commands:
            stopped = (self._plan.state / "stopped" / command.name).exists()
            pid = self._running.get(command.name)
            if stopped and pid is not None:
                # At once, like the crash that whoever stops a part of a lab wants to see.
                os.kill(pid, signal.SIGKILL)
            if stopped or pid is not None:
                continue
            if self._may_start(command):
                self._start(command)
            else:
                waiting = True
        return waiting

    def _may_start(self, command: Command) -> bool:
        if time.monotonic() < self._not_before.get(command.name, 0):
            return False
        if command.after_api and not self._api_was_ready:
            self._api_was_ready = self._api.is_ready()
            return self._api_was_ready
        return True

    def _start(self, command: Command) -> None:
        role = f"{os.environ.get(process.MARK + '_ROLE', '')}/{command.name}"
        environment = {
            **os.environ,
            "PATH": self._plan.search_path,
            process.MARK + "_ROLE": role,
        }
        with (self._plan.state / "log" / f"{command.name}.log").open("ab") as log:
            child = subprocess.Popen(
                command.argv,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_before_command,
            )
        # Reaped by `_reap`, together with the orphans that process 1 inherits.
        child.returncode = 0
        self._running[command.name] = child.pid
        process.write_atomically(self._plan.state / "pid" / command.name, str(child.pid))

    def _stop_all(self) -> None:
        for pid in self._running.values():
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while self._running and time.monotonic() < deadline:
            self._reap()
            time.sleep(_POLL)
        for pid in self._running.values():
            os.kill(pid, signal.SIGKILL)


def _before_command() -> None:
    linux.die_with_parent(signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)


def main() -> None:
    """Run the plan in the file named by the first argument."""
    Supervisor(Plan.from_json(json.loads(Path(sys.argv[1]).read_text()))).run()


if __name__ == "__main__":
    main()
