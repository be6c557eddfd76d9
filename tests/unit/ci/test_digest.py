"""An event log as its readers want it: without a single value."""

import json
from pathlib import Path
from typing import Any

from meshtier.review.engine import Op, read_preview

from .repository import repository

MEMBER = "urn:pulumi:e::p::a:b:C::"
SECRET = "canary-value"


def step(op: str, name: str, **more: Any) -> dict[str, Any]:
    """Return the facts of one step, as the engine logs them."""
    state = {"parent": f"{MEMBER}top", "inputs": {"a": SECRET}}
    return {"op": op, "urn": f"{MEMBER}{name}", "type": "a:b:C", "new": state, "old": None, **more}


def digest(tmp_path: Path, kind: str, events: list[dict[str, Any]]) -> tuple[int, str]:
    """Return exit status and output of the step."""
    repo = repository(tmp_path / "checkout")
    (repo.root / "events").write_text("".join(f"{json.dumps(one)}\n" for one in events))
    script = repo.root / "digest"
    script.write_text('here=$CI\n. "$here/environment.sh"\nstep digest "$@"\n')
    ci = Path(__file__).parents[3] / "ci"
    command = [str(script), kind, "events", *(["staging"] if kind == "drift" else [])]
    done = repo.run("/bin/sh", *command, env={"CI": str(ci)})
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_preview_is_read_by_the_review_as_if_pulumi_had_written_it(tmp_path: Path) -> None:
    replaced = {"detailedDiff": {"spec.a": {}}, "diffs": ["spec"], "keys": ["spec"]}
    events = [
        {"resourcePreEvent": {"metadata": step("create", "new")}},
        {"resourcePreEvent": {"metadata": step("replace", "other", **replaced)}},
        {"diagnosticEvent": {"severity": "info", "message": "never mind"}},
        {"diagnosticEvent": {"severity": "error", "message": "boom"}},
        {
            "policyEvent": {
                "policyName": "strict-mtls",
                "enforcementLevel": "mandatory",
                "resourceUrn": f"{MEMBER}new",
                "message": "No policy lets plain text in.\nspec: got a; allowed b; c",
            }
        },
        {"summaryEvent": {"resourceChanges": {"create": 1, "replace": 1, "same": 3}}},
    ]
    status, text = digest(tmp_path, "preview", events)
    assert status == 0
    assert SECRET not in text
    preview = read_preview(text, "it")
    assert [(one.op, one.name) for one in preview.operations] == [
        (Op.CREATE, "new"),
        (Op.REPLACE, "other"),
    ]
    assert preview.operations[1].changed == ("spec.a",)
    assert preview.operations[1].reasons == ("spec",)
    assert preview.unchanged == 3
    assert preview.errors == ("boom", "strict-mtls: new: spec: got a; allowed b; c")


def test_drift_names_what_differs_and_nothing_that_does_not(tmp_path: Path) -> None:
    events = [
        {"resourcePreEvent": {"metadata": step("refresh", "moved")}},
        {"resOutputsEvent": {"metadata": step("update", "moved", detailedDiff={"data.a": {}})}},
        {"resOutputsEvent": {"metadata": step("delete", "lost")}},
        {"resOutputsEvent": {"metadata": step("update", "component")}},
        {"resOutputsEvent": {"metadata": step("same", "quiet")}},
        {"summaryEvent": {"resourceChanges": {"update": 1, "delete": 1, "same": 2}}},
    ]
    status, text = digest(tmp_path, "drift", events)
    assert status == 3
    assert SECRET not in text
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- changed: `a:b:C` **moved** at `data.a`",
        "- gone: `a:b:C` **lost**",
    ]


def test_what_only_the_engine_counts_is_drift_too(tmp_path: Path) -> None:
    status, text = digest(tmp_path, "drift", [{"summaryEvent": {"resourceChanges": {"update": 2}}}])
    assert status == 3
    assert "- update: 2 resources" in text


def test_no_difference_is_no_drift(tmp_path: Path) -> None:
    events = [
        {"resOutputsEvent": {"metadata": step("update", "component")}},
        {"summaryEvent": {"resourceChanges": {"same": 1}}},
    ]
    assert digest(tmp_path, "drift", events) == (0, "")


def test_a_preview_that_never_ended_does_not_look_like_one_without_changes(tmp_path: Path) -> None:
    status, text = digest(tmp_path, "preview", [])
    assert status == 0
    assert read_preview(text, "it").errors == ("the preview did not end; its job says why",)


def test_a_preview_without_changes_has_no_error(tmp_path: Path) -> None:
    summary = {"resourceChanges": {"same": 2}, "result": "succeeded"}
    _, text = digest(tmp_path, "preview", [{"summaryEvent": summary}])
    assert read_preview(text, "it").errors == ()


def test_a_drift_of_everything_still_fits_into_an_issue(tmp_path: Path) -> None:
    paths = {f"metadata.labels.number-{number}": {} for number in range(20)}
    events = [
        {"resOutputsEvent": {"metadata": step("update", f"one-{number}", detailedDiff=paths)}}
        for number in range(900)
    ]
    status, text = digest(tmp_path, "drift", events)
    assert status == 3
    assert 55_000 < len(text) < 65_000
    *_, last = (line for line in text.splitlines() if line.startswith("- "))
    shown = text.count("**one-")
    assert last == f"- … and {900 - shown} more; the job's log has them"
    assert text.endswith("or change the document to what is meant.\n"), "what to do is said"
