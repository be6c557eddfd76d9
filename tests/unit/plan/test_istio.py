"""Helm values: whose they are, and that what makes a cluster this cluster can't be overridden."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.istio import base_values, gateway_values, istiod_values, mesh_networks
from meshtier.plan.istio_crds import ISTIO_CRDS
from meshtier.plan.labels import chart_labels
from meshtier.plan.mesh import plan_mesh
from meshtier.plan.model import MemberPlan
from meshtier.plan.resources import FixedGateway
from meshtier.plan.topology import Member
from meshtier.plan.values import overlay
from meshtier.spec.model import IstioSpec, IstioValues, MeshSpec
from meshtier.spec.owned_values import OWNED

from tests.support.environments import member

LABELS = {
    "app.kubernetes.io/managed-by": "meshtier",
    "meshtier.io/cluster": "eu-shop",
    "team": "shop",
}
SHOP = Member(name="eu-shop", settings=member("eu"), labels=LABELS)
MESH = MeshSpec(
    id="acme",
    trust_domain="acme.example",
    cluster_domain="acme.internal",
    istio=IstioSpec(version="1.31.1", hub="mirror.example/istio"),
)

FREE = {
    "istiod": {"deploymentLabels", "podLabels"},
    "gateway": {
        *("labels", "autoscaling.enabled", "podDisruptionBudget", "topologySpreadConstraints"),
        "imagePullPolicy",
    },
    "base": set[str](),
}
"""Values we compute but leave to the user: wrong ones hurt a workload, not the mesh."""


def leaves(values: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Return the path of every value that is not a map, and of every empty map."""
    for key, value in values.items():
        path = f"{at}.{key}" if at else key
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path


def planned(values: IstioValues | None = None) -> MemberPlan:
    """Return the plan of the only member of a mesh."""
    istio = MESH.istio.model_copy(update={"values": values or IstioValues()})
    return plan_mesh(MESH.model_copy(update={"istio": istio}), [SHOP], name="m").members[0]


def test_istiod_is_told_who_it_is() -> None:
    assert istiod_values(MESH, SHOP) == {
        "deploymentLabels": {"meshtier.io/cluster": "eu-shop", "team": "shop"},
        "podLabels": {"meshtier.io/cluster": "eu-shop", "team": "shop"},
        "env": {"PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER": "false"},
        "global": {
            "istioNamespace": "istio-system",
            "enableReaderRBAC": False,
            "hub": "mirror.example/istio",
            "tag": "1.31.1",
            "meshID": "acme",
            "network": "eu",
            "multiCluster": {"clusterName": "eu-shop"},
            "proxy": {"clusterDomain": "acme.internal"},
        },
        "meshConfig": {"trustDomain": "acme.example"},
    }


@pytest.mark.parametrize("asked", [True, False])
def test_istiod_asks_for_peers_secrets_exactly_where_their_reader_may_read_them(
    asked: bool,
) -> None:
    mesh = MESH.model_copy(update={"peers_read_secrets": asked})
    seen = plan_mesh(mesh, [SHOP], name="m").members[0]
    control = seen.istiod.values["env"]["PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER"]
    (role,) = (one for one in seen.reader if one.manifest["kind"] == "ClusterRole")
    kinds = [kind for rule in role.manifest["rules"] for kind in rule["resources"]]
    assert (control == "true", "secrets" in kinds) == (asked, asked)


def test_base_brings_neither_definitions_nor_a_reader() -> None:
    assert base_values() == {
        "base": {"excludedCRDs": list(ISTIO_CRDS)},
        "global": {"istioNamespace": "istio-system", "enableReaderRBAC": False},
    }


def test_one_gateway_replica_has_no_budget_that_would_block_its_node() -> None:
    alone = Member(name="x", settings=member("eu", replicas=1))
    assert gateway_values(alone)["podDisruptionBudget"] == {}
    assert gateway_values(alone)["topologySpreadConstraints"] == []
    assert gateway_values(SHOP)["podDisruptionBudget"] == {"minAvailable": 1}
    (spread,) = gateway_values(SHOP)["topologySpreadConstraints"]
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway"


@pytest.mark.parametrize("chart", ["base", "istiod", "gateway"])
def test_every_computed_value_is_owned_or_named_as_free(chart: str) -> None:
    computed = {"base": base_values(), "istiod": istiod_values(MESH, SHOP)}
    computed["gateway"] = gateway_values(SHOP)
    owned = [".".join(value.path) for value in OWNED[chart]]
    loose = {
        path
        for path in leaves(computed[chart])
        if not any(path == own or path.startswith(f"{own}.") for own in owned)
    }
    missing = {
        path
        for path in loose
        if not any(path == free or path.startswith(f"{free}.") for free in FREE[chart])
    }
    assert missing == set(), "an override of it would break the mesh without a word"


