"""The predicted way of every call; what a mesh really does stands in `tests/mesh`."""

from dataclasses import replace

import pytest
from hypothesis import given
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.paths import (
    BOTH_OUTSIDE,
    DESTINATION_OUTSIDE,
    DIRECT,
    NO_MESH,
    SOURCE_OUTSIDE,
    UNREAD,
    Route,
    Way,
    predict,
)
from meshtier.spec.environment import EnvironmentSpec

from tests.support.environments import cluster, environment, environments, member, three_levels

from .changes import PAY, SHOP, planned


def through(*gateways: str) -> Route:
    return Route(way=Way.GATEWAY, gateways=gateways)


@pytest.mark.parametrize(
    ("source", "target", "route"),
    [
        ("eu-shop", "eu-pay", DIRECT),
        ("eu-shop", "eu-shop", DIRECT),
        ("eu-shop", "us-shop", through("us-shop")),
        ("us-shop", "eu-shop", through("eu-shop")),
        ("us-shop", "hq", DESTINATION_OUTSIDE),
        ("eu", "us-shop", SOURCE_OUTSIDE),
        ("eu", "us", BOTH_OUTSIDE),
    ],
)
def test_calls_of_the_local_environment(source: str, target: str, route: Route) -> None:
    assert predict(planned({}))[source, target] == route


def test_a_member_without_a_gateway_is_reached_through_those_of_its_network() -> None:
    found = predict(planned({f"{SHOP}/mesh": {"gateway": {"enabled": False}}}))
    assert found["us-shop", "eu-shop"] == through("eu-pay")
    assert found["eu-shop", "us-shop"] == through("us-shop"), "one needs none to call others"


def test_where_a_gateways_addresses_are_fixed_all_of_the_network_serve() -> None:
    """istiod is told such addresses by network; whose cluster they belong to it is not told."""
    addresses = {"gateway": {"addresses": ["192.0.2.9"]}}
    found = predict(planned({f"{SHOP}/mesh": addresses}))
    assert found["us-shop", "eu-shop"] == through("eu-pay", "eu-shop")
    assert found["us-shop", "eu-pay"] == through("eu-pay"), "read from its Service"


def test_a_network_without_a_gateway_is_out_of_reach() -> None:
    spec = environment(
        cluster("a", settings=member("one")), cluster("b", settings=member("two", gateway=False))
    )
    found = predict(plan_environment(spec))
    assert found["a", "b"] == Route(way=Way.IMPOSSIBLE, reason="network two has no gateway")
    assert found["b", "a"] == through("a")


def test_endpoints_that_are_not_read_are_not_called() -> None:
    plan = planned({})
    assert plan.mesh is not None
    blind = replace(plan.mesh.member("eu-pay"), peers=())
    others = tuple(one for one in plan.mesh.members if one.cluster != "eu-pay")
    found = predict(replace(plan, mesh=replace(plan.mesh, members=(blind, *others))))
    assert found["eu-pay", "eu-shop"] == UNREAD
    assert found["eu-shop", "eu-pay"] == DIRECT


def test_without_a_mesh_nobody_calls_anybody_over_it() -> None:
    plan: EnvironmentPlan = plan_environment(replace(three_levels(), mesh=None))
    assert set(predict(plan).values()) == {NO_MESH}


@given(environments())
def test_every_call_has_one_way_and_neighbours_are_direct(spec: EnvironmentSpec) -> None:
    plan = plan_environment(spec)
    found = predict(plan)
    names = [one.name for one in spec.clusters]
    assert set(found) == {(a, b) for a in names for b in names}
    networks = {one.name: one.member.network for one in spec.clusters if one.member}
    for (source, target), route in found.items():
        near = networks.get(source, "") == networks.get(target, "-")
        assert (route.way is Way.DIRECT) == near
        assert (route.way is Way.GATEWAY) == bool(route.gateways)
        assert (route.way is Way.IMPOSSIBLE) == bool(route.reason)


@given(environments())
def test_what_must_be_mutual_is(spec: EnvironmentSpec) -> None:
    """Neighbours and strangers are so for each other; only gateways may stand on one side."""
    found = predict(plan_environment(spec))
    for (source, target), route in found.items():
        back = found[target, source]
        if route.way is Way.DIRECT:
            assert back == route
        if route in (BOTH_OUTSIDE, NO_MESH):
            assert back == route
        if route == SOURCE_OUTSIDE:
            assert back == DESTINATION_OUTSIDE


@given(environments())
def test_gateways_belong_to_the_network_of_the_destination(spec: EnvironmentSpec) -> None:
    members = {one.name: one.member for one in spec.clusters if one.member}
    for (_, target), route in predict(plan_environment(spec)).items():
        for name in route.gateways:
            assert members[name].gateway
            assert members[name].network == members[target].network


def test_a_neighbours_gateway_is_not_named_for_who_has_one() -> None:
    found = predict(planned({f"{PAY}/mesh": {"gateway": {"replicas": 3}}}))
    assert found["us-shop", "eu-pay"] == through("eu-pay")
