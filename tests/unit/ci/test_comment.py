"""Comments and issues: made once, then updated, and never anybody else's."""

import pytest

from .conftest import Runner

MARK = "<!-- meshtier-review: staging -->"
DRIFT = "<!-- meshtier-drift: staging -->"


def comment(runner: Runner, *stacks: str, **more: str) -> str:
    """Post what the preview of each environment has to say."""
    return runner.step("comment", *stacks, **more)


def said(runner: Runner) -> list[str]:
    """Return the text of every comment there is."""
    return [one["body"] for one in runner.forge.comments]


def test_a_comment_is_made_once_and_then_updated(runner: Runner) -> None:
    for text in ("one", "two"):
        runner.write("staging", "comment.md", f"{MARK}\n\n{text}\n")
        comment(runner, "staging")
    assert said(runner) == [f"{MARK}\n\ntwo\n"]
    assert len(runner.forge.writes) == 2


def test_what_says_the_same_is_left_as_it_is(runner: Runner) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    comment(runner, "staging")
    comment(runner, "staging")
    assert len(runner.forge.writes) == 1


def test_each_environment_has_a_comment_of_its_own(runner: Runner) -> None:
    for stack in ("staging", "production"):
        text = MARK.replace("staging", stack)
        runner.write(stack, "comment.md", f"{text}\n\n{stack}\n")
    comment(runner, "staging", "production")
    assert sorted(text.split()[-1] for text in said(runner)) == ["production", "staging"]


def test_other_peoples_comments_are_left_alone_even_with_our_mark(runner: Runner) -> None:
    theirs = {"id": 1, "body": f"{MARK}\n\nlooks good", **runner.theirs}
    runner.forge.comments.append(dict(theirs))
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    comment(runner, "staging")
    comment(runner, "staging")
    assert runner.forge.comments[0] == theirs
    assert said(runner)[1:] == [f"{MARK}\n\none\n"]


def test_our_comment_is_found_behind_many_others(runner: Runner) -> None:
    for number in range(1, 251):
        runner.forge.comments.append({"id": number, "body": "hm", **runner.theirs})
    runner.forge.comments[230] |= {"body": f"{MARK}\n\none\n", **runner.ours}
    runner.write("staging", "comment.md", f"{MARK}\n\ntwo\n")
    comment(runner, "staging")
    assert len(said(runner)) == 250
    assert said(runner)[230] == f"{MARK}\n\ntwo\n"


def test_a_comment_on_what_is_no_longer_touched_says_so(runner: Runner) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    comment(runner, "staging")
    comment(runner)
    comment(runner)
    assert said(runner) == [f"{MARK}\n\n**staging is no longer touched by this change.**\n"]
    assert len(runner.forge.writes) == 2


@pytest.mark.parametrize("gone", [("staging", "old"), ('["old", "staging"]',)])
def test_where_a_file_goes_reviewers_are_told_that_nothing_is_destroyed(
    runner: Runner, gone: tuple[str, ...]
) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    comment(runner, "staging")
    comment(runner, "--gone", *gone)
    here, there = said(runner)
    assert here.startswith(f"{MARK}\n\n**The file of staging goes, and what it stands for stays:")
    assert "`pulumi destroy --stack staging` while its file is there" in here
    assert there == here.replace("staging", "old")


def test_nothing_is_posted_for_a_fork(runner: Runner) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    comment(runner, "staging", **runner.fork)
    assert runner.forge.asked == []


def test_a_comment_about_another_environment_is_refused(runner: Runner) -> None:
    runner.write("production", "comment.md", f"{MARK}\n\none\n")
    done = runner.repo.run("comment", "production", env=runner.env)
    assert done.returncode == 2
    assert done.stderr == (
        "out/production/comment.md: got no comment; allowed the one about production; "
        "run ci/preview again\n"
    )
    assert runner.forge.writes == []


def test_an_environment_whose_preview_failed_early_is_told_so(runner: Runner) -> None:
    comment(runner, '["staging"]')
    assert said(runner) == [f"{MARK}\n\n**staging could not be previewed; its job says why.**\n"]


def test_a_refused_token_is_said_in_one_line_that_does_not_hold_it(runner: Runner) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    wrong = {"GITHUB_TOKEN": "canary-wrong", "GITLAB_TOKEN": "canary-wrong"}
    done = runner.repo.run("comment", "staging", env={**runner.env, **wrong})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "status 401" in done.stderr
    assert "canary" not in done.stderr


def test_a_token_never_goes_over_a_plain_connection(runner: Runner) -> None:
    runner.write("staging", "comment.md", f"{MARK}\n\none\n")
    plain = {"GITHUB_API_URL": "http://forge.example", "CI_API_V4_URL": "http://forge.example"}
    done = runner.repo.run("comment", "staging", env={**runner.env, **plain})
    assert done.returncode == 2
    assert done.stderr == (
        "API: got http://forge.example; allowed https://; use the encrypted address\n"
    )


def test_a_drift_has_one_issue_that_closes_when_it_is_over(runner: Runner) -> None:
    told: list[str] = []
    for text in ("", "one\n", "one\n", "two\n", "", ""):
        runner.write("staging", "drift.md", text)
        told.append(runner.step("issue", "staging").strip())
    assert told == ["", "opened staging", "", "updated staging", "closed staging", ""]
    (issue,) = runner.forge.issues
    assert issue["title"] == "staging has drifted"
    assert issue[runner.text].startswith(DRIFT)
    assert issue["state"] == "closed"


def test_where_nobody_could_look_the_issue_stays(runner: Runner) -> None:
    runner.write("staging", "drift.md", "one\n")
    runner.step("issue", "staging")
    (runner.repo.root / "out" / "staging" / "drift.md").unlink()
    runner.step("issue", "staging")
    assert len(runner.forge.writes) == 1
