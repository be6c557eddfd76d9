"""Where things stand: nothing covers anything else, and every place means something."""

from itertools import combinations

import pytest
from hypothesis import given
from meshtier.page.crossings import MOST_NETWORKS
from meshtier.page.layout import Scene, lay_out
from meshtier.page.nodes import Node, nodes_of
from meshtier.page.sizes import Box
from meshtier.spec.environment import EnvironmentSpec, Level

from tests.support.environments import (
    cluster,
    environment,
    environments,
    member,
    reordered,
    three_levels,
)
from tests.support.pages import planned, two_hundred


def scene_of(spec: EnvironmentSpec) -> tuple[Scene, tuple[Node, ...]]:
    """Lay an environment out."""
    nodes = nodes_of(planned(spec), {})
    return lay_out(nodes), nodes


def is_inside(inner: Box, outer: Box) -> bool:
    """Whether one box lies in another."""
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share any point."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def check(scene: Scene, nodes: tuple[Node, ...]) -> None:
    """Assert what holds for every picture."""
    whole = Box(x=0, y=0, width=scene.width, height=scene.height)
    assert set(scene.boxes) == {node.name for node in nodes}
    for box in scene.boxes.values():
        assert is_inside(box, whole)
    for one, other in combinations(scene.boxes.values(), 2):
        assert not overlap(one, other)
    for one, other in combinations((region.box for region in scene.regions), 2):
        assert not overlap(one, other)
    for node in nodes:
        box = scene.boxes[node.name]
        around = [region for region in scene.regions if overlap(box, region.box)]
        if node.level is Level.USER:
            assert [region.network for region in around] == [node.network]
            assert is_inside(box, around[0].box)
        else:
            assert around == [], "what is above the user clusters stands in no network"
        assert node.parent is None or hangs(scene, node), f"no line leads to {node.name}"


def hangs(scene: Scene, node: Node) -> bool:
    """Whether a line from its parent leads to a cluster, or goes on behind it."""
    box = scene.boxes[node.name]
    for line in scene.lines:
        x, y = line.points[-1]
        if line.parent != node.parent:
            continue
        if node.level is Level.SEED and (x, y) == box.top_middle:
            return True
        if node.level is Level.USER and y == box.y + box.height // 2 and x >= box.x:
            return True
    return False


@given(environments(max_clusters=14))
def test_nothing_overlaps_and_every_cluster_stands_in_its_network(spec: EnvironmentSpec) -> None:
    check(*scene_of(spec))


@pytest.mark.parametrize("clusters", [1, 2])
def test_a_master_alone_or_with_one_seed_is_a_picture_too(clusters: int) -> None:
    both = (cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"))
    check(*scene_of(environment(*both[:clusters])))


def test_two_hundred_clusters_fit_on_a_screen_at_a_third_of_their_size() -> None:
    scene, nodes = scene_of(two_hundred())
    check(scene, nodes)
    assert len(nodes) == 200
    assert min(1440 / scene.width, 800 / scene.height) > 1 / 3


def test_the_order_in_a_document_changes_nothing() -> None:
    spec = three_levels()
    assert scene_of(reordered(spec, (5, 3, 1, 0, 4, 2)))[0] == scene_of(spec)[0]


def test_a_network_across_two_seeds_is_one_region() -> None:
    spec = environment(
        cluster("hq", Level.MASTER),
        cluster("a", Level.SEED, "hq"),
        cluster("a-one", Level.USER, "a", member("wide")),
        cluster("b", Level.SEED, "hq"),
        cluster("b-one", Level.USER, "b", member("wide")),
        cluster("b-two", Level.USER, "b"),
    )
    scene, nodes = scene_of(spec)
    check(scene, nodes)
    assert [region.network for region in scene.regions] == ["wide", None]


def test_networks_are_joined_where_both_have_gateways() -> None:
    assert len(scene_of(three_levels())[0].crossings) == 1
    closed = environment(
        cluster("hq", Level.MASTER),
        cluster("eu", Level.SEED, "hq"),
        cluster("shop", Level.USER, "eu", member("one")),
        cluster("pay", Level.USER, "eu", member("two", gateway=False)),
    )
    assert scene_of(closed)[0].crossings == ()


@pytest.mark.parametrize(("count", "lines"), [(MOST_NETWORKS, 6), (MOST_NETWORKS + 1, 0)])
def test_more_networks_than_anybody_follows_are_not_joined(count: int, lines: int) -> None:
    below = [cluster(f"c{at}", Level.USER, "eu", member(f"n{at}")) for at in range(count)]
    spec = environment(cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"), *below)
    assert len(scene_of(spec)[0].crossings) == lines