def test_a_users_values_lie_over_the_computed_ones() -> None:
    seen = planned(
        IstioValues(
            base={"experimental": {"stableValidationPolicy": True}},
            istiod={"env": {"PILOT_ENABLE_ALPN_FILTER": "false"}, "autoscaleEnabled": False},
            gateway={"resources": {"limits": {"cpu": "1"}}},
        )
    )
    assert seen.base.values["experimental"] == {"stableValidationPolicy": True}
    assert seen.istiod.values["env"] == {
        "PILOT_ENABLE_ALPN_FILTER": "false",
        "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER": "false",
    }
    assert seen.istiod.values["autoscaleEnabled"] is False
    assert seen.istiod.values["global"]["meshID"] == "acme"
    assert seen.gateway is not None
    assert seen.gateway.release.values["resources"] == {"limits": {"cpu": "1"}}
    assert seen.gateway.release.values["networkGateway"] == "eu"


def test_releases_wait_where_the_member_waits_and_definitions_always() -> None:
    hasty = Member(name="x", settings=member("eu", wait=False))
    seen = plan_mesh(MESH, [hasty], name="m").members[0]
    assert seen.gateway is not None
    assert (seen.crds.wait, seen.base.wait) == (True, True)
    assert (seen.istiod.wait, seen.gateway.release.wait) == (False, False)
    assert (planned().istiod.wait, planned().crds.wait) == (True, True)


def test_releases_are_named_as_the_charts_expect() -> None:
    seen = planned()
    assert seen.gateway is not None
    names = [seen.crds.name, seen.base.name, seen.istiod.name, seen.gateway.release.name]
    assert names == ["istio-crds", "istio-base", "istiod", "istio-eastwestgateway"]


def test_labels_that_charts_print_themselves_are_not_handed_to_them() -> None:
    ours = {"meshtier.io/cluster": "c", "team": "t", "acme.example/app": "a", "istiod": "x"}
    theirs = {
        "app": "a",
        "istio": "b",
        "release": "c",
        "helm.sh/chart": "d",
        "istio.io/rev": "e",
        "topology.istio.io/network": "f",
        "app.kubernetes.io/name": "g",
        "sidecar.istio.io/inject": "h",
    }
    assert chart_labels({**ours, **theirs}) == ours


VALUES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(MAPS, MAPS)
def test_what_lies_on_top_is_seen_whole(below: dict[str, Any], above: dict[str, Any]) -> None:
    merged = overlay(below, above)
    assert overlay(merged, above) == merged
    assert merged.keys() == below.keys() | above.keys()
    for path in leaves(above):
        seen, wanted = merged, above
        for key in path.split("."):
            seen, wanted = seen[key], wanted[key]
        if wanted != {}:
            assert seen == wanted


def test_below_is_never_changed_and_siblings_stay() -> None:
    below = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert overlay(below, {"a": {"c": [3]}, "d": {"e": 2}}) == {
        "a": {"b": 1, "c": [3]},
        "d": {"e": 2},
    }
    assert below == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def with_addresses(name: str, network: str, *addresses: str, gateway: bool = True) -> Member:
    fixed = FixedGateway(addresses=addresses, is_internal=False) if addresses else None
    return Member(name=name, settings=member(network, gateway=gateway), fixed=fixed)


def test_every_istiod_is_told_the_fixed_addresses_of_every_networks_gateways():
    members = [
        with_addresses("a", "one", "203.0.113.1", "203.0.113.2"),
        with_addresses("b", "one", "203.0.113.3"),
        with_addresses("c", "two"),
    ]
    gateways = [{"address": f"203.0.113.{number}", "port": 15443} for number in (1, 2, 3)]
    endpoints = [{"fromRegistry": "a"}, {"fromRegistry": "b"}]
    assert mesh_networks(members) == {"one": {"endpoints": endpoints, "gateways": gateways}}
    for plan in plan_mesh(MESH, members, name="mesh").members:
        assert plan.istiod.values["global"]["meshNetworks"] == mesh_networks(members)


def test_a_gateway_that_is_off_has_no_address_to_tell():
    assert mesh_networks([with_addresses("a", "one", "203.0.113.1", gateway=False)]) == {}


def test_a_mesh_without_fixed_addresses_tells_none():
    plan = plan_mesh(MESH, [with_addresses("a", "one"), with_addresses("b", "two")], name="mesh")
    assert not any("meshNetworks" in one.istiod.values["global"] for one in plan.members)


def test_only_a_gateway_without_fixed_addresses_is_read_back_from_its_service():
    members = [with_addresses("a", "one", "203.0.113.1"), with_addresses("b", "two")]
    labels = {
        plan.cluster: plan.gateway.service.manifest["metadata"]["labels"]
        for plan in plan_mesh(MESH, members, name="mesh").members
        if plan.gateway
    }
    assert "topology.istio.io/network" not in labels["a"]
    assert labels["b"]["topology.istio.io/network"] == "two"
