"""Peerings: one connection per pair of VPCs, routes both ways, names of one cluster each."""

from typing import Any

from meshtier.plan.late import Ref

from tests.support import clouds as aws

TOKEN = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
NEAR = aws.peered_aws_document()
CONNECTION = "test-pay-peering.shop"


def far(**pay: Any) -> dict[str, Any]:
    clusters = {"shop": aws.aws_cluster("eu", 32), "pay": aws.aws_cluster("eu", 33, **pay)}
    return aws.aws_document(clusters)


def routes(document: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in aws.by_name(document).items() if "-peering-route." in name}


def test_vpcs_of_one_account_and_region_are_connected_at_once() -> None:
    args = aws.args(NEAR, CONNECTION)
    assert args["vpc_id"] == Ref(resource="test-pay-vpc", output="id")
    assert args["peer_vpc_id"] == Ref(resource="test-shop-vpc", output="id")
    assert args["auto_accept"] is True
    assert {"peer_region", "peer_owner_id"}.isdisjoint(args)
    assert "test-pay-peering-accepted.shop" not in aws.by_name(NEAR)


def test_across_regions_the_other_side_accepts_where_it_is() -> None:
    document = far(region="eu-west-1")
    args = aws.args(document, CONNECTION)
    assert (args["region"], args["peer_region"], args["auto_accept"]) == (
        "eu-west-1",
        "eu-central-1",
        False,
    )
    assert "peer_owner_id" not in args
    accepted = aws.by_name(document)["test-pay-peering-accepted.shop"]
    assert accepted.args["region"] == "eu-central-1"
    assert accepted.args["auto_accept"] is True
    assert accepted.args["vpc_peering_connection_id"] == Ref(resource=CONNECTION, output="id")
    assert accepted.parent == "test-shop"
    for route in routes(document).values():
        assert route.depends_on == ("test-pay-peering-accepted.shop",)


def test_across_accounts_the_other_account_accepts() -> None:
    document = far(account=aws.OTHER_ACCOUNT)
    args = aws.args(document, CONNECTION)
    assert args["peer_owner_id"] == aws.ACCOUNT
    assert "peer_region" not in args
    accepted = aws.by_name(document)["test-pay-peering-accepted.shop"]
    assert accepted.provider == f"test-aws.{aws.ACCOUNT}"


def test_every_private_route_table_leads_to_every_range_of_the_other_side() -> None:
    found = {
        name: (one.args["route_table_id"], one.args["destination_cidr_block"])
        for name, one in routes(NEAR).items()
    }
    assert found == {
        f"test-{mine}-peering-route.{other}.eu-central-1{letter}.{block}": (
            Ref(resource=f"test-{mine}-private-routes.eu-central-1{letter}", output="id"),
            block,
        )
        for mine, other, block in (
            ("pay", "shop", "10.32.0.0/16"),
            ("shop", "pay", "10.33.0.0/16"),
        )
        for letter in "abc"
    }


def test_ranges_of_pods_are_routed_too() -> None:
    pods = {"nodes": "10.33.0.0/20", "pods": "100.64.0.0/16", "services": "172.20.132.0/22"}
    document = far(addresses=pods)
    targets = {
        one.args["destination_cidr_block"]
        for name, one in routes(document).items()
        if name.startswith("test-shop-")
    }
    assert targets == {"10.33.0.0/20", "100.64.0.0/16"}


def test_the_route_tables_of_a_given_network_get_the_routes() -> None:
    given = {
        "vpc": "vpc-0a1b2c3d",
        "privateSubnets": {"eu-central-1a": "subnet-0a", "eu-central-1b": "subnet-0b"},
        "publicSubnets": {"eu-central-1a": "subnet-1a", "eu-central-1b": "subnet-1b"},
        "routeTables": ["rtb-0a"],
    }
    clusters = {
        "shop": aws.aws_cluster("eu", 32),
        "pay": aws.aws_cluster("eu", 33, network={"given": given}),
    }
    clusters["pay"]["addresses"]["egress"] = ["203.0.113.9/32"]
    document = aws.aws_document(clusters)
    mine = [one for name, one in routes(document).items() if name.startswith("test-pay-")]
    assert [one.args["route_table_id"] for one in mine] == ["rtb-0a"]
    assert aws.args(document, CONNECTION)["vpc_id"] == "vpc-0a1b2c3d"


def in_given(table: str, block: str, number: int) -> dict[str, Any]:
    zones = ("eu-central-1a", "eu-central-1b")
    given = {
        "vpc": "vpc-0a1b2c3d",
        "privateSubnets": {zone: f"subnet-{number}{zone[-1]}" for zone in zones},
        "routeTables": [table, "rtb-both"],
    }
    addresses = {
        "nodes": block,
        "services": f"172.20.{number}.0/24",
        "egress": [f"203.0.113.{number}/32"],
    }
    return aws.aws_cluster("eu", number, network={"given": given}, addresses=addresses)


def test_every_cluster_of_a_given_network_is_routed_over_its_one_peering() -> None:
    clusters = {
        "pay": in_given("rtb-pay", "10.33.0.0/20", 1),
        "shop": aws.aws_cluster("eu", 32),
        "stock": in_given("rtb-stock", "10.33.16.0/20", 2),
    }
    document = aws.aws_document(clusters)
    assert [name for name, one in aws.by_name(document).items() if one.type == TOKEN] == [
        CONNECTION
    ]
    ways = [
        (str(one.args["route_table_id"]), one.args["destination_cidr_block"])
        for one in routes(document).values()
    ]
    private = [f"${{test-shop-private-routes.eu-central-1{letter}.id}}" for letter in "abc"]
    assert sorted(ways) == sorted(
        [
            *((table, "10.32.0.0/16") for table in ("rtb-pay", "rtb-stock", "rtb-both")),
            *((table, block) for table in private for block in ("10.33.0.0/20", "10.33.16.0/20")),
        ]
    )
    over = {str(one.args["vpc_peering_connection_id"]) for one in routes(document).values()}
    assert over == {f"${{{CONNECTION}.id}}"}


def test_a_peering_is_named_after_the_owners_of_the_vpcs_whoever_stands_in_them() -> None:
    document = aws.rich_aws_document()
    names = {name for name, one in aws.by_name(document).items() if one.type == TOKEN}
    assert names == {CONNECTION}


def test_a_peer_more_adds_its_own_connections_and_routes_only() -> None:
    clusters = {"shop": aws.aws_cluster("eu", 32), "pay": aws.aws_cluster("eu", 33)}
    more = {**clusters, "stock": aws.aws_cluster("eu", 34)}
    touched = aws.differing(aws.aws_document(clusters), aws.aws_document(more))
    others = {name for name in touched if not name.startswith("test-stock-")}
    allowed = ("-peering.stock", "-peering-route.stock.", "-flat-caller.10.34.", "-control-plane")
    assert [name for name in others if not any(part in name for part in allowed)] == []
    kept = {name for name in aws.by_name(aws.aws_document(clusters)) if "peering" in name}
    assert kept.isdisjoint(touched)
