"""What the picture knows of each cluster, and of those that went."""

from meshtier.page.draw import shortened
from meshtier.page.nodes import nodes_of
from meshtier.review.model import Kind
from meshtier.spec.environment import Level

from tests.support.environments import cluster, environment, member, three_levels, without_cluster
from tests.support.pages import planned


def test_a_cluster_is_told_in_one_sentence() -> None:
    nodes = nodes_of(planned(three_levels()), {"eu-pay": Kind.CHANGED})
    assert [node.said() for node in nodes if node.name in ("hq", "eu", "eu-pay")] == [
        "hq, master, existing, not in the mesh",
        "eu, seed, in hq, existing, not in the mesh",
        "eu-pay, user cluster, in eu, existing, network eu, east-west gateway, changed",
    ]


def test_what_went_stands_where_it_was() -> None:
    before = planned(three_levels())
    after = planned(without_cluster(three_levels(), "eu-shop"))
    nodes = {node.name: node for node in nodes_of(after, {}, before)}
    assert set(nodes) == {cluster.name for cluster in before.clusters}
    ghost = nodes["eu-shop"]
    assert (ghost.mark, ghost.parent, ghost.network) == (Kind.REMOVED, "eu", "eu")
    assert nodes["eu-pay"].mark is None


def test_a_seed_that_went_stands_before_its_clusters() -> None:
    before = planned(three_levels())
    after = planned(without_cluster(without_cluster(three_levels(), "us-shop"), "us"))
    names = [node.name for node in nodes_of(after, {}, before)]
    assert names == ["hq", "eu", "us", "eu-pay", "eu-shop", "us-shop"]


def test_what_went_from_below_a_cluster_that_is_no_seed_any_more_has_no_place() -> None:
    before = planned(three_levels())
    now = environment(
        cluster("hq", Level.MASTER),
        cluster("eu", Level.SEED, "hq"),
        cluster("us", Level.USER, "eu", member("eu")),
    )
    names = [node.name for node in nodes_of(planned(now), {}, before)]
    assert names == ["hq", "eu", "us", "eu-pay", "eu-shop"]


def test_a_name_that_is_too_long_keeps_both_ends() -> None:
    assert shortened("eu-payments-production", 22) == "eu-payments-production"
    assert shortened("eu-payments-production", 11) == "eu-pa…ction"
    assert shortened("eu-payments-production", 10) == "eu-p…ction"
