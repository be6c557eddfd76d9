"""Who reads whom, and who shares a network."""

from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.environment import plan_environment
from meshtier.plan.topology import Member, below, by_network, edges, ordered, primaries
from meshtier.spec.environment import EnvironmentSpec, Level

from tests.support.environments import environments, member, three_levels


def members(spec: EnvironmentSpec) -> list[Member]:
    """Return the members of an environment as the planner sees them."""
    return [Member(name=one.name, settings=one.member) for one in spec.clusters if one.member]


@given(environments())
def test_reading_is_mutual_and_complete_and_never_of_oneself(spec: EnvironmentSpec) -> None:
    found = edges(members(spec))
    names = {one.name for one in members(spec)}
    assert set(found) == {(a, b) for a in names for b in names if a != b}
    assert len(found) == len(set(found))
    assert {(target, reader) for reader, target in found} == set(found)


@given(environments())
def test_peers_of_the_plan_are_the_edges(spec: EnvironmentSpec) -> None:
    plan = plan_environment(spec)
    planned = [
        (one.cluster, peer.cluster)
        for one in (plan.mesh.members if plan.mesh else ())
        for peer in one.peers
    ]
    assert tuple(planned) == edges(members(spec))


@given(environments())
def test_networks_divide_the_members(spec: EnvironmentSpec) -> None:
    found = by_network(members(spec))
    assert sorted(name for inside in found.values() for name in inside) == sorted(
        one.name for one in members(spec)
    )
    for one in members(spec):
        assert one.name in found[one.settings.network]


def test_every_member_is_a_primary_in_order_of_name() -> None:
    given_members = [Member(name=name, settings=member("n")) for name in ("b", "a")]
    assert [one.name for one in primaries(given_members)] == ["a", "b"]


@given(environments(), st.randoms())
def test_order_of_clusters_is_the_hierarchys_own(spec: EnvironmentSpec, random: object) -> None:
    mixed = list(spec.clusters)
    random.shuffle(mixed)  # pyright: ignore[reportAttributeAccessIssue]
    found = ordered(mixed)
    assert found[0].level is Level.MASTER
    seed = None
    for one in found[1:]:
        seed = one.name if one.level is Level.SEED else seed
        assert one.level is Level.SEED or one.parent == seed, "a user cluster follows its seed"
    seeds = [one.name for one in found if one.level is Level.SEED]
    assert seeds == sorted(seeds)


def test_a_master_knows_all_and_a_seed_its_own() -> None:
    clusters = three_levels().clusters
    hosts = {one.name: one for one in clusters}
    assert [one.name for one in below(clusters, hosts["hq"])] == [
        *("eu", "eu-pay", "eu-shop", "us", "us-shop"),
    ]
    assert [one.name for one in below(clusters, hosts["eu"])] == ["eu-pay", "eu-shop"]
    assert below(clusters, hosts["us-shop"]) == ()
