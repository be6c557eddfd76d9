"""The network made for a cluster, and what of it each setting changes."""

from typing import Any

import pytest
from meshtier.plan.late import Ref, Text

from tests.support import clouds as aws

ALONE = aws.alone_aws_document()
PODS = {
    "nodes": "10.32.0.0/20",
    "pods": "100.64.0.0/16",
    "services": "172.20.128.0/22",
}


def made(network: dict[str, Any]) -> dict[str, Any]:
    return aws.alone_aws_document(network={"create": network})


def roles(document: dict[str, Any], *, of: str = "shop") -> dict[str, int]:
    """Return how many resources of each role the cluster has."""
    found: dict[str, int] = {}
    for name in aws.by_name(document):
        if name.startswith(f"test-{of}-"):
            role = name.removeprefix(f"test-{of}-").partition(".")[0]
            found[role] = found.get(role, 0) + 1
    return found


def test_a_vpc_answers_names_so_that_nodes_can_register() -> None:
    vpc = aws.args(ALONE, "test-shop-vpc")
    assert vpc["cidr_block"] == "10.32.0.0/16"
    assert vpc["enable_dns_hostnames"] is True
    assert vpc["enable_dns_support"] is True


def test_every_zone_has_a_public_and_a_private_subnet_with_the_tag_of_its_role() -> None:
    zones = [f"eu-central-1{letter}" for letter in "abc"]
    for zone in zones:
        private = aws.args(ALONE, f"test-shop-private-subnet.{zone}")
        public = aws.args(ALONE, f"test-shop-public-subnet.{zone}")
        assert private["availability_zone"] == public["availability_zone"] == zone
        assert private["tags"]["kubernetes.io/role/internal-elb"] == "1"
        assert public["tags"]["kubernetes.io/role/elb"] == "1"
        assert "kubernetes.io/role/elb" not in private["tags"]
        assert public["map_public_ip_on_launch"] is False
    assert roles(ALONE)["private-subnet"] == roles(ALONE)["public-subnet"] == 3


@pytest.mark.parametrize(
    ("create", "gateways", "routes"),
    [(aws.WITHOUT_NAT, 0, 0), ({"nat": "single"}, 1, 3), ({"nat": "perZone"}, 3, 3)],
)
def test_nat_is_what_the_document_says(create: dict[str, Any], gateways: int, routes: int) -> None:
    found = roles(made(create))
    assert found.get("nat", 0) == found.get("nat-address", 0) == gateways
    assert found.get("private-way-out", 0) == routes


def test_a_single_nat_gateway_serves_every_zone() -> None:
    resources = aws.by_name(made({"nat": "single"}))
    through = {
        resources[f"test-shop-private-way-out.eu-central-1{letter}"].args["nat_gateway_id"]
        for letter in "abc"
    }
    assert through == {Ref(resource="test-shop-nat.eu-central-1a", output="id")}


def test_nat_waits_for_the_way_to_the_internet() -> None:
    nat = aws.by_name(ALONE)["test-shop-nat.eu-central-1a"]
    assert "test-shop-public-way-out" in nat.depends_on


def test_s3_is_reached_by_a_route_and_other_services_by_interfaces_behind_a_guard() -> None:
    document = made({"endpoints": ["s3", "sts"]})
    free = aws.args(document, "test-shop-endpoint.s3")
    assert free["vpc_endpoint_type"] == "Gateway"
    assert len(free["route_table_ids"]) == 3
    paid = aws.args(document, "test-shop-endpoint.sts")
    assert paid["vpc_endpoint_type"] == "Interface"
    assert paid["service_name"] == "com.amazonaws.eu-central-1.sts"
    assert paid["private_dns_enabled"] is True
    guard = Ref(resource="test-shop-endpoint-guard", output="id")
    assert paid["security_group_ids"] == [guard]
    rule = aws.args(document, "test-shop-endpoint-caller.10.32.0.0/16")
    assert (rule["security_group_id"], rule["from_port"], rule["to_port"]) == (guard, 443, 443)
    assert "endpoint-guard" not in roles(ALONE)


def test_a_zone_more_adds_subnets_routes_and_nat_and_moves_nothing() -> None:
    two, three = (
        aws.alone_aws_document(zones=[f"eu-central-1{letter}" for letter in letters])
        for letters in ("ab", "abc")
    )
    touched = aws.differing(two, three)
    own = {name for name in touched if name.endswith("eu-central-1c")}
    # Not the control plane: it stays in the zones it began with.
    assert touched - own == {"test-shop-endpoint.s3", "test-shop-nodes.general"}


