"""The shipped production environment: two clouds in one stack, from nothing to nothing.

The runs build on each other: a preview, an `up` that one cloud fails, one that is killed, one that
ends it; then changes; then the end. The clouds are stand-ins, the API servers are real.
"""

import copy
import re
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lab.plugins.cloud.login import LOGIN
from lab.plugins.cloud.store import Fault
from tests.support.engine_result import Result
from tests.support.kill import Kill

from .clouds import CloudStage, changed, deletion_orders, gone, owners
from .documents import Document
from .stage import Stage, cluster_of

pytestmark = [pytest.mark.engine, pytest.mark.spoils(4)]

ENVIRONMENT = "production"
ON_GCP = {"hq", "eu", "eu-pay", "eu-shop"}
ON_AWS = {"us", "us-pay", "us-shop"}
NODES = "aws:eks/nodeGroup:NodeGroup"
THROTTLED = "Throttling: Rate exceeded"
CONTROL_PLANES = ("gcp:container/cluster", "aws:eks/cluster")
# The engine writes down what it begins, but not in the same moment.
SETTLED = 5
KILLED_IN = "production-us-pay-control-plane"
MOVED = "us-pay"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A run that made a cluster anew, and the logical names of what had been inside."""

    inside: set[str]
    run: Result


@pytest.fixture(scope="module")
def production(make_clouds: Callable[[str], CloudStage]) -> CloudStage:
    return make_clouds(ENVIRONMENT)


@pytest.fixture(scope="module")
def previewed(production: CloudStage) -> Result:
    return production.engine.preview().check()


@pytest.fixture(scope="module")
def killed(production: CloudStage, previewed: Result) -> Result:
    """Everything dies while AWS makes a control plane, which is there then."""
    cloud, slow = production.cloud, 90
    # The others are slower than the killer, so that no cluster has anything in it yet.
    others = (Fault(type=f"{kind}:Cluster", delay=slow, times=6) for kind in CONTROL_PLANES)
    cloud.break_down(Fault(name=KILLED_IN, delay=slow, arrives=True), *others)

    def is_time() -> bool:
        return cloud.quiet() > SETTLED and any(one.name == KILLED_IN for one in cloud.all())

    done = production.engine.up(kill=Kill(when=is_time, whole=True))
    cloud.break_down()
    return done


@pytest.fixture(scope="module")
def imported(production: CloudStage, killed: Result) -> set[str]:
    """What the state was missing; taken over from the cloud, as its owner would."""
    production.engine.cancel().check()
    return production.import_pending()


@pytest.fixture(scope="module")
def failed(production: CloudStage, imported: set[str]) -> Result:
    """AWS makes no nodes; what doesn't wait for them goes on."""
    production.cloud.break_down(Fault(type=NODES, error=THROTTLED, times=100))
    done = production.engine.up("--continue-on-error")
    production.cloud.break_down()
    return done


@pytest.fixture(scope="module")
def left_out(production: CloudStage, previewed: Result, failed: Result) -> set[str]:
    """What the failed run didn't make."""
    here = {one["urn"].rpartition("::")[2] for one in production.engine.resources()}
    return {one.name for one in previewed.operations} - here


@pytest.fixture(scope="module")
def converged(production: CloudStage, left_out: set[str]) -> Result:
    return production.engine.up().check()


def test_a_preview_from_nothing_asks_neither_clouds_nor_clusters(
    production: CloudStage, previewed: Result
) -> None:
    assert set(previewed.changes) == {"create"}
    assert owners(previewed, ENVIRONMENT) == ON_GCP | ON_AWS | {"aws", "gcp", "tls"}
    assert production.cloud.operations(step="begun") == []
    assert production.cloud.operations(LOGIN) == [], "no kubeconfig was known"


def test_a_killed_run_goes_on_with_what_the_cloud_made_meanwhile(
    production: CloudStage, killed: Result, imported: set[str], converged: Result
) -> None:
    assert killed.returncode == -signal.SIGKILL
    assert KILLED_IN in imported
    begun = Counter(one.name for one in production.cloud.operations("create", step="begun"))
    made = Counter(one.name for one in production.cloud.operations("create"))
    assert set(made.values()) == {1}, "nothing was made twice"
    assert {name for name in begun if not made[name]} <= imported


def test_what_one_cloud_fails_leaves_the_others_clusters_converged(
    production: CloudStage, previewed: Result, failed: Result, left_out: set[str]
) -> None:
    assert failed.returncode != 0
    assert {one.type for one in failed.operations if one.failed} == {NODES}
    assert THROTTLED in failed.output
    elsewhere = {name for name in left_out if not re.match("production-(mesh-)?us-", name)}
    # Whoever reads all peers waits for those that aren't there; an istiod starts without.
    assert elsewhere == {f"production-mesh-{name}-remote-secret" for name in ("eu-pay", "eu-shop")}
    assert {f"production-mesh-{name}-istiod" for name in ("us-pay", "us-shop")} < left_out


def test_a_later_run_makes_what_was_left_out(converged: Result, left_out: set[str]) -> None:
    assert changed(converged) == {f"create {name}" for name in left_out}


def test_an_up_after_it_changes_nothing(production: CloudStage, converged: Result) -> None:
    assert production.engine.up().check().changes == {}


