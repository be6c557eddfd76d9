"""Each wrong cell of the proof is found and named; the right ones are left alone."""

from dataclasses import replace
from typing import Any

import pytest
import yaml
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import MeshPlan
from meshtier.spec import load

from lab import proof
from lab.istiod import ControlPlane
from lab.matrix import Call
from lab.toolchain import CHECKOUT

GATEWAYS = {"eu-shop": "192.0.2.1", "eu-pay": "192.0.2.2", "us-shop": "192.0.2.3"}
NEAR = Call(
    source="eu-shop",
    destination="eu-pay",
    status=200,
    answered_by="eu-pay",
    peer="spiffe://local.example/ns/probe/sa/echo-eu-shop",
    endpoint="10.32.1.5:8080",
)
FAR = replace(NEAR, destination="us-shop", answered_by="us-shop", endpoint="192.0.2.3:15443")


@pytest.fixture(scope="module")
def mesh() -> MeshPlan:
    text = (CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text()
    document = yaml.safe_load(text)["config"]["meshtier:environment"]
    plan = plan_environment(load(document, name="local")).mesh
    assert plan is not None
    return plan


def planes(mesh: MeshPlan) -> dict[str, ControlPlane | None]:
    """Every istiod as planned."""
    return {
        member.cluster: ControlPlane(
            version=mesh.istio_version,
            synced={peer.cluster: "synced" for peer in member.peers},
        )
        for member in mesh.members
    }


def test_what_is_as_planned_is_no_fault(mesh: MeshPlan) -> None:
    assert proof.call_faults(mesh, [NEAR, FAR], GATEWAYS) == []
    assert proof.plane_faults(mesh, planes(mesh)) == []


def test_only_the_gateway_of_the_destinations_own_cluster_will_do(mesh: MeshPlan) -> None:
    back = replace(
        FAR,
        source="us-shop",
        destination="eu-shop",
        answered_by="eu-shop",
        peer="spiffe://local.example/ns/probe/sa/echo-us-shop",
        endpoint="192.0.2.1:15443",
    )
    assert proof.call_faults(mesh, [back], GATEWAYS) == []
    neighbour = replace(back, endpoint="192.0.2.2:15443")
    assert proof.call_faults(mesh, [neighbour], GATEWAYS) == [
        "us-shop -> eu-shop: went gateway of eu-pay by 192.0.2.2:15443"
    ]


@pytest.mark.parametrize(
    ("call", "change", "fault"),
    [
        (NEAR, {"status": 503}, "eu-shop -> eu-pay: status 503"),
        (NEAR, {"status": 0, "error": "refused"}, "eu-shop -> eu-pay: status 0 refused"),
        (NEAR, {"answered_by": "us-shop"}, "eu-shop -> eu-pay: us-shop answered"),
        (NEAR, {"answered_by": ""}, "eu-shop -> eu-pay: nobody answered"),
        (NEAR, {"peer": ""}, "eu-shop -> eu-pay: the server saw no identity"),
        (
            NEAR,
            {"peer": "spiffe://other.example/ns/probe/sa/echo-eu-shop"},
            "eu-shop -> eu-pay: the server saw spiffe://other.example/ns/probe/sa/echo-eu-shop",
        ),
        (
            NEAR,
            {"peer": "spiffe://local.example/ns/probe/sa/echo-us-shop"},
            "eu-shop -> eu-pay: the server saw spiffe://local.example/ns/probe/sa/echo-us-shop",
        ),
        (
            NEAR,
            {"endpoint": "192.0.2.2:15443"},
            "eu-shop -> eu-pay: went gateway of eu-pay by 192.0.2.2:15443",
        ),
        (NEAR, {"endpoint": ""}, "eu-shop -> eu-pay: went ? by no counted endpoint"),
        (
            FAR,
            {"endpoint": "10.33.0.5:8080"},
            "eu-shop -> us-shop: went direct by 10.33.0.5:8080",
        ),
        (
            FAR,
            {"endpoint": "192.0.2.1:15443"},
            "eu-shop -> us-shop: went ? by 192.0.2.1:15443",
        ),
        (
            FAR,
            {"endpoint": "192.0.2.9:15443"},
            "eu-shop -> us-shop: went ? by 192.0.2.9:15443",
        ),
    ],
)
def test_a_wrong_request_is_named(
    mesh: MeshPlan, call: Call, change: dict[str, Any], fault: str
) -> None:
    assert proof.call_faults(mesh, [replace(call, **change)], GATEWAYS) == [fault]


def test_an_istiod_that_does_not_answer_is_named(mesh: MeshPlan) -> None:
    seen = {**planes(mesh), "eu-shop": None}
    assert proof.plane_faults(mesh, seen) == ["eu-shop: its istiod does not answer"]


def test_an_istiod_of_another_version_is_named(mesh: MeshPlan) -> None:
    plane = ControlPlane(version="1.2.3", synced={"eu-pay": "synced", "us-shop": "synced"})
    assert proof.plane_faults(mesh, {**planes(mesh), "eu-shop": plane}) == [
        f"eu-shop: istiod is 1.2.3, not {mesh.istio_version}"
    ]


@pytest.mark.parametrize(
    "synced",
    [
        {"eu-pay": "synced"},
        {"eu-pay": "synced", "us-shop": "timeout"},
        {"eu-pay": "synced", "us-shop": "synced", "stranger": "synced"},
    ],
)
def test_an_istiod_that_is_not_synced_with_just_its_peers_is_named(
    mesh: MeshPlan, synced: dict[str, str]
) -> None:
    plane = ControlPlane(version=mesh.istio_version, synced=synced)
    assert proof.plane_faults(mesh, {**planes(mesh), "eu-shop": plane}) == [
        f"eu-shop: istiod is synced with {synced}"
    ]
