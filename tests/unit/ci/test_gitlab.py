"""GitLab's jobs call the scripts in order, for the environments that a change touches."""

import shutil
from pathlib import Path

import pytest

from .repository import CI, Repository, repository

TOLD = ("prepare", "validate", "login", "preview", "plan", "up", "drift", "issue", "comment")
"""Scripts that have tests of their own; here they only say how they were called."""
RECORD = '#!/bin/sh\necho "$(basename "$0") $* ${BASE:-}" >>"$LOG"\nexit 0\n'


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "checkout")
    made.commit({f"stacks/Pulumi.{name}.yaml": "a" for name in ("production", "staging")})
    made.commit({"stacks/Pulumi.staging.yaml": "b"})
    shutil.copytree(CI, tmp_path / "ci")
    for name in TOLD:
        (tmp_path / "ci" / name).write_text(RECORD)
    prepare = RECORD.replace(
        "exit", 'if [ -n "${CI_PATH_FILE:-}" ]; then :>"$CI_PATH_FILE"; fi\nexit'
    )
    (tmp_path / "ci" / "prepare").write_text(prepare)
    return made


def job(repo: Repository, name: str, stack: str = "staging", **env: str) -> tuple[int, list[str]]:
    """Run a job of a merge request; return its exit status and the scripts it called."""
    log = repo.root / "log"
    log.unlink(missing_ok=True)
    base = repo.git("rev-parse", "HEAD~1")
    script = str(repo.root.parent / "ci" / "gitlab")
    given = {"STACK": stack, "LOG": str(log), "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, **env}
    done = repo.run(script, name, env=given)
    called = log.read_text().replace(base, "BASE").splitlines() if log.exists() else []
    return done.returncode, [line.strip() for line in called]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("validate", ["prepare", "validate staging BASE"]),
        ("preview", ["prepare pulumi", "login", "preview staging BASE", "plan keep staging"]),
        ("comment", ["comment staging --gone"]),
        ("apply", ["prepare pulumi", "login", "plan fetch staging", "up staging"]),
        ("drift", ["prepare pulumi", "login", "drift staging", "issue staging"]),
    ],
)
def test_a_job_calls_its_scripts_in_order(repo: Repository, name: str, called: list[str]) -> None:
    assert job(repo, name) == (0, called)


@pytest.mark.parametrize("name", ["validate", "preview", "apply"])
def test_an_environment_that_is_not_touched_is_left_alone(repo: Repository, name: str) -> None:
    assert job(repo, name, "production") == (0, [])


def test_an_environment_whose_file_goes_is_told_of(repo: Repository) -> None:
    repo.commit({"stacks/Pulumi.production.yaml": None})
    assert job(repo, "comment") == (0, ["comment --gone production"])


def test_a_schedule_looks_at_every_environment(repo: Repository) -> None:
    status, called = job(repo, "drift", "production")
    assert (status, called[-1]) == (0, "issue production")


def test_a_pipeline_started_by_hand_previews_every_environment(repo: Repository) -> None:
    by_hand = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "", "CI_COMMIT_BEFORE_SHA": "0" * 40}
    status, called = job(repo, "preview", "production", **by_hand)
    assert status == 0
    assert called[2:] == ["preview production HEAD", "plan keep production"]


def test_a_job_stops_where_a_script_fails(repo: Repository) -> None:
    (repo.root.parent / "ci" / "plan").write_text("#!/bin/sh\nexit 2\n")
    status, called = job(repo, "apply")
    assert status == 2
    assert "up staging" not in called


def test_drift_is_reported_and_still_fails_the_job(repo: Repository) -> None:
    drift = RECORD.replace("exit 0", "exit 3")
    (repo.root.parent / "ci" / "drift").write_text(drift)
    status, called = job(repo, "drift")
    assert (status, called[-1]) == (3, "issue staging")