def test_pods_outside_the_vpc_have_a_range_and_subnets_of_their_own() -> None:
    document = aws.alone_aws_document(addresses=PODS)
    association = aws.args(document, "test-shop-pod-range")
    assert association["cidr_block"] == "100.64.0.0/16"
    subnet = aws.by_name(document)["test-shop-pod-subnet.eu-central-1a"]
    assert subnet.args["cidr_block"] == "100.64.0.0/18"
    assert subnet.depends_on == ("test-shop-pod-range",)
    table = aws.args(document, "test-shop-pod-association.eu-central-1a")["route_table_id"]
    assert table == Ref(resource="test-shop-private-routes.eu-central-1a", output="id")
    group = aws.by_name(document)["test-shop-nodes.general"]
    assert "test-shop-pod-association.eu-central-1a" in group.depends_on


def test_pods_inside_the_vpc_have_addresses_of_the_nodes_subnets() -> None:
    inside = {"nodes": "10.32.0.0/16", "pods": "10.32.0.0/16", "services": "172.20.128.0/22"}
    document = aws.alone_aws_document(addresses=inside)
    assert roles(document) == roles(ALONE)


def test_what_shares_a_vpc_makes_none_of_it() -> None:
    document = aws.rich_aws_document()
    found = roles(document, of="stock")
    network = {"vpc", "private-subnet", "public-subnet", "nat", "endpoint", "private-routes"}
    assert network.isdisjoint(found)
    shared = aws.args(document, "test-stock-control-plane")["vpc_config"]["subnet_ids"]
    assert shared == aws.args(document, "test-shop-control-plane")["vpc_config"]["subnet_ids"]


def test_a_given_network_is_used_and_nothing_of_it_made() -> None:
    given = {
        "vpc": "vpc-0a1b2c3d",
        "privateSubnets": {"eu-central-1a": "subnet-0a", "eu-central-1b": "subnet-0b"},
    }
    document = aws.alone_aws_document(network={"given": given})
    assert {"vpc", "private-subnet", "nat"}.isdisjoint(roles(document))
    config = aws.args(document, "test-shop-control-plane")["vpc_config"]
    assert config["subnet_ids"] == ["subnet-0a", "subnet-0b"]


def test_a_control_plane_goes_with_subnets_of_ours_and_follows_given_ones() -> None:
    given = {
        "vpc": "vpc-0a1b2c3d",
        "privateSubnets": {"eu-central-1a": "subnet-0a", "eu-central-1b": "subnet-0b"},
    }
    ways = {"create": {}}, {"given": given}
    found = [aws.by_name(aws.alone_aws_document(network=way)) for way in ways]
    assert [one["test-shop-control-plane"].replace_on_changes for one in found] == [
        ("vpc_config.subnet_ids",),
        (),
    ]


def test_a_nat_gateway_goes_before_the_next_one_takes_its_address() -> None:
    gateway = aws.by_name(aws.alone_aws_document())["test-shop-nat.eu-central-1a"]
    assert gateway.delete_before_replace is True


def test_peers_let_in_the_addresses_of_nat_one_by_one() -> None:
    ranges = aws.args(aws.rich_aws_document(), "test-till-control-plane")["vpc_config"]
    assert ranges["public_access_cidrs"] == [
        aws.OFFICE,
        *(
            Text((Ref(resource=f"test-{name}-nat-address.{zone}", output="public_ip"), "/32"))
            for name, zone in [
                ("pay", "eu-west-1a"),
                *(("shop", f"eu-central-1{letter}") for letter in "abc"),
            ]
        ),
    ]


def test_regions_have_the_zones_that_accounts_have_there() -> None:
    def zones(region: str) -> list[str]:
        names = aws.by_name(aws.alone_aws_document(region=region))
        prefix = "test-shop-private-subnet."
        return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]

    assert zones("eu-west-3") == ["eu-west-3a", "eu-west-3b", "eu-west-3c"]
    assert zones("ap-northeast-1") == ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]
    assert zones("us-west-1") == ["us-west-1a", "us-west-1c"]


def test_the_control_plane_stays_where_it_is_when_a_given_network_gets_an_earlier_zone() -> None:
    def subnets(letters: str, **cloud: Any) -> Any:
        private = {f"eu-central-1{letter}": f"subnet-{letter}" for letter in letters}
        given = {"given": {"vpc": "vpc-0a", "privateSubnets": private}}
        document = aws.alone_aws_document(network=given, **cloud)
        return aws.args(document, "test-shop-control-plane")["vpc_config"]["subnet_ids"]

    zones = [f"eu-central-1{letter}" for letter in "bca"]
    assert subnets("bc") == subnets("abc", zones=zones) == ["subnet-b", "subnet-c"]
    assert subnets("abc") == ["subnet-a", "subnet-b"]
