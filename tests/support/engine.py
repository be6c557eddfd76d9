"""The real pulumi CLI for tests: private home, file state and passphrase, all below one folder.

A project folder of its own points at the program by `main`, so that neither stack files nor state
ever land beside the program. It leaves out judging: a Result holds what happened, tests assert.
"""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lab.toolchain import Toolchain
from lab.workspace import Workspace

from .engine_result import EngineError, Result, read_events
from .kill import Kill
from .session import await_orphans, end_session


@dataclass(kw_only=True)
class Engine:
    """One stack of one program."""

    program: Path
    """Folder of `__main__.py`, or one Python file."""
    root: Path
    """Folder for everything else, usually `tmp_path`."""
    toolchain: Toolchain
    stack: str = "test"
    project: str = "meshtier"
    env: Mapping[str, str] = field(default_factory=dict)
    home: Path | None = None
    """PULUMI_HOME to share with other engines, for its plugins; default: one of its own."""
    timeout: float = 600
    """Seconds for one command."""

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.root / "engine")
        self.workspace.prepare()
        (self.root / "home").mkdir(exist_ok=True)
        self._commands = 0

    @property
    def folder(self) -> Path:
        """The project folder."""
        return self.root / "project"

    @property
    def pulumi_home(self) -> Path:
        """Where plugins are installed."""
        return self.home or self.workspace.pulumi_home

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command."""
        inherited = self.workspace.environment(self.toolchain, stack=self.stack)
        # The project folder here is private: its own stack file does.
        del inherited["PULUMI_OPTION_CONFIG_FILE"]
        return {
            **inherited,
            "HOME": str(self.root / "home"),
            "PULUMI_HOME": str(self.pulumi_home),
            # --event-log counts as a debugging aid.
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.env,
        }

    def install_plugins(self) -> Mapping[str, Any]:
        """Install the kubernetes and tls plugins into the private home; says which source."""
        from lab.plugins import install

        return install.install(self.pulumi_home, self.toolchain)

    def init(self, config: Mapping[str, Any] | None = None) -> None:
        """Make the project and the stack with its configuration, nested values included."""
        self.folder.mkdir(parents=True, exist_ok=True)
        project = {"name": self.project, "runtime": "python", "main": str(self.program.resolve())}
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self.run("stack", "init", self.stack).check()
        self.configure(config or {})

    def configure(self, config: Mapping[str, Any]) -> None:
        """Replace the stack's configuration; keys without a namespace get the project's."""
        # Not through the Automation API, which would put the file into the program's folder.
        path = self.folder / f"Pulumi.{self.stack}.yaml"
        settings = yaml.safe_load(path.read_text()) if path.exists() else None
        full = {
            key if ":" in key else f"{self.project}:{key}": value for key, value in config.items()
        }
        path.write_text(yaml.safe_dump({**(settings or {}), "config": full}, sort_keys=False))

    def preview(self, *extra: str) -> Result:
        """Show what `up` would do."""
        return self._operate("preview", extra)

    def up(self, *extra: str, kill: Kill | None = None) -> Result:
        """Converge, or be killed on the way."""
        return self._operate("up", ("--yes", "--skip-preview", *extra), kill)

    def refresh(self, *extra: str) -> Result:
        """Read the real world into the state."""
        return self._operate("refresh", ("--yes", "--skip-preview", *extra))

    def destroy(self, *extra: str) -> Result:
        """Remove everything."""
        return self._operate("destroy", ("--yes", "--skip-preview", *extra))

    def cancel(self) -> Result:
        """Release the lock that a killed engine left."""
        return self.run("cancel", "--yes", "--stack", self.stack)

    def export(self) -> dict[str, Any]:
        """The state: `deployment` of `pulumi stack export`, secrets encrypted."""
        exported = self.run("stack", "export", "--stack", self.stack).check()
        return json.loads(exported.stdout)["deployment"]

    def saved(self) -> dict[str, Any]:
        """The state as it lies on the disk: without a command, also while one runs."""
        stacks = self.workspace.state / ".pulumi/stacks"
        try:
            kept = json.loads((stacks / self.project / f"{self.stack}.json").read_text())
        except json.JSONDecodeError:
            # Being written.
            return {}
        return kept["checkpoint"]["latest"] or {}

    def resources(self) -> list[dict[str, Any]]:
        """Resources in the state."""
        return self.export().get("resources", [])

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Stack outputs."""
        shown = ("--show-secrets",) if show_secrets else ()
        done = self.run("stack", "output", "--json", *shown, "--stack", self.stack)
        return json.loads(done.check().stdout)

    def _operate(
        self,
        command: str,
        extra: Sequence[str],
        kill: Kill | None = None,
    ) -> Result:
        self._commands += 1
        log = self.folder / f"events-{self._commands}-{command}.jsonl"
        return self.run(
            *(command, "--stack", self.stack, "--event-log", str(log), *extra),
            event_log=log,
            kill=kill,
        )

    def run(
        self,
        *arguments: str,
        event_log: Path | None = None,
        kill: Kill | None = None,
    ) -> Result:
        """Any pulumi command in the project folder.

        Raises EngineError when it isn't done within `timeout`; whatever it started is ended then.
        """
        begun = time.monotonic()
        # An interrupted test run takes its engine with it, which then ends its plugins.
        tied = ["setpriv", "--pdeathsig", "TERM", "--"]
        command = [*tied, str(self.toolchain.path("pulumi")), *arguments]
        streams = self.folder / "output"
        streams.mkdir(parents=True, exist_ok=True)
        names = [streams / f"{time.monotonic_ns()}.{kind}" for kind in ("out", "err")]
        with names[0].open("w") as out, names[1].open("w") as err:
            process = subprocess.Popen(
                [*command, "--non-interactive", "--color", "never"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                # A session of its own is how its plugins are told from everybody else's.
                start_new_session=True,
            )
            try:
                killed = self._watch(process, kill, begun + self.timeout)
                orphans = await_orphans(process.pid) if killed else []
            finally:
                end_session(process.pid)
                process.wait()
        return Result(
            command=" ".join(arguments),
            returncode=process.returncode,
            stdout=names[0].read_text(),
            stderr=names[1].read_text(),
            events=read_events(event_log) if event_log else (),
            seconds=time.monotonic() - begun,
            orphans=orphans,
        )

    def _watch(
        self, process: "subprocess.Popen[bytes]", kill: Kill | None, deadline: float
    ) -> bool:
        while process.poll() is None:
            if time.monotonic() > deadline:
                raise EngineError(f"pulumi {process.args}: not done within {self.timeout} s")
            if kill and kill.tried(process.pid):
                process.wait()
                return True
            time.sleep(0.02)
        return False
