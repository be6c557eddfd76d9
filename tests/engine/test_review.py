"""A review reads what the real engine says, and the two plans foretold it."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from meshtier.plan.environment import plan_environment
from meshtier.review.comment import comment
from meshtier.review.data import data
from meshtier.review.engine import Op, Preview, read_preview
from meshtier.review.guard import lost, refused
from meshtier.review.review import Review, review
from meshtier.review.sources import Side
from meshtier.spec import load

from .documents import ENVIRONMENT, Document
from .needles import credentials, key_lines, leaks
from .stage import Stage

pytestmark = pytest.mark.engine
GONE = "eu-pay"


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One change of the stack that stands, previewed and not made."""

    review: Review
    preview: Preview
    summary: dict[str, int]
    """The engine's own counts."""
    secrets: frozenset[str]


def side(document: Document) -> Side:
    return Side(label="x", plan=plan_environment(load(document, name=ENVIRONMENT)))


@pytest.fixture(scope="module")
def reviewed(stage: Stage) -> Reviewed:
    """A member leaves with its cluster, and the others get new intermediates."""
    engine = stage.stand()
    document = stage.document
    head = copy.deepcopy(document)
    del head["seeds"]["eu"]["userClusters"][GONE]
    head["mesh"]["trust"] = {"intermediateGeneration": 2}
    stage.change(head)
    try:
        done = engine.run("preview", "--json", "--stack", ENVIRONMENT).check()
    finally:
        stage.change(document)
    # From the lab: shown by the engine they would lie among what other tests search for secrets.
    kubeconfigs = [one.kubeconfig.read_text() for one in stage.lab.clusters.values()]
    preview = read_preview(done.stdout, "preview")
    return Reviewed(
        review=review(side(document), side(head), ENVIRONMENT, preview=preview),
        preview=preview,
        summary=json.loads(done.stdout)["changeSummary"],
        secrets=frozenset(one for text in kubeconfigs for one in credentials(text)),
    )


def test_every_operation_is_counted_once(reviewed: Reviewed) -> None:
    counts = {op.value: number for op, number in reviewed.preview.counts().items()}
    assert {**counts, "same": reviewed.preview.unchanged} == reviewed.summary


def test_what_is_deleted_belongs_to_whom_it_is_said_to(reviewed: Reviewed) -> None:
    deleted = [one for one in reviewed.preview.operations if one.op is Op.DELETE]
    mine = [one for one in deleted if GONE in one.name and "-record-in-" not in one.name]
    assert mine
    assert {one.cluster for one in mine} == {GONE}
    others = [one for one in deleted if one not in mine]
    assert all("-g1" in one.name or "-record-in-" in one.name for one in others)


def test_the_engine_loses_what_the_plans_foretold(reviewed: Reviewed) -> None:
    assert reviewed.review.comparison is not None
    foretold = {(one.carrier, one.guard, one.fate) for one in reviewed.review.comparison.losses}
    assert {(one.carrier, one.guard, one.fate) for one in lost(reviewed.preview)} == foretold
    assert {guard for _, guard, _ in foretold} == {GONE, "trust"}


def test_only_what_is_allowed_by_name_gets_through(reviewed: Reviewed) -> None:
    assert len(refused(reviewed.preview, (), "p")) == 5
    (left,) = refused(reviewed.preview, {GONE}, "p")
    assert left.path == "p: trust"
    assert refused(reviewed.preview, {GONE, "trust"}, "p") == ()


def test_nothing_secret_is_in_the_comment_or_the_data(reviewed: Reviewed, tmp_path: Path) -> None:
    written = tmp_path / "comment.md"
    made = comment(reviewed.review)
    written.write_text(made + json.dumps(data(reviewed.review)))
    assert f"local-mesh-{GONE}-remote-secret" in made, "the engine's list is there"
    assert reviewed.secrets
    assert leaks(reviewed.secrets, [written]) == []
    assert key_lines([written.read_text()]) == set()
