"""The network: made, shared or given, and its ways out."""

from typing import Any

import pytest
from meshtier.plan.late import Ref, Text
from meshtier.spec.rules.gcp_nodes import NODES_PER_ADDRESS

from tests.support import gcp_clouds as gcp


def made_for(name: str, document: dict[str, Any]) -> set[str]:
    """Return the types of what is made in Compute Engine for one cluster's network."""
    return {
        one.type.rpartition(":")[2]
        for one in gcp.planned(document).resources
        if one.parent == f"test-{name}" and one.type.startswith("gcp:compute/")
    } - {"Firewall", "NetworkPeering"}


def test_a_network_that_is_created_has_a_subnet_of_the_clusters_addresses() -> None:
    plan = gcp.resources(gcp.changed({}))
    assert plan["test-pay-network"].args == {
        "name": "test-pay-network",
        "auto_create_subnetworks": False,
        "routing_mode": "GLOBAL",
    }
    subnet = plan["test-pay-node-subnet"].args
    assert subnet["network"] == Ref(resource="test-pay-network", output="self_link")
    assert subnet["ip_cidr_range"] == "10.4.0.0/20"
    assert subnet["secondary_ip_ranges"] == [
        {"range_name": "pods", "ip_cidr_range": "10.4.64.0/18"},
        {"range_name": "services", "ip_cidr_range": "10.4.32.0/20"},
    ]
    assert subnet["private_ip_google_access"] is True


def test_another_range_of_pods_replaces_the_subnet_and_so_what_stands_in_it() -> None:
    subnet = gcp.resources(gcp.changed({}))["test-pay-node-subnet"]
    assert subnet.replace_on_changes == ("secondary_ip_ranges[*].ip_cidr_range",)
    # Both would have one name, and one range of nodes.
    assert subnet.delete_before_replace is True


def test_a_nat_goes_with_its_subnet_which_google_deletes_only_when_no_nat_lists_it() -> None:
    nat = gcp.args(gcp.changed({}), "test-pay-nat")
    assert nat["region"] == Ref(resource="test-pay-node-subnet", output="region")


def test_a_network_that_is_shared_has_a_subnet_and_a_nat_of_ones_own() -> None:
    document = gcp.changed({})
    assert made_for("shop", document) == {"Subnetwork", "Address", "RouterNat"}
    plan = gcp.resources(document)
    owners = Ref(resource="test-eu-network", output="self_link")
    assert plan["test-shop-node-subnet"].args["network"] == owners
    nat = plan["test-shop-nat"].args
    assert [one["name"] for one in nat["subnetworks"]] == [
        Ref(resource="test-shop-node-subnet", output="self_link")
    ]


def test_a_network_that_is_given_gets_nothing_but_the_gateways_address() -> None:
    document = gcp.changed({})
    assert made_for("web", document) == {"Address"}
    cluster = gcp.args(document, "test-web-control-plane")
    assert cluster["network"] == "projects/acme-host/global/networks/core"
    assert cluster["ip_allocation_policy"] == {
        "cluster_secondary_range_name": "web-pods",
        "services_secondary_range_name": "web-services",
    }


def test_names_of_what_is_given_are_those_of_the_clusters_project() -> None:
    given = f"{gcp.WEB}/cloud/gcp/network/given"
    document = gcp.changed({f"{given}/network": "core", f"{given}/subnetwork": "web"})
    cluster = gcp.args(document, "test-web-control-plane")
    assert cluster["network"] == "projects/acme-us/global/networks/core"
    assert cluster["subnetwork"] == "projects/acme-us/regions/us-west1/subnetworks/web"
    assert "project" not in gcp.args(document, "test-web-webhooks-rule")


