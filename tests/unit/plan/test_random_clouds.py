"""Whatever hierarchy is on whatever clouds: its plan can be registered, in order, once each."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from meshtier.plan.environment import plan_environment
from meshtier.plan.inventory import planned_resources
from meshtier.plan.late import refs
from meshtier.plan.model import EnvironmentPlan
from meshtier.spec import load

from tests.support.cloud_documents import cloud_documents


def planned(document: dict[str, Any]) -> EnvironmentPlan:
    return plan_environment(load(document, name="test"))


@given(cloud_documents())
@settings(max_examples=50, deadline=None)
def test_every_resource_comes_once_and_after_what_it_names(document: dict[str, Any]):
    plan = planned(document)
    components = {plan.name, *(cluster.component_name for cluster in plan.clusters)}
    seen: set[str] = set()
    for resource in plan.cloud:
        named = {ref.resource for ref in refs(resource.args)} | set(resource.depends_on)
        named |= {resource.provider} if resource.provider else set()
        assert named <= seen, f"{resource.name} names what comes later"
        assert resource.parent in components
        assert resource.name not in seen
        seen.add(resource.name)


@given(cloud_documents())
@settings(max_examples=50, deadline=None)
def test_what_the_rest_of_the_plan_names_is_there(document: dict[str, Any]):
    plan = planned(document)
    there = {resource.name for resource in plan.cloud}
    for cluster in plan.clusters:
        if cluster.access is None:
            continue
        wanted = [cluster.access.server, cluster.access.authority, cluster.access.peers_server]
        wanted += [release.values for release in cluster.inside.releases]
        wanted += [one.manifest for one in cluster.inside.objects]
        assert {ref.resource for ref in refs(wanted)} | set(cluster.access.ready) <= there
    for member in plan.mesh.members if plan.mesh else ():
        wanted = [member.istiod.values]
        wanted += (
            [member.gateway.service.manifest, member.gateway.addresses] if member.gateway else []
        )
        assert {ref.resource for ref in refs(wanted)} <= there


@given(cloud_documents())
@settings(max_examples=50, deadline=None)
def test_no_two_resources_have_one_type_and_name(document: dict[str, Any]):
    counted = Counter(planned_resources(planned(document)))
    assert [resource for resource, count in counted.items() if count > 1] == []


@given(cloud_documents())
@settings(max_examples=50, deadline=None)
def test_a_cluster_that_leaves_takes_nothing_from_clusters_that_stay(document: dict[str, Any]):
    before = planned(document)
    leaving = max(document["seeds"]["eu"]["userClusters"])
    if any(
        block["cloud"].get(cloud, {}).get("network", {}).get("sharedWith") == leaving
        for block in _blocks(document)
        for cloud in ("aws", "gcp")
    ):
        return
    block = document["seeds"]["eu"]["userClusters"].pop(leaving)
    used = {block["mesh"]["network"] for block in _blocks(document)}
    networks = document["mesh"]["networks"]
    document["mesh"]["networks"] = {
        name: {"peeredWith": [peer for peer in network["peeredWith"] if peer in used]}
        for name, network in networks.items()
        if name in used
    }
    after = {resource.name for resource in planned(document).cloud}
    gone = {resource.name for resource in before.cloud} - after
    assert not [name for name in gone if not _is_about(name, leaving, block)]


def _is_about(name: str, leaving: str, block: dict[str, Any]) -> bool:
    """Whether a resource is the leaving cluster's, lets it in, or may follow from its leaving."""
    own = (leaving, *(value for value in block["addresses"].values() if isinstance(value, str)))
    if any(word in name for word in own):
        return True
    # The last caller from outside has left: the gateway's addresses become internal ones. The
    # last neighbour: there is nobody to let in. The last member in a shared VPC: it needs no
    # routes. The last cluster of a cloud: no provider.
    return any(
        word in name
        for word in ("gateway", "flat", "api-caller", "peering", "test-aws", "test-gcp")
    )


def _blocks(document: dict[str, Any]) -> list[dict[str, Any]]:
    eu = document["seeds"]["eu"]
    return [document["master"], eu, *eu["userClusters"].values()]
