"""What differs between two plans: nothing forgotten, nothing said twice, the same both ways."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.compare import compare
from meshtier.review.model import CallChange, Change, Comparison, Cost, Effect, Key, Kind, Section
from meshtier.review.paths import Way
from meshtier.spec.environment import EnvironmentSpec

from tests.support.environments import cluster, environment, environments, member

from .changes import LOCAL, MISSING, PAY, SHOP, planned


def local(changes: Mapping[str, Any]) -> Comparison:
    """Compare the local environment with itself after a change."""
    return compare(planned({}), planned(changes))


def turned(comparison: Comparison) -> Comparison:
    """The same comparison as the other side would see it, losses left out."""
    return replace(
        comparison,
        is_new=comparison.is_removed,
        is_removed=comparison.is_new,
        changes=tuple(
            Change(key=one.key, before=one.after, after=one.before) for one in comparison.changes
        ),
        calls=tuple(
            CallChange(pair=one.pair, before=one.after, after=one.before)
            for one in comparison.calls
        ),
        costs=tuple(
            replace(
                one,
                before=one.after,
                after=one.before,
                monthly=None if one.monthly is None else -one.monthly,
            )
            for one in comparison.costs
        ),
        losses=(),
    )


@given(environments())
def test_a_plan_does_not_differ_from_itself(spec: EnvironmentSpec) -> None:
    plan = plan_environment(spec)
    assert compare(plan, plan_environment(spec)).is_empty
    assert not compare(plan, None).is_empty


@given(environments(), environments())
def test_there_and_back_say_the_same(one: EnvironmentSpec, other: EnvironmentSpec) -> None:
    base, head = (
        plan_environment(replace(one, name="x")),
        plan_environment(replace(other, name="x")),
    )
    assert turned(compare(base, head)) == replace(compare(head, base), losses=())
    assert turned(compare(None, head)) == replace(compare(head, None), losses=())


def test_production_there_and_back_says_the_same() -> None:
    base, head = planned({}, "production"), planned({"seeds/us/userClusters": {}}, "production")
    assert turned(compare(base, head)) == replace(compare(head, base), losses=())
    assert compare(base, planned({}, "production")).is_empty


def test_nothing_at_all_is_empty() -> None:
    assert compare(None, None).is_empty


@pytest.mark.parametrize("name", [name for name in LOCAL if name != "nothing"])
def test_every_change_is_one(name: str) -> None:
    assert not local(LOCAL[name]).is_empty


@pytest.mark.parametrize(
    ("changes", "section", "aspects"),
    [
        ({"mesh/id": "other"}, Section.MESH, {"mesh id"}),
        ({"mesh/trustDomain": "other.example"}, Section.MESH, {"trust domain"}),
        ({"mesh/istio/version": "1.31.1"}, Section.MESH, {"Istio"}),
        ({"mesh/istio/hub": "mirror.example/istio"}, Section.RELEASES, {"global.hub"}),
        ({"mesh/istio/charts": "oci://mirror.example/charts"}, Section.RELEASES, {"chart"}),
        (
            {"mesh/istio/values/istiod/telemetry": {"enabled": True}},
            Section.RELEASES,
            {"telemetry.enabled"},
        ),
        ({"mesh/clusterDomain": "acme.internal"}, Section.OBJECTS, {"spec.servers"}),
        ({"mesh/peersReadSecrets": True}, Section.OBJECTS, {"rules"}),
        ({"mesh/trust": {"root": "provided"}}, Section.TRUST, {"from"}),
        ({"mesh/trust": {"algorithm": "RSA-4096"}}, Section.TRUST, {"algorithm"}),
        ({"mesh/trust": {"rootValidityHours": 240_000}}, Section.TRUST, {"valid for"}),
        ({"mesh/trust": {"rootGeneration": 2}}, Section.TRUST, {"generation"}),
        ({f"{SHOP}/mesh": {"wait": False}}, Section.RELEASES, {"waits"}),
        ({f"{SHOP}/labels": {"team": "shop"}}, Section.CLUSTERS, {"labels.team"}),
        ({f"{SHOP}/existingObjects": "refuse"}, Section.CLUSTERS, {"existing objects"}),
        (
            {f"{SHOP}/cloud/existing/kubeconfig": "other.yaml"},
            Section.CLUSTERS,
            {"cloud.kubeconfig"},
        ),
        (
            {f"{SHOP}/cloud/existing/apiServerForPeers": "https://192.0.2.1:6443"},
            Section.ENDPOINTS,
            {"address"},
        ),
        ({f"{SHOP}/mesh": {"gateway": {"replicas": 3}}}, Section.GATEWAYS, {"replicas"}),
        (
            {f"{SHOP}/mesh": {"gateway": {"annotations": {"a.b/c": "d"}}}},
            Section.GATEWAYS,
            {"annotations.a.b/c"},
        ),
        (
            {f"{SHOP}/mesh": {"gateway": {"addresses": ["192.0.2.9"]}}},
            Section.GATEWAYS,
            {"addresses"},
        ),
        (
            {"mesh/networks/eu/description": "one VPC"},
            Section.NETWORKS,
            {"description"},
        ),
        ({f"{SHOP}/mesh": {"member": False}}, Section.CLUSTERS, {"network"}),
        ({"guards": {"protect": True}}, Section.CLUSTERS, {"protected"}),
        ({"guards": {"protect": True}}, Section.TRUST, {"protected"}),
    ],
)
def test_a_change_is_told_where_it_belongs(
    changes: Mapping[str, Any], section: Section, aspects: set[str]
) -> None:
    found = [one for one in local(changes).section(section) if one.kind is Kind.CHANGED]
    assert found, "it is told"
    assert {aspect for one in found for aspect in (one.after or {})} >= aspects
    unneeded = {aspect for one in found for aspect in (one.after or {})} - aspects
    assert unneeded <= {"repository", "version", "reached from"}


def test_what_no_section_has_a_word_for_is_told_all_the_same() -> None:
    """Or a later field of the plan would be no change in the mesh."""
    base = planned({})
    assert base.mesh is not None
    head = replace(base, mesh=replace(base.mesh, trust_name="other"))
    (change,) = compare(base, head).changes
    assert change == Change(
        key=Key(Section.OBJECTS, "plan", ""),
        before={"mesh.trust_name": "local-mesh-trust"},
        after={"mesh.trust_name": "other"},
    )
    assert compare(base, replace(base, warnings=())).is_empty, "a warning makes nothing"


def test_a_change_of_replicas_is_told_once() -> None:
    changed = local(LOCAL["more-replicas"])
    assert {one.key.section for one in changed.changes} == {Section.GATEWAYS}
    assert changed.calls == ()
    assert changed.losses == ()
    assert changed.costs == (Cost(name="gateway replicas", before=3, after=6),)


def test_a_newcomer_and_everything_it_brings() -> None:
    changed = local(LOCAL["cluster-added"])
    added = {one.key for one in changed.changes if one.kind is Kind.ADDED}
    assert added >= {
        Key(Section.CLUSTERS, "cluster", "ap-shop"),
        Key(Section.NETWORKS, "network", "ap"),
        Key(Section.GATEWAYS, "gateway", "ap-shop"),
        Key(Section.PEERS, "peer", "ap-shop -> eu-pay"),
        Key(Section.PEERS, "peer", "eu-pay -> ap-shop"),
        Key(Section.ENDPOINTS, "API address", "ap-shop"),
        Key(Section.TRUST, "intermediate certificate", "ap-shop"),
    }
    assert {one.key.section for one in changed.changes} <= {
        *(Section.CLUSTERS, Section.NETWORKS, Section.GATEWAYS),
        *(Section.PEERS, Section.ENDPOINTS, Section.TRUST),
    }, "its releases and objects go without saying"
    assert {one.pair: one.effect for one in changed.calls} == {
        pair: Effect.POSSIBLE
        for other in ("eu-pay", "eu-shop", "us-shop")
        for pair in ((other, "ap-shop"), ("ap-shop", other))
    }
    assert changed.costs == (
        Cost(name="load balancers", before=3, after=4),
        Cost(name="gateway replicas", before=3, after=4),
        Cost(name="watches of one cluster by another", before=6, after=12),
        Cost(name="certificates kept in the state", before=4, after=5),
    )


def test_a_split_network_moves_calls_to_gateways() -> None:
    changed = local(LOCAL["network-split"])
    assert {one.pair: one.effect for one in changed.calls} == {
        ("eu-pay", "eu-shop"): Effect.PATH,
        ("eu-shop", "eu-pay"): Effect.PATH,
    }
    for call in changed.calls:
        assert (call.before.way, call.after.way) == (Way.DIRECT, Way.GATEWAY)


def test_whoever_leaves_the_mesh_is_called_no_more_and_still_stands() -> None:
    changed = local({f"{PAY}/mesh": {"member": False}})
    assert {one.effect for one in changed.calls} == {Effect.IMPOSSIBLE}
    assert {one.pair for one in changed.calls} == {
        pair for other in ("eu-shop", "us-shop") for pair in ((other, "eu-pay"), ("eu-pay", other))
    }
    (stays,) = changed.section(Section.CLUSTERS)
    assert stays.kind is Kind.CHANGED


def test_one_obstacle_for_another_is_no_news() -> None:
    changed = compare(planned({f"{PAY}/mesh": {"member": False}}), planned({PAY: MISSING}))
    assert not changed.is_empty
    assert changed.calls == ()


def test_two_hundred_clusters_are_compared_in_a_second() -> None:
    """Two plans of a hundred members each, every one of them reading every other."""

    def plan(more: int) -> EnvironmentPlan:
        members = [
            cluster(f"c{number}", settings=member(f"n{number % 10}", replicas=more))
            for number in range(100 + more)
        ]
        return plan_environment(environment(*members))

    base, head = plan(1), plan(2)
    begin = time.process_time()
    changed = compare(base, head)
    assert time.process_time() - begin < 1
    assert len(changed.calls) == 2 * 101
