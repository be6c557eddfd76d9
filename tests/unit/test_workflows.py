"""The workflows keep to what a reviewer would ask of them, and each question can be answered no."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import workflows as rules

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "preview.yml"
ACTION = ROOT / ".github" / "actions" / "prepare" / "action.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
IDENTITY = {"id-token": "write"}
PERMISSIONS = {
    "preview": IDENTITY,
    "comment": {"pull-requests": "write"},
    "apply": {**IDENTITY, "actions": "read", "pull-requests": "read"},
    "drift": IDENTITY,
    "report": {"issues": "write"},
}
"""What jobs may do beside reading the content; those not named here may do no more."""
STACKS = {path.stem.removeprefix("Pulumi.") for path in (ROOT / "stacks").glob("Pulumi.*.yaml")}


def read(path: Path) -> dict[str, Any]:
    """Return a workflow; YAML 1.1 takes the key `on` for a truth."""
    loaded = yaml.safe_load(path.read_text())
    return {"on" if key is True else key: value for key, value in loaded.items()}


@pytest.fixture
def workflow() -> dict[str, Any]:
    return read(WORKFLOW)


@pytest.fixture
def gitlab() -> dict[str, Any]:
    return read(GITLAB)


@pytest.mark.parametrize("path", [WORKFLOW, ACTION], ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    assert rules.unpinned(path.read_text()) == []


@pytest.mark.parametrize("path", [WORKFLOW, ACTION], ids=lambda path: path.stem)
def test_every_command_is_one_of_our_scripts(path: Path) -> None:
    assert rules.loose_commands(read(path), ROOT) == []


def test_a_forks_change_gets_no_more_than_validation(workflow: dict[str, Any]) -> None:
    assert rules.open_to_forks(workflow) == []
    assert set(workflow["on"]) == {"pull_request", "push", "schedule", "workflow_dispatch"}


def test_jobs_may_do_what_they_need_and_no_more(workflow: dict[str, Any]) -> None:
    assert rules.wide_permissions(workflow, PERMISSIONS) == []
    for name, job in workflow["jobs"].items():
        enters = job["permissions"].get("id-token") == "write"
        writes = any(job["permissions"].get(to) == "write" for to in ("pull-requests", "issues"))
        assert not (enters and writes), f"{name} both enters the clouds and writes to people"
        assert enters == ("environment" in job), name


def test_secrets_are_seen_by_single_steps(workflow: dict[str, Any]) -> None:
    assert rules.wide_secrets(workflow) == []
    named = set(re.findall(r"secrets\.([A-Z_]+)", WORKFLOW.read_text()))
    assert named == {"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}, "no key of any cloud"


def test_jobs_end_and_checkouts_keep_no_token(workflow: dict[str, Any]) -> None:
    assert rules.careless_jobs(workflow) == []


def test_an_environment_is_changed_by_one_job_at_a_time(workflow: dict[str, Any]) -> None:
    # Without the queue GitHub keeps one that waits, and cancels it for the next.
    one = {"group": "apply-${{ matrix.stack }}", "cancel-in-progress": False, "queue": "max"}
    assert workflow["jobs"]["apply"]["concurrency"] == one
    assert workflow["jobs"]["drift"]["concurrency"] == one
    assert "matrix.stack" in workflow["jobs"]["preview"]["concurrency"]["group"]


def test_a_merge_applies_only_a_plan_that_it_fetched(workflow: dict[str, Any]) -> None:
    commands = [step["run"] for step in workflow["jobs"]["apply"]["steps"] if "run" in step]
    assert commands == ['ci/plan fetch "$STACK"', "ci/login", 'ci/up "$STACK"']


def test_gitlab_jobs_are_the_same_script(gitlab: dict[str, Any]) -> None:
    jobs = {name: job for name, job in gitlab.items() if "script" in job}
    assert set(jobs) == {"validate", "preview", "comment", "apply", "drift"}
    for name, job in jobs.items():
        assert job["script"] == [f"ci/gitlab {name}"]


def test_gitlab_lists_every_environment_but_the_labs(gitlab: dict[str, Any]) -> None:
    (matrix,) = gitlab[".every-environment"]["parallel"]["matrix"]
    assert set(matrix["STACK"]) == STACKS - {"local"}


def test_gitlab_enters_clouds_only_for_changes_of_its_own(gitlab: dict[str, Any]) -> None:
    own = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"
    for name in ("preview", "comment"):
        asked = [rule["if"] for rule in gitlab[name]["rules"] if "merge_request" in rule["if"]]
        assert len(asked) == 1
        assert own in asked[0]
    assert ".identity" not in gitlab["validate"]["extends"]
    assert "extends" not in gitlab["comment"]
    for name in ("apply", "drift"):
        assert gitlab[name]["resource_group"] == "$STACK"
        assert "merge_request" not in str(gitlab[name]["rules"])


def test_an_action_by_tag_or_without_its_version_is_seen() -> None:
    commit = "0" * 40
    lines = ["uses: a/b@v4", f"- uses: a/b@{commit}", f"uses: a/b@{commit} # main"]
    good = [f"uses: a/b@{commit} # v4.1", "uses: ./.github/actions/prepare"]
    found = rules.unpinned("\n".join([*lines, *good]))
    assert found == [line.removeprefix("- ") for line in lines]


@pytest.mark.parametrize(
    "command",
    [
        "pulumi up",
        "ci/preview $STACK",
        'ci/preview "${{ github.head_ref }}"',
        'ci/preview "$STACK"; env',
        'ci/preview "$STACK" | sh',
        "ci/missing",
        "ci/environment.sh",
    ],
)
def test_a_command_of_another_kind_is_seen(command: str) -> None:
    job = {"steps": [{"run": command}]}
    assert rules.loose_commands({"jobs": {"a": job}}, ROOT) == [f"a: {command}"]


@pytest.mark.parametrize(
    "more",
    [
        {"permissions": {**rules.READ, "id-token": "write"}},
        {"environment": "production"},
        {"steps": [{"env": {"A": "${{ secrets.A }}"}}]},
        {"if": "github.event_name == 'pull_request'", "environment": "production"},
    ],
)
def test_a_job_open_to_forks_is_seen(more: dict[str, Any]) -> None:
    job = {"permissions": rules.READ, "steps": [], **more}
    assert rules.open_to_forks({"jobs": {"a": job}}) == ["a"]
    guarded = {**job, "if": f"github.event_name == 'pull_request' && {rules.FORK_GUARD}"}
    assert rules.open_to_forks({"jobs": {"a": guarded}}) == []


def test_other_broken_rules_are_seen() -> None:
    checkout = {"uses": "actions/checkout@x", "with": {"fetch-depth": 0}}
    job = {
        "permissions": {"contents": "write"},
        "env": {"A": "${{ secrets.A }}"},
        "steps": [checkout, {"run": "ci/up", "with": {"a": "${{ secrets.A }}"}}],
    }
    workflow = {"jobs": {"a": job}, "env": {"A": "${{ secrets.A }}"}}
    assert rules.wide_permissions(workflow, {}) == ["the whole workflow", "a"]
    assert rules.careless_jobs(workflow) == ["a", "a: checkout"]
    assert rules.wide_secrets(workflow) == ["the whole workflow", "a", "a"]
