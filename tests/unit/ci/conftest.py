"""Both forges, each with the environment its runner gives a job."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .forges import BOT, GITHUB, GITLAB, MERGED, TOKEN, Forge, served
from .repository import Repository, repository


@dataclass(frozen=True)
class Runner:
    """A job that runs for a change, and the forge behind it."""

    repo: Repository
    forge: Forge
    env: Mapping[str, str]
    text: str
    """Name of the field that holds an issue's text."""
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    """How a comment's or an issue's author is told."""
    fork: Mapping[str, str]
    """What differs in the environment when the change comes from a fork."""

    def write(self, stack: str, name: str, text: str) -> None:
        """Write a file that an earlier step would have made."""
        path = self.repo.root / "out" / stack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def step(self, script: str, *arguments: str, **more: str) -> str:
        """Run a script that has to succeed; return what it said."""
        done = self.repo.run(script, *arguments, env={**self.env, **more})
        assert done.returncode == 0, done.stdout + done.stderr
        assert TOKEN not in done.stdout + done.stderr
        return done.stdout


@pytest.fixture(params=["github", "gitlab"])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runner]:
    make = _github if request.param == "github" else _gitlab
    with served(GITHUB if request.param == "github" else GITLAB) as forge:
        repo = repository(tmp_path / "checkout")
        repo.commit({"a": "a"})
        yield make(repo, forge, tmp_path)


def _github(repo: Repository, forge: Forge, folder: Path) -> Runner:
    def event(head: str) -> str:
        path = folder / f"{head.replace('/', '-')}.json"
        change = {"head": {"repo": {"full_name": head}}}
        path.write_text(json.dumps({"number": 4, "pull_request": change}))
        return str(path)

    return Runner(
        repo=repo,
        forge=forge,
        env={
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": forge.url,
            "GITHUB_EVENT_PATH": event("o/r"),
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": MERGED,
            "GITHUB_TOKEN": TOKEN,
        },
        text="body",
        ours={"user": {"login": BOT}},
        theirs={"user": {"login": "somebody"}},
        fork={"GITHUB_EVENT_PATH": event("somebody/r")},
    )


def _gitlab(repo: Repository, forge: Forge, folder: Path) -> Runner:
    return Runner(
        repo=repo,
        forge=forge,
        env={
            "GITLAB_CI": "true",
            "GITLAB_TOKEN": TOKEN,
            "CI_API_V4_URL": forge.url,
            "CI_JOB_TOKEN": TOKEN,
            "CI_MERGE_REQUEST_IID": "4",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "11",
            "CI_PROJECT_ID": "11",
        },
        text="description",
        ours={"author": {"id": 7}},
        theirs={"author": {"id": 8}},
        fork={"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "12"},
    )
