"""The shipped staging environment: up, a region more, and gone in one run, as nothing guards it."""

import re
from collections.abc import Callable

import pytest

from tests.support.engine_result import Result

from .clouds import CloudStage, changed, deletion_orders, gone
from .documents import Document
from .stage import Stage

pytestmark = [pytest.mark.engine, pytest.mark.spoils(5)]

ENVIRONMENT = "staging"
CLUSTERS = {"hq": False, "eu": False, "eu-pay": True, "eu-shop": True}
"""Name -> whether it is in the mesh."""
US = "us-central1"


@pytest.fixture(scope="module")
def staging(make_clouds: Callable[[str], CloudStage]) -> CloudStage:
    return make_clouds(ENVIRONMENT)


@pytest.fixture(scope="module")
def standing(staging: CloudStage) -> Result:
    return staging.engine.up().check()


def with_region(document: Document) -> Document:
    """The document with a seed and a user cluster on another continent, in a VPC of their own."""
    where = {"region": US, "zone": f"{US}-a"}
    document["mesh"]["networks"]["us"] = {"description": "another VPC"}
    document["seeds"]["us"] = {
        "cloud": {"gcp": {**where, "network": {"create": {}}}},
        "addresses": {"nodes": "10.72.0.0/22", "pods": "10.73.0.0/17", "services": "10.74.0.0/22"},
        "defaults": {
            "mesh": {"network": "us"},
            "cloud": {"gcp": {**where, "network": {"sharedWith": "us"}}},
        },
        "userClusters": {
            "us-shop": {
                "cloud": {"gcp": {}},
                "addresses": {
                    "nodes": "10.72.8.0/22",
                    "pods": "10.76.0.0/16",
                    "services": "10.74.8.0/22",
                },
            }
        },
    }
    return document


def test_a_first_up_only_creates(staging: CloudStage, standing: Result) -> None:
    assert set(standing.changes) == {"create"}
    assert staging.engine.refresh().check().changes == {}


def test_what_is_done_around_helm_gets_in_as_the_rest_does(
    stage: Stage, staging: CloudStage, standing: Result
) -> None:
    # Such as the role of istiod, for which the chart has no labels.
    roles = stage.names(f"meshtier.io/environment={ENVIRONMENT},app=istiod")
    for cluster, is_member in CLUSTERS.items():
        assert any(one.startswith("ClusterRole ") for one in roles[cluster]) == is_member
    assert standing.diagnostics("warning") == []


@pytest.fixture(scope="module")
def grown(staging: CloudStage, standing: Result) -> list[Result]:
    """A region more: its preview and its run."""
    staging.cloud.serve(
        {staging.physical(name): staging.kubeconfig(name) for name in ("us", "us-shop")}
    )
    staging.change(with_region(staging.document))
    return [staging.engine.preview().check(), staging.engine.up().check()]


def test_a_region_more_creates_and_tells_the_peers(grown: list[Result]) -> None:
    preview, up = (changed(one) for one in grown)
    assert preview == up
    assert {one for one in up if not one.startswith("create ")} == {
        f"update staging-{part}"
        for name in ("eu-pay", "eu-shop")
        # Who may ask the API server, where the new gateway is, how to read the newcomer.
        for part in (f"{name}-control-plane", f"mesh-{name}-istiod", f"mesh-{name}-remote-secret")
    }
    created = {one.removeprefix("create ") for one in up if one.startswith("create ")}
    # With a second network those of the first need a way in.
    assert {name for name in created if re.match(r"staging-(mesh-)?(hq|eu)", name)} == {
        f"staging-{part}"
        for name in ("eu-pay", "eu-shop")
        for part in (
            f"{name}-gateway-address",
            f"mesh-{name}-cross-network-gateway",
            f"mesh-{name}-east-west-gateway",
            f"mesh-{name}-east-west-service",
        )
    }


def test_it_all_goes_in_one_run(stage: Stage, staging: CloudStage, grown: list[Result]) -> None:
    done = staging.engine.destroy().check()
    assert staging.cloud.all() == []
    assert stage.remains() == {}
    order = gone(done)
    for cluster, member in {**CLUSTERS, "us": False, "us-shop": True}.items():
        for wanted in deletion_orders(ENVIRONMENT, cluster, "gcp", member=member):
            assert sorted(wanted, key=order.index) == wanted
    for network, inside in (("hq", "eu-pay"), ("us", "us-shop")):
        last = order.index(f"{ENVIRONMENT}-{network}-network")
        assert last > order.index(f"{ENVIRONMENT}-{inside}-node-subnet")
