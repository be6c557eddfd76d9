"""Firewall rules: only the mesh's ports, only from those that the plan names."""

from typing import Any

from tests.support import gcp_clouds as gcp


def rules(cluster: str, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the inputs of a cluster's firewall rules by name."""
    return {
        one.name: dict(one.args)
        for one in gcp.planned(document).resources
        if one.type == "gcp:compute/firewall:Firewall" and one.parent == f"test-{cluster}"
    }


def test_the_control_plane_reaches_istiods_webhooks_from_its_range() -> None:
    changes = {f"{gcp.PAY}/cloud/gcp/controlPlaneRange": "172.16.0.0/28"}
    rule = rules("pay", gcp.changed(changes))["test-pay-webhooks-rule"]
    assert rule["allows"] == [{"protocol": "tcp", "ports": ["15017"]}]
    # The whole range: the endpoint's address alone is not where calls come from.
    assert rule["source_ranges"] == ["172.16.0.0/28"]
    assert rule["target_tags"] == ["test-pay-nodes"]
    assert rule["direction"] == "INGRESS"


def test_without_a_range_of_its_own_it_calls_from_the_nodes_subnet() -> None:
    rule = rules("pay", gcp.changed({}))["test-pay-webhooks-rule"]
    assert rule["source_ranges"] == ["10.4.0.0/20"]


def test_pods_of_one_mesh_network_reach_each_other_on_every_port() -> None:
    document = gcp.changed({f"{gcp.PAY}/mesh/network": "eu"})
    rule = rules("pay", document)["test-pay-flat-rule"]
    assert rule["allows"] == [{"protocol": "tcp"}]
    assert rule["source_ranges"] == ["10.3.0.0/20", "10.3.64.0/18"]
    assert rule["target_tags"] == ["test-pay-nodes"]


def test_networks_with_a_gateway_between_them_reach_no_pods() -> None:
    # Pay is peered with eu, and still comes in through the gateway only.
    assert set(rules("pay", gcp.changed({}))) == {"test-pay-webhooks-rule"}


def test_a_cluster_outside_the_mesh_has_no_rule() -> None:
    assert rules("hq", gcp.changed({})) == {}


def test_no_rule_lets_in_the_world() -> None:
    for document in (gcp.changed({}), gcp.rich(), gcp.peered_only()):
        for one in gcp.planned(document).resources:
            assert "0.0.0.0/0" not in one.args.get("source_ranges", ())


def test_rules_of_a_shared_vpc_are_made_in_its_project() -> None:
    assert rules("web", gcp.changed({}))["test-web-webhooks-rule"]["project"] == "acme-host"
