"""Where the two sides of a comparison come from: a directory of stack files, or a git revision."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import Problem, SpecError
from ..plan.environment import plan_environment
from ..plan.model import EnvironmentPlan
from ..plan.stack_file import document_in, read_document
from ..spec.load import load
from ..spec.show import show


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a comparison."""

    label: str
    """How a reader knows it: a revision, or a directory."""
    plan: EnvironmentPlan | None
    """None when there is no such environment, or when its document is refused."""
    problems: tuple[Problem, ...] = ()
    """Why this version of meshtier refuses its document; empty when it does not."""
    allowed: frozenset[str] = frozenset()
    """What its document lets be lost by name: `guards.allow`, clusters or `trust`."""


def in_directory(directory: Path, stack: str) -> Side:
    """Return the side whose stack file lies in a directory; no file is no environment."""
    if not (directory / f"Pulumi.{stack}.yaml").is_file():
        return Side(label=str(directory), plan=None)
    try:
        return _planned(str(directory), read_document(directory, stack), stack)
    except SpecError as error:
        return Side(label=str(directory), plan=None, problems=error.problems)


def in_revision(revision: str, directory: Path, stack: str) -> Side:
    """Return the side whose stack file lay in a directory of the checkout at a git revision.

    Raises SpecError when there is no such revision, or no repository around the directory.
    """
    # What stands behind the revision keeps one that looks like an option from being one.
    commit = _git(directory, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None:
        raise SpecError([_no_revision(revision)])
    file = f"Pulumi.{stack}.yaml"
    text = _git(directory, "show", f"{commit.strip()}:./{file}")
    if text is None:
        return Side(label=revision, plan=None)
    try:
        return _planned(revision, document_in(text, f"{revision}:{directory / file}"), stack)
    except SpecError as error:
        return Side(label=revision, plan=None, problems=error.problems)


def _planned(label: str, document: Mapping[str, object], stack: str) -> Side:
    spec = load(document, name=stack)
    return Side(label=label, plan=plan_environment(spec), allowed=frozenset(spec.guards.allow))


def _git(directory: Path, command: str, *arguments: str) -> str | None:
    """Return what a git command prints, None when it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), command, *arguments],
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _no_revision(revision: str) -> Problem:
    return Problem(
        path="--base or --head",
        got=f"{show(revision)}, which git does not know here",
        allowed="a commit, branch or tag of this checkout",
        fix="fetch it, or name another",
    )
