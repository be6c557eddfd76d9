"""The gateway: its address, and who comes in."""

from meshtier.plan.late import Ref, Text

from tests.support import gcp_clouds as gcp


def nat(cluster: str, number: int = 1) -> Text:
    """Return the range of one NAT address of a cluster."""
    address = Ref(resource=f"test-{cluster}-nat-address.{number}", output="address")
    return Text((address, "/32"))


def test_a_gateway_that_is_called_from_outside_has_a_public_address() -> None:
    document = gcp.changed({})
    address = gcp.args(document, "test-shop-gateway-address")
    assert address["address_type"] == "EXTERNAL"
    assert address["network_tier"] == "PREMIUM"
    assert address["region"] == "europe-west3"
    gateway = gcp.planned(document).gateways["shop"]
    assert not gateway.is_internal
    assert gateway.addresses == (Ref(resource="test-shop-gateway-address", output="address"),)
    assert gateway.annotations == {
        "networking.gke.io/load-balancer-ip-addresses": address["name"],
    }
    assert gateway.spec["loadBalancerClass"] == "networking.gke.io/l4-regional-external"


def test_a_gateway_that_only_peered_networks_call_has_a_private_address() -> None:
    document = gcp.peered_only()
    address = gcp.args(document, "test-shop-gateway-address.internal")
    assert address["address_type"] == "INTERNAL"
    assert address["subnetwork"] == Ref(resource="test-shop-node-subnet", output="self_link")
    assert "network_tier" not in address
    gateway = gcp.planned(document).gateways["shop"]
    assert gateway.is_internal
    assert gateway.annotations == {
        "networking.gke.io/load-balancer-ip-addresses": address["name"],
        # Peered networks reach into other regions only so.
        "networking.gke.io/internal-load-balancer-allow-global-access": "true",
    }
    assert gateway.spec["loadBalancerClass"] == "networking.gke.io/l4-regional-internal"


def test_only_the_callers_networks_come_in() -> None:
    public = gcp.planned(gcp.changed({})).gateways
    assert public["shop"].spec["loadBalancerSourceRanges"] == [nat("pay"), "203.0.113.6/32"]
    assert public["web"].spec["loadBalancerSourceRanges"] == [nat("pay"), nat("shop")]
    private = gcp.planned(gcp.peered_only()).gateways
    assert private["shop"].spec["loadBalancerSourceRanges"] == ["10.4.0.0/20", "10.4.64.0/18"]


def test_a_gateway_that_nobody_calls_lets_nobody_in() -> None:
    changes = {f"{gcp.PAY}/mesh/network": "eu", f"{gcp.SHOP}/mesh/gateway": {"enabled": True}}
    document = gcp.changed(changes, gcp.peered_only())
    ranges = gcp.planned(document).gateways["shop"].spec["loadBalancerSourceRanges"]
    assert ranges == ["10.3.0.0/20"], "no range at all is everybody"


def test_an_address_of_the_other_kind_is_made_beside_the_one_in_use() -> None:
    public, private = gcp.resources(gcp.changed({})), gcp.resources(gcp.peered_only())
    old = public["test-shop-gateway-address"]
    new = private["test-shop-gateway-address.internal"]
    assert old.name not in private
    assert new.name not in public
    assert old.args["name"] != new.args["name"], "both stand for a while"
    assert old.protect
    assert new.protect


def test_a_cluster_without_a_gateway_has_no_address() -> None:
    document = gcp.changed({f"{gcp.SHOP}/mesh/gateway": {"enabled": False}}, gcp.rich())
    document["seeds"]["eu"]["userClusters"]["pay"]["mesh"]["gateway"] = {"enabled": True}
    only = {**document["seeds"]["eu"]["userClusters"]["shop"], "mesh": {"member": False}}
    document["seeds"]["eu"]["userClusters"]["shop"] = only
    assert "test-shop-gateway-address" not in gcp.resources(document)
    assert "shop" not in gcp.planned(document).gateways


def test_the_address_stands_as_long_as_anything_is_in_the_cluster() -> None:
    # The Service names it and nothing more: without this it could go first, and stay in use.
    assert "test-shop-gateway-address" in gcp.planned(gcp.changed({})).access["shop"].ready
    internal = gcp.planned(gcp.peered_only()).access["shop"].ready
    assert "test-shop-gateway-address.internal" in internal
