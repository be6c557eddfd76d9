"""The plan of a whole environment: complete, stable, and local in what a change touches."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meshtier.plan.dump import plain
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import (
    CertificatePlan,
    EnvironmentPlan,
    MemberPlan,
    ObjectPlan,
    ReleasePlan,
)
from meshtier.spec.environment import EnvironmentSpec, Level
from meshtier.spec.model import ExistingObjects

from tests.support.environments import (
    cluster,
    cluster_names,
    environment,
    environments,
    member,
    reordered,
    three_levels,
    with_cluster,
    without_cluster,
)

Records = Mapping[tuple[str, str], Mapping[str, Any]]


def objects(plan: EnvironmentPlan) -> Iterator[ObjectPlan]:
    """Return every typed Kubernetes object of a plan."""
    for one in plan.clusters:
        yield from [one.namespace] if one.namespace else []
        yield from (record.config_map for record in one.records)
    for one in plan.mesh.members if plan.mesh else ():
        yield from (one.namespace, one.cacerts, one.peer_authentication, *one.reader)
        yield from (one.reader_token, one.remote_secret)
        yield from [one.gateway.service, one.gateway.cross_network] if one.gateway else []


def releases(member_plan: MemberPlan) -> list[ReleasePlan]:
    """Return every release of one member."""
    always = [member_plan.crds, member_plan.base, member_plan.istiod]
    return [*always, member_plan.gateway.release] if member_plan.gateway else always


def entries(plan: EnvironmentPlan) -> dict[str, Any]:
    """Return what each resource gets, by name; a remote Secret's part is who its peers are."""
    found: dict[str, Any] = {one.logical_name: plain(one) for one in objects(plan)}
    for one in plan.clusters:
        found[one.component_name] = (one.level, one.parent, one.identifier, plain(one.cloud))
    for one in plan.mesh.members if plan.mesh else ():
        found |= {release.logical_name: plain(release) for release in releases(one)}
        found[one.remote_secret.logical_name] = plain(one.peers)
    if plan.mesh:
        trust = plan.mesh.trust
        certificates: Mapping[str, CertificatePlan] = {"": trust.root, **trust.intermediates}
        found |= {one.certificate_name: plain(one) for one in certificates.values()}
    return found


@given(environments(), cluster_names(), st.data())
def test_a_cluster_more_changes_only_its_own_entries_and_its_peers_remote_secrets(
    spec: EnvironmentSpec, name: str, data: st.DataObject
) -> None:
    assume(name not in {one.name for one in spec.clusters})
    assume(any(one.member for one in spec.clusters))
    seeds = [one.name for one in spec.clusters if one.level is Level.SEED]
    added = cluster(name, Level.USER, data.draw(st.sampled_from(seeds)), member("one"))
    before = entries(plan_environment(spec))
    plan = plan_environment(with_cluster(spec, added))
    after = entries(plan)
    assert before.keys() <= after.keys(), "nothing may be replaced or removed"
    changed = {key for key in before if before[key] != after[key]}
    assert plan.mesh is not None
    peers = {one.remote_secret.logical_name for one in plan.mesh.members if one.cluster != name}
    first_below = {one.namespace.logical_name for one in plan.clusters if one.namespace is not None}
    assert changed == peers
    new = after.keys() - before.keys()
    assert all(f"-{name}" in key or key in first_below for key in new)


@given(environments(), st.data())
def test_a_cluster_less_changes_only_its_peers_remote_secrets(
    spec: EnvironmentSpec, data: st.DataObject
) -> None:
    users = [one.name for one in spec.clusters if one.level is Level.USER]
    assume(users)
    gone = data.draw(st.sampled_from(users))
    left = without_cluster(spec, gone)
    assume(any(one.member for one in left.clusters))
    before, after = entries(plan_environment(spec)), entries(plan_environment(left))
    assert after.keys() <= before.keys()
    plan = plan_environment(left)
    was_member = next(one.member for one in spec.clusters if one.name == gone) is not None
    members = plan.mesh.members if plan.mesh else ()
    peers = {one.remote_secret.logical_name for one in members} if was_member else set[str]()
    assert {key for key in after if after[key] != before[key]} == peers


