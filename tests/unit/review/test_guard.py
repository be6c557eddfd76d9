"""What stops a run, and what lets it through."""

from collections.abc import Collection

import pytest
from meshtier.review.engine import read_preview
from meshtier.review.guard import lost, refused
from meshtier.review.model import Carrier, Fate, Loss

from .previews import (
    CERTIFICATE,
    KEY,
    LEAVING,
    MESH_EU_PAY,
    PROVIDER,
    RAISED,
    RELEASE,
    ROOT,
    SECRET,
    TIER_EU_PAY,
    TRUST,
    printed,
    replaced,
    step,
)


def stopped(*steps: dict[str, object], allowed: Collection[str] = ()) -> list[str]:
    """Return the lines by which a preview is refused."""
    return [str(one) for one in refused(read_preview(printed(*steps), "p"), allowed, "p")]


def test_who_leaves_is_named_once_per_kind_of_loss() -> None:
    fix = "add eu-pay to guards.allow if it is meant, or take the change back"
    only = "allowed only for what guards.allow names, which is nothing"
    assert stopped(*LEAVING) == [
        f"p: eu-pay: got control plane destroyed: istiod; {only}; {fix}",
        f"p: eu-pay: got certificate authority destroyed: intermediate key; {only}; {fix}",
        f"p: eu-pay: got provider destroyed: Kubernetes provider; {only}; {fix}",
    ]


def test_who_leaves_by_name_may() -> None:
    assert stopped(*LEAVING, allowed={"eu-pay"}) == []
    assert len(stopped(*LEAVING, allowed={"trust", "eu-shop"})) == 3


def test_a_new_generation_is_about_trust_though_the_old_one_is_deleted() -> None:
    assert stopped(*RAISED, allowed={"eu-shop"}) == [
        "p: trust: got certificate authority replaced: intermediate key of eu-shop; allowed only "
        "for what guards.allow names, which is eu-shop; add trust to guards.allow if it is meant, "
        "or take the change back"
    ]
    assert stopped(*RAISED, allowed={"trust"}) == []


@pytest.mark.parametrize(
    ("kind", "name", "parent", "carrier", "guard"),
    [
        (PROVIDER, "local-eu-pay-provider", TIER_EU_PAY, Carrier.PROVIDER, "eu-pay"),
        (RELEASE, "local-mesh-eu-pay-istiod", MESH_EU_PAY, Carrier.CONTROL_PLANE, "eu-pay"),
        (RELEASE, "local-mesh-eu-pay-istio-crds", MESH_EU_PAY, Carrier.CONTROL_PLANE, "eu-pay"),
        (
            "kubernetes:core/v1:Service",
            "local-mesh-eu-pay-east-west-service",
            MESH_EU_PAY,
            Carrier.GATEWAY,
            "eu-pay",
        ),
        (SECRET, "local-mesh-eu-pay-cacerts", MESH_EU_PAY, Carrier.CA, "eu-pay"),
        (KEY, "local-mesh-trust-root-key-g1", TRUST, Carrier.CA, "trust"),
        (ROOT, "local-mesh-trust-root-certificate-g1", TRUST, Carrier.CA, "trust"),
        (CERTIFICATE, "local-mesh-trust-eu-pay-ca-certificate-g1", TRUST, Carrier.CA, "trust"),
        (
            "aws:eks/cluster:Cluster",
            "local-eu-pay-control-plane",
            TIER_EU_PAY,
            Carrier.CONTROL_PLANE,
            "eu-pay",
        ),
        (
            "gcp:compute/address:Address",
            "local-eu-pay-gateway-address",
            TIER_EU_PAY,
            Carrier.GATEWAY,
            "eu-pay",
        ),
    ],
)
def test_a_replacement_stops_the_run_with_its_reason(
    kind: str, name: str, parent: str, carrier: Carrier, guard: str
) -> None:
    steps = replaced(kind, name, parent, "because")
    (loss,) = lost(read_preview(printed(*steps), "p"))
    assert (loss.carrier, loss.guard, loss.fate) == (carrier, guard, Fate.REPLACED)
    (line,) = stopped(*steps)
    assert line.startswith(f"p: {guard}: got {carrier.value} replaced: {loss.what}")
    assert "because of because; allowed" in line
    assert stopped(*steps, allowed={guard}) == []


def test_a_certificate_that_is_renewed_in_time_goes_on() -> None:
    name = "local-mesh-trust-eu-pay-ca-certificate-g1"
    assert stopped(*replaced(CERTIFICATE, name, TRUST, "readyForRenewal")) == []


def test_a_certificate_that_is_renewed_and_changed_as_well_is_another() -> None:
    name = "local-mesh-trust-eu-pay-ca-certificate-g1"
    reasons = ["readyForRenewal", "privateKeyPem"]
    changed = step("replace", CERTIFICATE, name, TRUST, diff=reasons, reasons=reasons)
    (line,) = stopped(changed)
    assert line.startswith("p: trust: got certificate authority replaced: intermediate certificate")


@pytest.mark.parametrize("op", ["create", "update", "same", "read", "import"])
def test_what_is_kept_stops_nothing(op: str) -> None:
    assert stopped(step(op, PROVIDER, "local-eu-pay-provider", TIER_EU_PAY)) == []


def test_nodes_are_told_of_and_stop_nothing() -> None:
    steps = replaced(
        "aws:eks/nodeGroup:NodeGroup", "local-eu-pay-nodes.general", TIER_EU_PAY, "instanceTypes"
    )
    assert stopped(*steps) == []
    assert lost(read_preview(printed(*steps), "p")) == (
        Loss(
            carrier=Carrier.NODES,
            what="node group",
            cluster="eu-pay",
            guard="eu-pay",
            fate=Fate.REPLACED,
            why=("instanceTypes",),
        ),
    )


def test_what_nobody_notices_stops_nothing() -> None:
    assert stopped(step("delete", SECRET, "local-mesh-eu-pay-reader-token", MESH_EU_PAY)) == []
