"""What must hold of workflows, as functions over their parsed text: each returns what breaks it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Workflow = Mapping[str, Any]

FORK_GUARD = "github.event.pull_request.head.repo.full_name == github.repository"
"""What a job asks that a fork's change must not reach."""
_PINNED = re.compile(r"uses: (?P<action>[^@\s]+)@[0-9a-f]{40} # v\d+(\.\d+)*$")
_ELSEWHERE = re.compile(r"github\.event_name == '(push|schedule)'")
_SCRIPT = re.compile(r"(?P<script>ci/[a-z]+)(?: (?:\"\$[A-Z]+\"|--|-?-?[a-z]+))*")


def steps(workflow: Workflow) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name of the job and each of its steps; a composite action is one job."""
    if "runs" in workflow:
        yield from (("action", step) for step in workflow["runs"]["steps"])
    for name, job in workflow.get("jobs", {}).items():
        yield from ((name, step) for step in job["steps"])


def unpinned(text: str) -> list[str]:
    """Return actions that are not pinned by commit, with the version beside it."""
    lines = (line.strip().removeprefix("- ") for line in text.splitlines())
    used = (line for line in lines if line.startswith("uses: "))
    return [line for line in used if not line.startswith("uses: ./") and not _PINNED.match(line)]


def loose_commands(workflow: Workflow, checkout: Path) -> list[str]:
    """Return commands that are more than one of our scripts with plain arguments.

    What a workflow pastes into a command (`${{ }}`) would be run, whoever wrote it.
    """
    found: list[str] = []
    for name, step in steps(workflow):
        command = step.get("run")
        if command is None:
            continue
        matched = _SCRIPT.fullmatch(command)
        script = checkout / matched["script"] if matched else None
        if script is None or not script.is_file() or not script.stat().st_mode & 0o111:
            found.append(f"{name}: {command}")
    return found


def open_to_forks(workflow: Workflow) -> list[str]:
    """Return jobs that a fork's pull request reaches and that have more than the content to read.

    Such a job runs the fork's code.
    """
    found: list[str] = []
    for name, job in workflow["jobs"].items():
        condition = job.get("if", "")
        elsewhere = _ELSEWHERE.search(condition) and "'pull_request'" not in condition
        if elsewhere or FORK_GUARD in condition:
            continue
        if "secrets." in str(job) or "environment" in job or job["permissions"] != READ:
            found.append(name)
    return found


READ = {"contents": "read"}


def wide_permissions(workflow: Workflow, wanted: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return jobs that may do anything beside what they are listed with."""
    found = [] if workflow.get("permissions") == {} else ["the whole workflow"]
    for name, job in workflow["jobs"].items():
        if job.get("permissions") != {**READ, **wanted.get(name, {})}:
            found.append(name)
    return found


def careless_jobs(workflow: Workflow) -> list[str]:
    """Return jobs without a limit in time, and checkouts that leave their token lying about."""
    found = [name for name, job in workflow["jobs"].items() if "timeout-minutes" not in job]
    for name, step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            if step.get("with", {}).get("persist-credentials") is not False:
                found.append(f"{name}: checkout")
    return found


def wide_secrets(workflow: Workflow) -> list[str]:
    """Return jobs whose secrets are seen by more than the one step that needs them."""
    found = ["the whole workflow"] if "secrets." in str(workflow.get("env", "")) else []
    for name, job in workflow["jobs"].items():
        around = {key: value for key, value in job.items() if key != "steps"}
        if "secrets." in str(around):
            found.append(name)
    for name, step in steps(workflow):
        given = {key: value for key, value in step.items() if key != "env"}
        if "secrets." in str(given):
            found.append(name)
    return found
