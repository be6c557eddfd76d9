"""A saved plan belongs to the content it was made of, and to nobody else's."""

import json

import pytest

from .conftest import Runner
from .forges import MERGED, OPEN, REVIEWED, TOKEN

AGAIN = "preview this content, then run again"
OWN = {"head_repository_id": 1, "repository_id": 1, "head_sha": REVIEWED}


def seal(runner: Runner, text: str = "{}") -> str:
    """Write and seal a plan; return the name it is kept under."""
    runner.write("staging", "plan.json", text)
    runner.step("plan", "seal", "staging")
    return runner.step("plan", "name", "staging").strip()


def refused(runner: Runner, *arguments: str) -> str:
    """Return the one line in which a step refuses."""
    done = runner.repo.run("plan", *arguments, env=runner.env)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr.strip()


def upload(runner: Runner, name: str, **facts: object) -> None:
    """Do what GitHub's own action does with the folder."""
    folder = runner.repo.root / "out" / "staging"
    number = len(runner.forge.artifacts) + 1
    content = {path.name: path.read_text() for path in folder.iterdir()}
    runner.forge.files[str(number)] = json.dumps(content).encode()
    made = {"id": number, "name": name, "expired": False, "created_at": f"2026-01-0{number}"}
    runner.forge.artifacts.append({**made, "workflow_run": OWN, **facts})


def keep(runner: Runner, name: str) -> None:
    """Keep the plan the way this forge does it."""
    if "GITHUB_ACTIONS" in runner.env:
        upload(runner, name)
    else:
        runner.step("plan", "keep", "staging")


def forget(runner: Runner) -> None:
    """Be the job after the merge: a new checkout, without what earlier jobs made."""
    for path in (runner.repo.root / "out" / "staging").iterdir():
        path.unlink()


def test_a_plan_is_found_again_for_the_same_content_however_it_was_merged(runner: Runner) -> None:
    keep(runner, seal(runner, '{"plan": 1}'))
    forget(runner)
    runner.repo.commit({"b": "b"})
    runner.repo.commit({"b": None})
    runner.step("plan", "fetch", "staging")
    runner.step("plan", "check", "staging")
    assert (runner.repo.root / "out" / "staging" / "plan.json").read_text() == '{"plan": 1}'
    elsewhere = [token for token in runner.forge.tokens if token != TOKEN]
    stores = [path for _, path in runner.forge.asked if path.startswith("/storage/")]
    assert elsewhere == [""] * len(stores), "the token is for the forge, not for its storage"


def test_other_content_has_no_plan(runner: Runner) -> None:
    keep(runner, seal(runner))
    forget(runner)
    runner.repo.commit({"b": "b"})
    name = runner.step("plan", "name", "staging").strip()
    line = f"{name}: got no such plan; allowed one of this very content; {AGAIN}"
    assert refused(runner, "fetch", "staging") == line


def test_a_plan_of_other_content_is_refused_where_it_is_used(runner: Runner) -> None:
    seal(runner)
    before = runner.repo.git("rev-parse", "HEAD^{tree}")
    runner.repo.git("add", "--all")
    runner.repo.git("rm", "-rq", "--cached", "out")
    runner.repo.commit({"b": "b", ".gitignore": "out\n"})
    after = runner.repo.git("rev-parse", "HEAD^{tree}")
    assert refused(runner, "check", "staging") == (
        f"plan of staging: got tree {before}; allowed {after}; {AGAIN}"
    )


def test_a_plan_that_was_changed_is_refused(runner: Runner) -> None:
    seal(runner)
    runner.write("staging", "plan.json", '{"more": 1}')
    assert refused(runner, "check", "staging").startswith("plan of staging: got sha256 ")


def test_a_plan_of_another_environment_is_refused(runner: Runner) -> None:
    seal(runner)
    folder = runner.repo.root / "out"
    (folder / "staging").rename(folder / "production")
    assert refused(runner, "check", "production") == (
        f"plan of production: got stack staging; allowed production; {AGAIN}"
    )


def test_content_outside_any_commit_is_neither_sealed_nor_applied(runner: Runner) -> None:
    seal(runner)
    (runner.repo.root / "a").write_text("changed")
    line = "checkout: got changes outside any commit; allowed committed content; commit them"
    assert refused(runner, "seal", "staging") == line
    assert refused(runner, "check", "staging") == line


@pytest.mark.parametrize(
    "facts",
    [
        {"workflow_run": {**OWN, "head_repository_id": 2}},
        {"workflow_run": {**OWN, "head_sha": OPEN}},
        {"workflow_run": {**OWN, "head_sha": None}},
        {"workflow_run": None},
        {"expired": True},
    ],
)
def test_artifacts_of_forks_of_what_nobody_reviewed_and_expired_ones_do_not_count(
    runner: Runner, facts: dict[str, object]
) -> None:
    if "GITHUB_ACTIONS" not in runner.env:
        pytest.skip("GitLab runs a fork's pipelines in the fork")
    upload(runner, seal(runner), **facts)
    forget(runner)
    assert "got no such plan" in refused(runner, "fetch", "staging")


def test_a_plan_made_by_hand_after_the_merge_counts(runner: Runner) -> None:
    if "GITHUB_ACTIONS" not in runner.env:
        pytest.skip("GitLab keeps plans by content alone")
    upload(runner, seal(runner), workflow_run={**OWN, "head_sha": MERGED})
    forget(runner)
    runner.step("plan", "fetch", "staging")


def test_an_artifact_brings_plan_and_seal_and_nothing_else(runner: Runner) -> None:
    if "GITHUB_ACTIONS" not in runner.env:
        pytest.skip("GitLab keeps single files")
    upload(runner, name := seal(runner))
    content = json.loads(runner.forge.files["1"])
    runner.forge.files["1"] = json.dumps({**content, "../../a": "evil", "b": "evil"}).encode()
    forget(runner)
    runner.step("plan", "fetch", "staging")
    assert (runner.repo.root / "a").read_text() == "a"
    folder = runner.repo.root / "out" / "staging"
    assert {path.name for path in folder.iterdir()} == {"plan.json", "seal.json"}
    runner.forge.files["1"] = json.dumps({"seal.json": "{}"}).encode()
    assert refused(runner, "fetch", "staging") == (
        f"{name}: got other files; allowed plan.json, seal.json; preview again"
    )
