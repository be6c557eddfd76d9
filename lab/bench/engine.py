"""One stack of one program in the bench's own folder, every command metered."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import LabError
from ..toolchain import Toolchain
from ..workspace import Workspace
from . import meter
from .meter import Cost

PROJECT = "meshtier"
_TIMEOUT = 900


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A program and its configuration."""

    name: str
    program: Path
    """Folder of its `__main__.py`."""
    folder: Path
    """Project folder, the stack's own."""
    workspace: Workspace
    toolchain: Toolchain
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables beyond those of the workspace."""

    def init(self, config: Mapping[str, Any]) -> None:
        """Make project and stack with this configuration."""
        self.folder.mkdir(mode=0o700, parents=True)
        project = {"name": PROJECT, "runtime": "python", "main": str(self.program)}
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self.ask("stack", "init", self.name)
        path = self.folder / f"Pulumi.{self.name}.yaml"
        salt = yaml.safe_load(path.read_text()) if path.exists() else {}
        path.write_text(yaml.safe_dump({**(salt or {}), "config": dict(config)}, sort_keys=False))

    def preview(self) -> Cost:
        """Show what `up` would do."""
        return self._metered("preview")

    def previewed(self) -> list[dict[str, Any]]:
        """Resources as a preview shows them: what is unknown or secret has marks in its place."""
        shown = json.loads(self.ask("preview", "--json", "--stack", self.name))
        return [step["newState"] for step in shown["steps"]]

    def up(self) -> Cost:
        """Converge."""
        return self._metered("up", "--yes", "--skip-preview")

    def destroy(self) -> Cost:
        """Remove everything."""
        return self._metered("destroy", "--yes", "--skip-preview")

    def resources(self, *, show_secrets: bool = False) -> list[dict[str, Any]]:
        """Resources in the state; their secrets are encrypted unless they are to be shown."""
        shown = ("--show-secrets",) if show_secrets else ()
        exported = self.ask("stack", "export", "--stack", self.name, *shown)
        return json.loads(exported)["deployment"].get("resources", [])

    def ask(self, *arguments: str) -> str:
        """Run any command; what it printed. LabError when it fails."""
        done = subprocess.run(
            self._command(*arguments),
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        if done.returncode != 0:
            why = done.stderr.strip() or done.stdout[-4000:]
            raise LabError(f"pulumi {' '.join(arguments[:2])}: {why}")
        return done.stdout

    def _metered(self, command: str, *arguments: str) -> Cost:
        return meter.run(
            self._command(command, "--stack", self.name, *arguments),
            cwd=self.folder,
            env=self._environment(),
            log=self.folder / f"{command}.log",
            timeout=_TIMEOUT,
        )

    def _command(self, *arguments: str) -> list[str]:
        pulumi = str(self.toolchain.path("pulumi"))
        return [pulumi, *arguments, "--non-interactive", "--color", "never"]

    def _environment(self) -> dict[str, str]:
        inherited = self.workspace.environment(self.toolchain, stack=self.name)
        # The project folder is private here: its own stack file does.
        del inherited["PULUMI_OPTION_CONFIG_FILE"]
        return {**inherited, **self.env, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