@given(environments(), st.randoms(use_true_random=False))
def test_the_plan_depends_on_the_clusters_and_not_on_their_order(
    spec: EnvironmentSpec, random: Any
) -> None:
    order = list(range(len(spec.clusters)))
    random.shuffle(order)
    seen = plan_environment(reordered(spec, order))
    assert seen == plan_environment(spec)
    assert repr(plain(seen)) == repr(plain(plan_environment(spec)))


@given(environments())
def test_every_object_says_whose_it_is(spec: EnvironmentSpec) -> None:
    for one in objects(plan_environment(spec)):
        labels = one.manifest["metadata"]["labels"]
        assert labels["meshtier.io/environment"] == spec.name
        assert labels["app.kubernetes.io/managed-by"] == "meshtier"
        about = next(
            found for found in spec.clusters if found.name == labels["meshtier.io/cluster"]
        )
        assert labels["meshtier.io/level"] == about.level.value


def test_a_users_labels_are_on_every_object_of_the_cluster_and_never_hide_ours() -> None:
    spec = three_levels()
    marked = tuple(
        replace(one, labels={"team": one.name, "meshtier.io/cluster": "stolen"})
        for one in spec.clusters
    )
    for one in objects(plan_environment(replace(spec, clusters=marked))):
        labels = one.manifest["metadata"]["labels"]
        assert labels["team"] == labels["meshtier.io/cluster"] != "stolen"


@pytest.fixture
def records() -> Records:
    """ConfigMaps by who holds them and whom they are about."""
    return {
        (record.host, record.about): record.config_map.manifest
        for one in plan_environment(three_levels()).clusters
        for record in one.records
    }


def test_master_and_seeds_hold_records_of_all_below_them(records: Records) -> None:
    assert set(records) == {
        *(("hq", name) for name in ("eu", "us", "eu-pay", "eu-shop", "us-shop")),
        *(("eu", "eu-pay"), ("eu", "eu-shop"), ("us", "us-shop")),
    }
    assert records["hq", "us-shop"] == records["us", "us-shop"]


def test_a_record_says_what_a_reader_of_the_master_asks_for(records: Records) -> None:
    assert records["hq", "us-shop"] == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "cluster-us-shop",
            "namespace": "meshtier",
            "labels": {
                "app.kubernetes.io/managed-by": "meshtier",
                "meshtier.io/cluster": "us-shop",
                "meshtier.io/environment": "test",
                "meshtier.io/level": "user",
            },
        },
        "data": {
            "cluster": "us-shop",
            "environment": "test",
            "level": "user",
            "parent": "us",
            "provider": "existing",
            "network": "us",
            "apiServer": "https://us-shop.example:6443",
            "meshRole": "primary",
        },
    }


def test_a_record_of_a_cluster_outside_the_mesh_has_the_same_fields(records: Records) -> None:
    assert records["hq", "us"]["data"] == {
        "cluster": "us",
        "environment": "test",
        "level": "seed",
        "parent": "hq",
        "provider": "existing",
        "network": "",
        "apiServer": "https://us.example:6443",
        "meshRole": "",
    }


def test_only_clusters_with_records_get_the_namespace_for_them() -> None:
    plan = plan_environment(
        environment(cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"))
    )
    assert [one.name for one in plan.clusters if one.namespace] == ["hq"]
    alone = plan_environment(environment(cluster("hq", Level.MASTER)))
    assert alone.clusters[0].namespace is None


def test_a_cluster_is_known_to_its_provider_by_environment_and_name() -> None:
    spec = three_levels()
    adopting = replace(spec.clusters[0], existing_objects=ExistingObjects.ADOPT)
    plan = plan_environment(replace(spec, clusters=(adopting, *spec.clusters[1:])))
    assert plan.cluster("hq").identifier == "test/hq"
    assert plan.cluster("hq").provider_name == "test-hq-provider"
    assert plan.cluster("hq").adopt
    assert not plan.cluster("eu").adopt


def test_without_members_or_without_a_mesh_block_there_is_no_mesh() -> None:
    spec = three_levels()
    assert plan_environment(replace(spec, mesh=None)).mesh is None
    outside = tuple(replace(one, member=None) for one in spec.clusters)
    assert plan_environment(replace(spec, clusters=outside)).mesh is None
