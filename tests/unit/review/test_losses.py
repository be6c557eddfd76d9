"""What carries traffic and is lost, and who has to allow it."""

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

import pytest
from meshtier.plan.aws import nodes as aws_nodes
from meshtier.review.carriers import CARRIED, carried
from meshtier.review.compare import compare
from meshtier.review.model import Carrier, Fate
from meshtier.review.replacing import REPLACING, forcing

from .changes import MISSING, PAY, SHOP, planned

GKE = "gcp:container/cluster:Cluster"
EKS = "aws:eks/cluster:Cluster"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
US_PAY = "seeds/us/userClusters/us-pay"

Lost = tuple[str, str, str, Fate]


def lost(changes: Mapping[str, Any], stack: str = "local") -> set[Lost]:
    """What a change of a stack loses: what, where, guard, fate."""
    found = compare(planned({}, stack), planned(changes, stack)).losses
    return {(one.what, one.cluster, one.guard, one.fate) for one in found}


def test_a_cluster_that_goes_takes_all_of_its_own_along() -> None:
    assert lost({PAY: MISSING}) == {
        (what, "eu-pay", "eu-pay", Fate.DESTROYED)
        for what in (
            *("Kubernetes provider", "istiod"),
            *("east-west gateway", "intermediate certificate"),
        )
    }


def test_who_leaves_the_mesh_keeps_its_provider() -> None:
    gone = {what for what, *_ in lost({f"{PAY}/mesh": {"member": False}})}
    assert gone == {"istiod", "east-west gateway", "intermediate certificate"}


@pytest.mark.parametrize(
    "trust",
    [{"intermediateGeneration": 2}, {"intermediateValidityHours": 8_000}],
)
def test_new_intermediates_are_about_all_of_trust(trust: Mapping[str, Any]) -> None:
    assert lost({"mesh/trust": trust}) == {
        ("intermediate certificate", name, "trust", Fate.REPLACED)
        for name in ("eu-pay", "eu-shop", "us-shop")
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"mesh/trust": {"rootGeneration": 2}},
        {"mesh/trust": {"rootValidityHours": 90_000}},
        {"mesh/trust": {"algorithm": "RSA-4096"}},
        {"mesh/id": "other"},
    ],
)
def test_a_new_root_is_named(changes: Mapping[str, Any]) -> None:
    """The mesh's id stands in every certificate."""
    assert ("root certificate", "", "trust", Fate.REPLACED) in lost(changes)


def test_what_makes_another_load_balancer_is_named() -> None:
    scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    annotated = {"gateway": {"annotations": {scheme: "internal"}}}
    assert lost({f"{SHOP}/mesh": annotated}) == {
        ("east-west gateway", "eu-shop", "eu-shop", Fate.REPLACED)
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"master/defaults/mesh/gateway/replicas": 2},
        {"mesh/istio/version": "1.31.1"},
        {"guards": {"protect": True}},
        {f"{SHOP}/mesh": {"gateway": {"annotations": {"a.b/c": "d"}}}},
        {f"{SHOP}/cloud/existing/kubeconfig": "other.yaml"},
    ],
)
def test_what_changes_in_place_is_not_lost(changes: Mapping[str, Any]) -> None:
    assert lost(changes) == set()


def test_a_clusters_address_range_costs_the_cluster() -> None:
    found = lost({f"{US_PAY}/addresses/services": "10.40.48.0/20"}, "production")
    assert ("EKS cluster", "us-pay", "us-pay", Fate.REPLACED) in found


def test_spot_capacity_costs_the_pools_that_get_it() -> None:
    general = "master/defaults/cloud/gcp/nodes/general/spot"
    assert lost({general: True}, "production") == {
        ("node pool", name, name, Fate.REPLACED) for name in ("eu", "eu-pay", "eu-shop")
    }


def test_more_nodes_cost_nobody_anything() -> None:
    assert lost({"master/defaults/cloud/gcp/nodes/general/max": 20}, "production") == set()


