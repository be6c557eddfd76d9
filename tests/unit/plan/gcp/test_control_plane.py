"""The GKE cluster: what each setting changes, and that nothing else does."""

from typing import Any

import pytest
from meshtier.plan.late import Ref, Text

from tests.support import gcp_clouds as gcp

CLOUD = f"{gcp.PAY}/cloud/gcp"
NAME = "test-pay-control-plane"


def control_plane(**cloud: Any) -> dict[str, Any]:
    """Return the inputs of pay's cluster under other settings."""
    changes = {f"{CLOUD}/{key}": value for key, value in cloud.items()}
    return dict(gcp.args(gcp.changed(changes), NAME))


def changes_of(**cloud: Any) -> dict[str, Any]:
    """Return the inputs that settings change, None for those they remove."""
    before, after = control_plane(), control_plane(**cloud)
    keys = before.keys() | after.keys()
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


def test_it_stands_in_its_own_subnet_with_private_nodes() -> None:
    args = control_plane()
    assert args["name"] == "test-pay"
    assert args["network"] == Ref(resource="test-pay-network", output="self_link")
    assert args["subnetwork"] == Ref(resource="test-pay-node-subnet", output="self_link")
    assert args["networking_mode"] == "VPC_NATIVE"
    assert args["ip_allocation_policy"] == {
        "cluster_secondary_range_name": "pods",
        "services_secondary_range_name": "services",
    }
    assert args["private_cluster_config"]["enable_private_nodes"] is True
    assert args["workload_identity_config"] == {"workload_pool": "acme-eu.svc.id.goog"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"zone": "europe-west3-a"}, {"location": "europe-west3-a"}),
        ({"zones": ["europe-west3-b"]}, {"node_locations": ["europe-west3-b"]}),
        (
            {"zone": "europe-west3-a", "zones": ["europe-west3-a", "europe-west3-b"]},
            {"location": "europe-west3-a", "node_locations": ["europe-west3-b"]},
        ),
        ({"channel": "extended"}, {"release_channel": {"channel": "EXTENDED"}}),
        ({"version": "1.35.1-gke.100"}, {"min_master_version": "1.35.1-gke.100"}),
        ({"dataplaneV2": False}, {"datapath_provider": "LEGACY_DATAPATH"}),
        ({"maxPodsPerNode": 110}, {"default_max_pods_per_node": 110}),
        (
            {"encryptionKey": gcp.KEY, "projectNumber": "123456789012"},
            {"database_encryption": {"state": "ENCRYPTED", "key_name": gcp.KEY}},
        ),
    ],
)
def test_a_setting_changes_what_it_says_and_nothing_else(
    settings: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert changes_of(**settings) == expected


def test_a_range_of_its_own_is_said_only_where_it_is_asked_for() -> None:
    # GKE replaces a cluster that gets one later, so nothing is ever filled in for it.
    asked = control_plane(controlPlaneRange="172.16.0.0/28")["private_cluster_config"]
    assert asked["master_ipv4_cidr_block"] == "172.16.0.0/28"
    left_out = control_plane()["private_cluster_config"]
    assert asked == {**left_out, "master_ipv4_cidr_block": "172.16.0.0/28"}
    assert "private_endpoint_subnetwork" not in left_out


def test_a_public_endpoint_lets_in_the_given_ranges_and_the_peers_addresses() -> None:
    args = control_plane()
    assert args["private_cluster_config"]["enable_private_endpoint"] is False
    address = Ref(resource="test-shop-nat-address.1", output="address")
    assert args["master_authorized_networks_config"] == {
        "cidr_blocks": [
            {"cidr_block": gcp.OFFICE},
            {"cidr_block": Text((address, "/32"))},
            {"cidr_block": "203.0.113.6/32"},
        ],
        # Or every machine in Google Cloud could knock.
        "gcp_public_cidrs_access_enabled": False,
        # Or everybody in the VPC, and in VPCs peered with it.
        "private_endpoint_enforcement_enabled": True,
    }


def test_a_private_endpoint_lets_in_the_private_ranges_of_peers_in_its_vpc() -> None:
    changes = {
        f"{CLOUD}/endpoint": {"public": False, "ranges": ["10.200.0.0/24"]},
        f"{CLOUD}/network": {"sharedWith": "eu"},
    }
    args = gcp.args(gcp.changed(changes, gcp.peered_only()), NAME)
    assert args["private_cluster_config"]["enable_private_endpoint"] is True
    assert args["private_cluster_config"]["master_global_access_config"] == {"enabled": True}
    blocks = args["master_authorized_networks_config"]["cidr_blocks"]
    ranges = ["10.200.0.0/24", "10.3.0.0/20", "10.3.64.0/18"]
    assert blocks == [{"cidr_block": block} for block in ranges]


def test_a_range_that_is_given_and_a_peers_stands_once() -> None:
    args = control_plane(endpoint={"ranges": [gcp.OFFICE, "203.0.113.6/32"]})
    blocks = args["master_authorized_networks_config"]["cidr_blocks"]
    assert len([one for one in blocks if one["cidr_block"] == "203.0.113.6/32"]) == 1


def test_a_cluster_outside_the_mesh_lets_in_the_given_ranges_only() -> None:
    config = gcp.args(gcp.changed({}), "test-hq-control-plane")["master_authorized_networks_config"]
    assert config["cidr_blocks"] == [{"cidr_block": gcp.OFFICE}]


def test_the_pool_that_gke_makes_goes_at_once_and_is_never_looked_at_again() -> None:
    plan = gcp.resources(gcp.rich())[NAME]
    assert plan.args["remove_default_node_pool"] is True
    assert plan.args["initial_node_count"] == 1
    assert set(plan.ignore_changes) == {"initial_node_count", "node_config", "node_pools"}
    node = plan.args["node_config"]
    assert node["machine_type"] == "n2d-standard-4"
    assert node["service_account"] == Ref(resource="test-pay-node-account", output="email")


def test_the_pool_that_gke_makes_is_like_the_first_one_and_takes_any_pod() -> None:
    taint = {"key": "spare", "value": "yes", "effect": "NoSchedule"}
    first = {"type": "c3-standard-4", "spot": True, "labels": {"a": "b"}, "taints": [taint]}
    node = control_plane(nodes={"b": {"min": 2}, "a": first})["node_config"]
    assert node["machine_type"] == "c3-standard-4"
    assert not {"spot", "taints", "labels"} & node.keys()


def test_what_it_needs_outlives_it() -> None:
    needs = gcp.resources(gcp.rich())[NAME].depends_on
    assert set(needs) == {
        "test-gcp-api.acme-eu.container",
        "test-pay-node-role.node",
        "test-pay-nat",
        "test-gcp-key-grant.acme-eu.acme-keys.europe-west3.gke.secrets",
    }


@pytest.mark.parametrize("protect", [True, False])
def test_googles_guard_and_ours_say_the_same(protect: bool) -> None:
    plan = gcp.resources(gcp.changed({"guards": {"protect": protect}}))
    assert plan[NAME].protect is protect
    assert plan[NAME].args["deletion_protection"] is protect


def test_a_cluster_that_is_allowed_to_go_is_the_only_one_without_a_guard() -> None:
    allowed = gcp.resources(gcp.changed({"guards": {"allow": ["pay"]}}))
    before = gcp.resources(gcp.changed({}))
    opened = {name for name, one in allowed.items() if before[name].protect and not one.protect}
    assert all("pay" in name for name in opened)
    assert {NAME, "test-pay-network", "test-pay-gateway-address"} <= opened


def test_nobody_has_rights_without_a_name() -> None:
    args = control_plane()
    assert set(args["rbac_binding_config"].values()) == {False}
    assert args["enable_shielded_nodes"] is True


def test_the_mesh_brings_its_own_gateway_definitions() -> None:
    assert control_plane()["gateway_api_config"] == {"channel": "CHANNEL_DISABLED"}


def test_labels_of_ones_own_stand_beside_ours() -> None:
    labels = control_plane(labels={"team": "payments"})["resource_labels"]
    assert labels == {
        "team": "payments",
        "meshtier-cluster": "pay",
        "meshtier-environment": "test",
        "meshtier-level": "user",
    }
