"""What Helm makes is ours like the rest: it carries our labels, and is taken over when asked."""

import copy
from collections.abc import Iterator, Mapping

import pytest

from .documents import ENVIRONMENT, MEMBERS, Document, with_label
from .reach import Object, name_of
from .stage import STEADY, Stage, is_derived

pytestmark = pytest.mark.engine

OWNERS = ("meshtier.io/environment", "meshtier.io/cluster", "meshtier.io/level")
HELM = "sh.helm.release.v1."
"""How the names of Helm's own records begin."""
MEMBER = "eu-shop"
GATEWAY = f"{ENVIRONMENT}-mesh-{MEMBER}-east-west-gateway"
DEPLOYMENT = "/apis/apps/v1/namespaces/istio-system/deployments/istio-eastwestgateway"
HELD = "Helm has one that this stack doesn't hold; `existingObjects: adopt` takes it over"


@pytest.fixture
def stage_after(stage: Stage) -> Iterator[Stage]:
    """The stack that stands; as it was again afterwards."""
    stage.stand()
    yield stage
    stage.stand()


def test_every_object_says_whose_it_is(stage: Stage) -> None:
    stage.stand()
    made = [(cluster, one) for cluster, found in ours(stage).items() for one in found]
    kinds = {one["kind"] for _, one in made}
    assert {"MutatingWebhookConfiguration", "ClusterRole", "Deployment", "Namespace"} <= kinds
    for cluster, one in made:
        about = [ENVIRONMENT, recorded(one) or cluster]
        assert [labels(one).get(key) for key in OWNERS[:2]] == about, name_of(one)
        assert labels(one).get(OWNERS[2]) in ("master", "seed", "user"), name_of(one)


def test_labels_of_the_document_come_and_go_on_every_object(stage_after: Stage) -> None:
    stage = stage_after
    stage.change(with_label(stage.document, "team", "payments"))
    assert stage.engine is not None
    stage.engine.up().check()
    bare = {name_of(one) for one in members(stage) if labels(one).get("team") != "payments"}
    assert bare == set()
    stage.change(stage.document)
    stage.engine.up().check()
    assert {name_of(one) for one in members(stage) if "team" in labels(one)} == set()


def test_a_release_that_the_state_lost_is_taken_over_where_it_stands(stage_after: Stage) -> None:
    stage = stage_after
    engine = stage.engine
    assert engine is not None
    before = stage.reach(MEMBER).get(DEPLOYMENT)["metadata"]["uid"]
    lose(stage)
    assert set(engine.up().check().changes) == {"create"}
    assert stage.reach(MEMBER).get(DEPLOYMENT)["metadata"]["uid"] == before
    assert engine.up().check().changes == {}


def test_a_release_that_is_somebody_elses_is_left_and_named(stage_after: Stage) -> None:
    stage = stage_after
    engine = stage.engine
    assert engine is not None
    records = helm_records(stage)
    lose(stage)
    stage.change(refusing(stage.document))
    done = engine.up()
    assert done.returncode != 0
    told = "\n".join(done.diagnostics("warning"))
    assert f"{MEMBER}: release istio-eastwestgateway: {HELD}" in told
    assert helm_records(stage) == records


def ours(stage: Stage) -> Mapping[str, list[Object]]:
    """What stands in the clusters since the stack came, without what Kubernetes derives from it."""
    return {
        cluster: [
            one
            for one in found
            if name_of(one) not in stage.pristine[cluster]
            and not is_derived(one)
            and not one["metadata"]["name"].startswith(HELM)
        ]
        for cluster, found in stage.objects().items()
    }


def recorded(one: Object) -> str | None:
    """The cluster that a record is about, None for other objects."""
    kind, _, cluster = one["metadata"]["name"].partition("cluster-")
    return None if kind or one["kind"] != "ConfigMap" else cluster


def members(stage: Stage) -> list[Object]:
    """The same of all members, without what keeps its labels."""
    found = ours(stage)
    return [one for name in MEMBERS for one in found[name] if one["metadata"]["name"] != STEADY]


def labels(one: Object) -> Mapping[str, str]:
    return one["metadata"].get("labels") or {}


def lose(stage: Stage) -> None:
    """Take a release out of the state, with what depends on it."""
    engine = stage.engine
    assert engine is not None
    urn = next(one["urn"] for one in engine.resources() if one["urn"].endswith(f"::{GATEWAY}"))
    engine.run("state", "delete", urn, "--target-dependents", "--yes").check()


def refusing(document: Document) -> Document:
    """The document without leave to take over what exists."""
    changed = copy.deepcopy(document)
    for block in (changed["master"], changed["master"]["defaults"]):
        block.pop("existingObjects", None)
    return changed


def helm_records(stage: Stage) -> set[str]:
    path = "/api/v1/namespaces/istio-system/secrets?labelSelector=owner%3Dhelm"
    return {one["metadata"]["uid"] for one in stage.reach(MEMBER).get(path)["items"]}