def test_each_cluster_was_logged_in_to_by_its_clouds_command(
    production: CloudStage, converged: Result
) -> None:
    used = {(one.type, one.name) for one in production.cloud.operations(LOGIN)}
    assert used == {
        *(("aws", f"production-{name}") for name in ON_AWS),
        *(("gke-gcloud-auth-plugin", f"production-{name}") for name in ON_GCP),
    }


def test_larger_node_groups_are_one_update_each(production: CloudStage, converged: Result) -> None:
    document = production.document
    seeds = document["seeds"]
    seeds["us"]["userClusters"]["us-pay"]["cloud"]["aws"]["nodes"] = {"general": {"max": 15}}
    seeds["eu"]["userClusters"]["eu-pay"]["cloud"]["gcp"]["nodes"] = {"general": {"max": 15}}
    production.change(document)
    assert changed(production.engine.up().check()) == {
        "update production-us-pay-nodes.general",
        "update production-eu-pay-node-pool.general",
    }


@pytest.mark.parametrize(
    ("cluster", "path", "value"),
    [
        ("eu-pay", ("cloud", "gcp", "maxPodsPerNode"), 32),
        ("us-pay", ("addresses", "services"), "10.40.48.0/20"),
    ],
)
def test_what_would_replace_a_control_plane_is_named_and_stops(
    production: CloudStage, converged: Result, cluster: str, path: tuple[str, ...], value: object
) -> None:
    document = production.document
    *parents, last = path
    block = document["seeds"][cluster[:2]]["userClusters"][cluster]
    for key in parents:
        block = block[key]
    block[last] = value
    production.change(document)
    refused = production.engine.preview()
    assert refused.returncode != 0
    named = f"::production-{cluster}-control-plane"
    told = [one for one in refused.diagnostics() if named in one]
    assert "marked for protection" in told[0], refused.diagnostics()


def test_a_protected_environment_is_not_destroyed(
    production: CloudStage, converged: Result
) -> None:
    production.change(production.document)
    before = len(production.cloud.all())
    refused = production.engine.run("destroy", "--preview-only", "--stack", ENVIRONMENT)
    assert refused.returncode != 0
    assert "because it is protected" in refused.output
    assert len(production.cloud.all()) == before


@pytest.fixture(scope="module")
def unprotected(production: CloudStage, converged: Result) -> Document:
    """The document without protection, and a run that has lifted it."""
    document = {**production.document, "guards": {"protect": False}}
    production.change(document)
    production.engine.up().check()
    return document


@pytest.fixture(scope="module")
def moved(production: CloudStage, unprotected: Document) -> Moved:
    """`us-pay` goes to another VPC, and so has to be made anew."""
    inside = {
        one["urn"].rpartition("::")[2]
        for one in production.engine.resources()
        if one["type"].startswith("kubernetes:") and cluster_of(one, ENVIRONMENT) == MOVED
    }
    document = copy.deepcopy(unprotected)
    addresses = document["seeds"]["us"]["userClusters"][MOVED]["addresses"]
    addresses["nodes"] = "10.34.0.0/16"
    production.change(document)
    return Moved(inside=inside, run=production.engine.up().check())


def test_what_is_in_a_cluster_goes_and_comes_with_its_control_plane(moved: Moved) -> None:
    assert len(moved.inside) > 10
    steps = moved.run.operations
    made = {one.name for one in steps if one.op in ("create-replacement", "create")}
    assert moved.inside <= made
    order = gone(moved.run)
    assert moved.inside <= set(order[: order.index(f"{ENVIRONMENT}-{MOVED}-control-plane")])
    # A load balancer goes with its Service, and only while there is a controller.
    controller, *ground = (
        order.index(f"{ENVIRONMENT}-{MOVED}-{role}")
        for role in ("load-balancer-controller", "nodes.general", "control-plane")
    )
    assert order.index(f"{ENVIRONMENT}-mesh-{MOVED}-east-west-service") < controller < ground[0]
    assert ground == sorted(ground)


def test_a_moved_cluster_keeps_the_addresses_that_others_let_in(moved: Moved) -> None:
    moving = {one.name for one in moved.run.operations if one.op not in ("same", "update", "read")}
    own = f"{ENVIRONMENT}-{MOVED}"
    assert {f"{own}-vpc", f"{own}-nat.us-west-2a", f"{own}-nodes.general"} <= moving
    assert not [name for name in moving if re.match(f"{own}-(nat|gateway)-address", name)]


def test_an_up_after_a_move_changes_nothing(production: CloudStage, moved: Moved) -> None:
    assert production.engine.up().check().changes == {}


def test_a_destroy_goes_from_the_inside_out(
    stage: Stage, production: CloudStage, moved: Moved
) -> None:
    done = production.engine.destroy().check()
    assert production.cloud.all() == []
    assert stage.remains() == {}
    order = gone(done)
    for cluster in sorted(ON_GCP | ON_AWS):
        provider = "gcp" if cluster in ON_GCP else "aws"
        for wanted in deletion_orders(ENVIRONMENT, cluster, provider, member="-" in cluster):
            assert sorted(wanted, key=order.index) == wanted
    for network, inside in (("us", "us-shop"), ("us-pay", "us-pay")):
        vpc = order.index(f"{ENVIRONMENT}-{network}-vpc")
        assert vpc > order.index(f"{ENVIRONMENT}-{inside}-control-plane")