@pytest.mark.parametrize("count", [1, 3])
def test_nat_has_as_many_fixed_addresses_as_asked_for(count: int) -> None:
    path = f"{gcp.PAY}/cloud/gcp/network"
    document = gcp.changed({path: {"create": {"natAddresses": count}}})
    names = [f"test-pay-nat-address.{number}" for number in range(1, count + 1)]
    plan = gcp.resources(document)
    assert [name for name in plan if name.startswith("test-pay-nat-address")] == names
    nat = plan["test-pay-nat"].args
    assert nat["nat_ip_allocate_option"] == "MANUAL_ONLY"
    assert nat["nat_ips"] == [Ref(resource=name, output="self_link") for name in names]
    # The peers' API servers let every one of them in.
    allowed = plan["test-shop-control-plane"].args["master_authorized_networks_config"]
    for name in names:
        block = Text((Ref(resource=name, output="address"), "/32"))
        assert {"cidr_block": block} in allowed["cidr_blocks"]


def test_one_more_address_touches_the_nat_and_those_it_is_known_to() -> None:
    path = f"{gcp.PAY}/cloud/gcp/network"
    touched = gcp.differing(
        gcp.changed({path: {"create": {"natAddresses": 1}}}),
        gcp.changed({path: {"create": {"natAddresses": 2}}}),
    )
    assert touched == {
        *("test-pay-nat", "test-pay-nat-address.2"),
        *("test-shop-control-plane", "test-web-control-plane"),
    }


def test_without_addresses_there_is_no_nat() -> None:
    changes = {
        f"{gcp.PAY}/cloud/gcp/network": {"create": {"natAddresses": 0}},
        f"{gcp.PAY}/addresses/egress": ["203.0.113.4/32"],
    }
    document = gcp.changed(changes)
    assert made_for("pay", document) == {"Network", "Subnetwork", "Address"}
    assert not [name for name in gcp.planned(document).access["pay"].ready if "nat" in name]
    allowed = gcp.args(document, "test-shop-control-plane")["master_authorized_networks_config"]
    assert {"cidr_block": "203.0.113.4/32"} in allowed["cidr_blocks"]


def test_who_shares_leaves_by_as_many_addresses_as_the_owner() -> None:
    document = gcp.changed({f"{gcp.EU}/cloud/gcp/network": {"create": {"natAddresses": 2}}})
    plan = gcp.resources(document)
    assert [name for name in plan if "shop-nat-address" in name] == [
        "test-shop-nat-address.1",
        "test-shop-nat-address.2",
    ]


def test_networks_have_time_to_be_deleted() -> None:
    plan = gcp.resources(gcp.changed({}))
    for name in ("test-pay-network", "test-pay-node-subnet"):
        minutes = plan[name].delete_minutes
        assert minutes is not None
        assert minutes > 20, "the provider's own limit, which load balancers' remains outlast"


def test_the_rules_count_on_as_many_ports_as_the_nat_gives_a_node() -> None:
    nat = gcp.resources(gcp.changed({}))["test-pay-nat"].args
    assert 64_512 // nat["min_ports_per_vm"] == NODES_PER_ADDRESS


def test_a_vpc_comes_before_those_that_share_it_wherever_they_stand() -> None:
    # A seed comes before its user clusters, and may be in the VPC of one of them.
    shared = {"sharedWith": "pay"}
    moved = {f"{one}/cloud/gcp/network": shared for one in (gcp.EU, gcp.SHOP)}
    networks = {"mesh/networks": {"eu": {}, "us": {}}, f"{gcp.PAY}/mesh/network": "eu"}
    order = [one.name for one in gcp.planned(gcp.changed({**moved, **networks})).resources]
    assert order.index("test-pay-network") < order.index("test-eu-node-subnet")


def test_nats_of_one_vpc_and_region_are_on_one_router() -> None:
    found = gcp.resources(gcp.changed({}))
    assert found["test-shop-nat"].args["router"] == Ref(resource="test-eu-router", output="name")
    assert "test-shop-router" not in found


def test_elsewhere_a_cluster_that_shares_a_vpc_has_a_router_of_its_own() -> None:
    found = gcp.resources(gcp.changed({f"{gcp.SHOP}/cloud/gcp/region": "europe-west4"}))
    assert found["test-shop-nat"].args["router"] == Ref(resource="test-shop-router", output="name")
    assert found["test-shop-router"].args["region"] == "europe-west4"
