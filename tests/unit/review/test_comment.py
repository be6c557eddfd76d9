"""The comment: the same for the same change, whole where it fits, honest where it does not."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from meshtier.errors import Problem
from meshtier.review import comment as comments
from meshtier.review.comment import GITHUB_LIMIT, comment, marker
from meshtier.review.data import data
from meshtier.review.engine import read_preview
from meshtier.review.review import Review, review
from meshtier.review.sources import Side
from meshtier.review.text import text

from tests.conftest import GOLDEN

from .changes import LOCAL, SHOP, side
from .previews import HIDDEN, LEAVING, RAISED, printed

BASE = side({}, "main")
PRODUCTION: Mapping[str, Mapping[str, Any]] = {
    "production-more-nodes": {"master/defaults/cloud/gcp/nodes/general/max": 20},
    "production-service-range": {
        "seeds/us/userClusters/us-pay/addresses/services": "10.40.48.0/20"
    },
}
CASES = [*LOCAL, *PRODUCTION]


def local(name: str) -> Review:
    """The review of one change of the local environment."""
    return review(BASE, side(LOCAL[name], "change"), "local")


def of(name: str) -> Review:
    """The review of one change, whichever environment it is of."""
    if name in LOCAL:
        return local(name)
    base, head = side({}, "main", "production"), side(PRODUCTION[name], "change", "production")
    return review(base, head, "production")


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_as_it_was_before(name: str, golden: Any) -> None:
    golden(f"review/{name}.md", comment(of(name)))
    golden(f"review/{name}.txt", text(of(name)) + "\n")


def test_the_readme_shows_what_is_printed() -> None:
    readme = (GOLDEN.parents[1] / "README.md").read_text()
    assert f"BASE=main\n{text(local('gateway-off'))}\n```" in readme


def test_no_golden_comment_is_left_over() -> None:
    expected = {f"{name}.{form}" for name in CASES for form in ("md", "txt")}
    assert {path.name for path in (GOLDEN / "review").iterdir()} == expected


def test_no_change_is_said_in_one_sentence_and_the_picture_is_folded() -> None:
    made = comment(local("nothing"))
    assert "**`local`: no change in the mesh.**" in made
    assert "```diff" not in made
    assert "<details><summary>Topology</summary>" in made


def test_a_hidden_line_tells_whose_comment_it_is() -> None:
    for name in LOCAL:
        first, _, _ = comment(local(name)).partition("\n")
        assert first == marker("local") == "<!-- meshtier-review: local -->"


def test_the_engine_is_folded_below_the_mesh() -> None:
    made = comment(with_preview(local("cluster-removed")), diff="\x1b[31m- x\x1b[0m\n```\n")
    assert made.index("@@ Calls @@") < made.index("flowchart TD") < made.index("<summary>Pulumi: ")
    assert "<details><summary>Pulumi: 1 to create, 1 to update, 7 to delete, 40 unchanged" in made
    assert made.index("<summary>Pulumi: ") < made.index("<summary>Pulumi's own words")
    assert "\x1b" not in made
    assert made.count("```") % 2 == 0, "what Pulumi prints ends no fence"
    assert HIDDEN not in made


def test_what_the_engine_loses_beyond_the_plan_is_told_apart() -> None:
    made = comment(with_preview(local("cluster-removed")))
    _, _, beyond = made.partition("@@ Pulumi also replaces or deletes @@")
    assert beyond.splitlines()[1] == (
        "! intermediate key of eu-shop replaced; needs trust in guards.allow"
    )
    assert "Pulumi also" not in comment(local("cluster-removed"))
    both = local("trust-raised")
    assert "Pulumi also" not in comment(
        replace(both, preview=read_preview(printed(*RAISED), "x"))
    ), "the plan says it"


def test_what_the_document_allows_is_said() -> None:
    made = comment(local("cluster-removed"))
    assert "of eu-pay destroyed; allowed by guards.allow" in made
    assert "replaced because of generation; needs trust in guards.allow" in comment(
        local("trust-raised")
    )


def test_a_preview_that_stopped_is_not_hidden() -> None:
    stopped = read_preview(printed(errors=["error: cluster is out of reach"]), "x")
    made = comment(replace(local("nothing"), preview=stopped))
    assert "- Pulumi's preview stopped: `error: cluster is out of reach`" in made


def test_a_refused_base_is_said_and_breaks_nothing() -> None:
    problem = Problem(path="mesh.id", got="a `quoted` thing", allowed="x", fix="y")
    base = Side(label="v1", plan=None, problems=(problem,))
    made = comment(review(base, side({}, "now"), "local"))
    assert (
        "**`local`: this version of meshtier refuses the document of `v1`, so what changes can't "
        "be told.**"
    ) in made
    assert "- refused: `mesh.id: got a 'quoted' thing; allowed x; y`" in made
    assert "flowchart TD" in made, "what there is is drawn"
    assert ":::" not in made, "nothing is known to come or go"


def test_a_refused_head_is_the_news() -> None:
    problem = Problem(path="mesh.id", got="x", allowed="y", fix="z")
    made = comment(review(BASE, Side(label="now", plan=None, problems=(problem,)), "local"))
    assert "**`local`: the document is refused, nothing can be planned.**" in made
    assert "- refused: `mesh.id: got x; allowed y; z`" in made
    assert "flowchart" not in made, "a picture would show that all of it goes"


def test_only_new_warnings_are_repeated() -> None:
    assert BASE.plan is not None
    assert BASE.plan.warnings, "the local environment has one"
    assert "warning:" not in comment(local("more-replicas"))
    guards = side({"guards/allow": ["gone"]}, "now")
    assert comment(review(BASE, guards, "local")).count("- warning: `guards.allow[0]") == 1


def annotated(value: str) -> Mapping[str, Any]:
    """A gateway with an annotation."""
    return {f"{SHOP}/mesh": {"gateway": {"annotations": {"a.b/c": value}}}}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        (annotated("a`b"), "annotations.a.b/c nothing → a'b"),
        (annotated("x" * 200), f"annotations.a.b/c nothing → {'x' * 79}…"),
        (
            {"mesh/istio/values/istiod/env/MY_TOKEN": "hunter2"},
            "env.MY_TOKEN nothing → a value that is not shown",
        ),
        (
            {"mesh/istio/values/istiod/extra": "-----BEGIN KEY-----"},
            "extra nothing → a value that is not shown",
        ),
        (
            {"mesh/istio/values/istiod/extra": [{"password": "hunter2"}]},
            'extra nothing → [{"password": "a value that is not shown"}]',
        ),
    ],
)
def test_values_are_short_and_no_secrets(changes: Mapping[str, Any], shown: str) -> None:
    made = review(BASE, side(changes, "now"), "local")
    assert shown in comment(made)
    assert "hunter2" not in comment(made) + text(made) + json.dumps(data(made))
    assert "BEGIN" not in comment(made) + text(made) + json.dumps(data(made))


@pytest.mark.parametrize("limit", [GITHUB_LIMIT, 9_000, 3_000, 1_200, 300])
def test_a_comment_is_never_longer_than_it_may_be(limit: int) -> None:
    huge = replace(local("cluster-removed"), preview=huge_preview())
    made = comment(huge, diff="+ one more line\n" * 9_000, limit=limit)
    assert len(made) <= limit
    assert made.startswith(marker("local"))
    is_cut = "… cut: the comment would be" in made
    assert is_cut or "Shortened to fit; whole: `make diff STACK=local BASE=main`." in made


def test_the_engine_is_shortened_before_the_mesh() -> None:
    made = comment(replace(local("cluster-removed"), preview=huge_preview()), limit=9_000)
    whole = comment(local("cluster-removed"))
    mesh = re.search(r"```diff\n.*?```", whole, re.DOTALL)
    assert mesh is not None
    assert mesh[0] in made
    assert "flowchart TD" in made
    assert re.search(r"… 2\d\d\d more lines", made)


def test_measures_go_from_whole_to_bare() -> None:
    huge = replace(local("cluster-removed"), preview=huge_preview())
    sizes = [len(made) for made in comments._versions(huge, "x\n" * 9_000)]
    assert len(sizes) == len(comments._MEASURES)
    assert sizes == sorted(sizes, reverse=True)


def with_preview(made: Review) -> Review:
    """The review with what the engine says to it, and to something more."""
    return replace(made, preview=read_preview(printed(*LEAVING, *RAISED, same=40), "x"))


def huge_preview() -> Any:
    """A preview of two thousand resources."""
    preview = read_preview(printed(*LEAVING), "x")
    (one, *_) = preview.operations
    many = tuple(replace(one, name=f"local-eu-pay-thing-{number}") for number in range(2_100))
    return replace(preview, operations=many)


def test_the_goldens_are_text_that_a_person_reads() -> None:
    for path in Path(GOLDEN / "review").glob("*.md"):
        assert len(path.read_text()) < 6_000, f"{path.name} is no glance"
