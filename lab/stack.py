"""One Pulumi stack of a lab: its configuration, its secrets and its commands.

The stack file in the checkout stays as it was written. Pulumi wants to put the salt of the
generated passphrase into it, so it works on a copy in the lab's folder, made anew from the
checked-in file before each run; only the salt is the copy's own. Over a lab without nodes the
copy also says so: see `nodeless`.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from . import nodeless, process, running
from .errors import LabError
from .spec import Mode
from .toolchain import CHECKOUT, Toolchain
from .workspace import DEFAULT_LAB, Workspace

SALT: Final = "encryptionsalt"
DOCUMENT: Final = "meshtier:environment"
ENGINE: Final = "engine"
"""Mark of the processes that a Pulumi command starts, by which a later command finds them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """A stack of this checkout's program, in a lab of its own."""

    name: str
    workspace: Workspace
    toolchain: Toolchain

    @property
    def source(self) -> Path:
        """The checked-in stack file."""
        return CHECKOUT / "stacks" / f"Pulumi.{self.name}.yaml"

    def asked(self) -> Mapping[str, Any]:
        """Return the checked-in environment document, with this lab's own paths in it."""
        return yaml.safe_load(self._asked_text())["config"][DOCUMENT]

    def document(self) -> Mapping[str, Any]:
        """Return the environment document that the program gets over the lab as it is now."""
        return yaml.safe_load(self._text())["config"][DOCUMENT]

    def prepare(self) -> None:
        """Make the stack where it is missing, and bring its configuration up to date."""
        self.workspace.prepare()
        if not self.exists():
            self._init()
        copy = self.workspace.stack_file(self.name)
        salt = _salt_of(copy)
        # Without a salt the next command that needs one makes it and writes it into the copy.
        text = self._text() if salt is None else f"{self._text().rstrip()}\n{SALT}: {salt}\n"
        if not copy.exists() or copy.read_text() != text:
            # Complete or as before, also after a kill: without its salt the state stays shut.
            process.write_atomically(copy, text)

    def exists(self) -> bool:
        """Whether the backend knows the stack."""
        backend = self.workspace.state / ".pulumi" / "stacks"
        # `pulumi stack rm` leaves the copy beside it, `.json.bak`.
        names = (f"{self.name}.json", f"{self.name}.json.gz")
        return any(found for name in names for found in backend.rglob(name))

    def run(self, *arguments: str, check: bool = True) -> int:
        """Run a Pulumi command on the stack, its output shown; LabError when it fails."""
        done = self._pulumi(arguments, shown=True)
        if check and done.returncode != 0:
            raise LabError(f"pulumi {arguments[0]} ended with exit code {done.returncode}")
        return done.returncode

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a Pulumi command on the stack and return what it printed."""
        return self._pulumi(arguments, shown=False)

    def end_orphans(self) -> None:
        """End what a Pulumi command left running when its launcher was killed."""
        for left in list(process.marked(self.workspace.root, ENGINE)):
            left.kill()

    def unlock(self) -> None:
        """Take a killed run's lock off the state; for callers who know that no run is alive."""
        locks = self.workspace.state / ".pulumi" / "locks"
        if any(locks.rglob("*.json")):
            self.ask("cancel", "--yes")

    def _pulumi(self, arguments: Sequence[str], *, shown: bool) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.toolchain.path("pulumi")), *arguments, "--stack", self.name],
            cwd=CHECKOUT,
            env=self._environment(),
            check=False,
            capture_output=not shown,
            text=True,
        )

    def _environment(self) -> dict[str, str]:
        mark = {process.MARK: str(self.workspace.root), f"{process.MARK}_ROLE": ENGINE}
        return self.workspace.environment(self.toolchain, stack=self.name) | mark

    def _text(self) -> str:
        """Return the checked-in text, or what it comes to over a lab without nodes."""
        text = self._asked_text()
        lab = running.attach(self.workspace.root)
        if lab is None or lab.spec.mode is Mode.NODES:
            return text
        settings = yaml.safe_load(text)
        peers = {name: cluster.peer_url for name, cluster in lab.clusters.items()}
        settings["config"][DOCUMENT] = nodeless.document(settings["config"][DOCUMENT], peers)
        return yaml.safe_dump(settings, sort_keys=False)

    def _asked_text(self) -> str:
        own = f".lab/{DEFAULT_LAB}/"
        root = self.workspace.root
        here = root.relative_to(CHECKOUT) if root.is_relative_to(CHECKOUT) else root
        return self.source.read_text().replace(own, f"{here}/")

    def _init(self) -> None:
        """Make the stack from a copy of the project, whose stack file then gets the salt."""
        with tempfile.TemporaryDirectory(dir=self.workspace.root) as folder:
            shutil.copy(CHECKOUT / "Pulumi.yaml", folder)
            environment = self._environment()
            environment.pop("PULUMI_OPTION_CONFIG_FILE", None)
            command = [str(self.toolchain.path("pulumi")), "stack", "init", self.name]
            done = subprocess.run(
                command, cwd=folder, env=environment, check=False, capture_output=True, text=True
            )
        if done.returncode != 0:
            raise LabError(f"pulumi stack init: {done.stderr.strip()}")


def _salt_of(stack_file: Path) -> str | None:
    if not stack_file.exists():
        return None
    loaded = yaml.safe_load(stack_file.read_text()) or {}
    return loaded.get(SALT)