def test_a_cluster_in_a_cloud_that_goes_takes_its_cloud_along() -> None:
    found = lost({"seeds/us/userClusters/us-shop": MISSING}, "production")
    gone = {what for what, cluster, _, fate in found if (cluster, fate) == ("us-shop", "destroyed")}
    assert gone >= {"EKS cluster", "node group", "fixed address", "Kubernetes provider", "istiod"}


@pytest.mark.parametrize(
    ("kind", "before", "after", "replaces"),
    [
        (EKS, {"version": "1.34"}, {"version": "1.35"}, ()),
        (EKS, {"role_arn": "a"}, {"role_arn": "b"}, ("role_arn",)),
        (EKS, {}, {"encryption_config.provider.key_arn": "k"}, ()),
        (
            EKS,
            {"encryption_config.provider.key_arn": "k"},
            {},
            ("encryption_config.provider.key_arn",),
        ),
        (GKE, {"datapath_provider": "a"}, {"datapath_provider": "b"}, ("datapath_provider",)),
        (GKE, {"enable_l4_ilb_subsetting": "false"}, {"enable_l4_ilb_subsetting": "true"}, ()),
        (
            GKE,
            {"enable_l4_ilb_subsetting": "true"},
            {"enable_l4_ilb_subsetting": "false"},
            ("enable_l4_ilb_subsetting",),
        ),
        (SUBNET, {"ip_cidr_range": "10.0.0.0/20"}, {"ip_cidr_range": "10.0.0.0/19"}, ()),
        (
            SUBNET,
            {"ip_cidr_range": "10.0.0.0/19"},
            {"ip_cidr_range": "10.0.0.0/20"},
            ("ip_cidr_range",),
        ),
        (
            SUBNET,
            {"secondary_ip_ranges": "[10.0.0.0/14]"},
            {"secondary_ip_ranges": "[10.4.0.0/14]"},
            ("secondary_ip_ranges",),
        ),
        (SUBNET, {"region": "a"}, {"region": "b"}, ("region",)),
    ],
)
def test_what_replaces_a_resource(
    kind: str, before: Mapping[str, str], after: Mapping[str, str], replaces: tuple[str, ...]
) -> None:
    assert forcing(kind, before, after) == replaces


def test_the_table_names_what_carries_traffic_and_what_the_plan_names_too() -> None:
    assert set(REPLACING) <= {one.type for one in CARRIED}
    replacing = set(REPLACING["aws:eks/nodeGroup:NodeGroup"])
    assert set(aws_nodes._REPLACING) <= replacing, "its groups get another name for each"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", sorted(REPLACING))
def test_the_tables_arguments_are_those_of_the_sdk(kind: str) -> None:
    """A typing error in the table would let a replacement pass unseen."""
    package, module, name = kind.split(":")
    sdk = importlib.import_module(f"pulumi_{package}.{module.partition('/')[0]}")
    resource = getattr(sdk, name)
    known = set(inspect.signature(resource._internal_init).parameters)
    assert {path.partition(".")[0] for path in REPLACING[kind]} <= known


@pytest.mark.parametrize(
    ("kind", "name", "carrier"),
    [
        ("kubernetes:helm.sh/v3:Release", "x-mesh-a-istiod", Carrier.CONTROL_PLANE),
        ("kubernetes:helm.sh/v3:Release", "x-mesh-a-istio-base", None),
        ("aws:ec2/eip:Eip", "x-a-gateway-address.us-west-2a", Carrier.GATEWAY),
        ("aws:ec2/eip:Eip", "x-a-nat-address.us-west-2a", Carrier.NETWORK),
        ("tls:index/privateKey:PrivateKey", "x-mesh-trust-root-key-g1", Carrier.CA),
        ("tls:index/certRequest:CertRequest", "x-mesh-trust-a-ca-request-g1", None),
        ("kubernetes:core/v1:Secret", "x-mesh-a-reader-token", None),
        ("pulumi:providers:aws", "x-aws.1", None),
        ("pulumi:providers:kubernetes", "x-a-provider", Carrier.PROVIDER),
    ],
)
def test_what_a_resource_carries(kind: str, name: str, carrier: Carrier | None) -> None:
    found = carried(kind, name)
    assert (found.carrier if found else None) is carrier
