"""The networks that AWS is asked for hold together, in an emulation that answers like AWS."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from typing import Any

import pytest

from tests.clouds import documents
from tests.support.emulated_aws import EmulatedAws, emulation

Look = Callable[[str, str], list[dict[str, Any]]]
"""Returns everything of one kind, by the call that lists it and where the list stands."""

_GIVEN = {
    "subnet-0123456789abcdef0": ("eu-central-1a", "10.5.0.0/20"),
    "subnet-0123456789abcdef1": ("eu-central-1c", "10.5.16.0/20"),
    "subnet-0123456789abcdef2": ("eu-central-1a", "10.5.32.0/24"),
    "subnet-0123456789abcdef3": ("eu-central-1c", "10.5.33.0/24"),
}
"""Subnets that `aws-apart` is given: zone and range."""


def given_network(aws: EmulatedAws) -> dict[str, str]:
    """Make the network that `aws-apart` is given; return its ids by those in the document."""
    ec2 = aws.client("ec2", "eu-central-1")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ids = {"vpc-0123456789abcdef0": vpc, "rtb-0123456789abcdef0": table}
    for name, (zone, block) in _GIVEN.items():
        subnet = ec2.create_subnet(VpcId=vpc, AvailabilityZone=zone, CidrBlock=block)
        ids[name] = subnet["Subnet"]["SubnetId"]
    return ids


@pytest.fixture(scope="module", params=documents.ON_AWS)
def aws(request: pytest.FixtureRequest) -> Iterator[EmulatedAws]:
    """What a document asks for, made in the network it is given."""
    with emulation() as aws:
        if request.param == "aws-apart":
            aws.given |= given_network(aws)
        aws.make(documents.plan(request.param).cloud)
        yield aws


@pytest.fixture
def look(aws: EmulatedAws) -> Look:
    """Look into every region of every account that was used."""

    def every(call: str, key: str) -> list[dict[str, Any]]:
        return [found for ec2 in aws.clients("ec2") for found in getattr(ec2, call)()[key]]

    return every


def test_what_moto_is_said_not_to_emulate_it_does_not(aws: EmulatedAws) -> None:
    assert aws.taken == set()
    assert aws.refused


def test_every_route_leads_somewhere(look: Look) -> None:
    targets = {
        "NatGatewayId": _ids(look("describe_nat_gateways", "NatGateways"), "NatGatewayId"),
        "GatewayId": {
            "local",
            *_ids(look("describe_internet_gateways", "InternetGateways"), "InternetGatewayId"),
            *_ids(look("describe_vpc_endpoints", "VpcEndpoints"), "VpcEndpointId"),
        },
        "VpcPeeringConnectionId": {
            one["VpcPeeringConnectionId"]
            for one in look("describe_vpc_peering_connections", "VpcPeeringConnections")
            if one["Status"]["Code"] == "active"
        },
    }
    routes = [
        route for table in look("describe_route_tables", "RouteTables") for route in table["Routes"]
    ]
    assert routes
    for route in routes:
        assert any(route.get(key) in known for key, known in targets.items()), route


def test_nodes_reach_the_internet_or_nothing_but_their_endpoints(
    aws: EmulatedAws, look: Look
) -> None:
    tables = _tables_by_subnet(look)
    without = {
        one["VpcId"]
        for one in look("describe_vpcs", "Vpcs")
        if not any(
            nat["VpcId"] == one["VpcId"] for nat in look("describe_nat_gateways", "NatGateways")
        )
    }
    clusters = aws.of("aws:eks/cluster:Cluster")
    assert clusters
    used = {subnet for one in clusters for subnet in one["vpcConfig"]["subnetIds"]}
    for table in (tables[subnet] for subnet in used - set(aws.given)):
        ways = [route for route in table["Routes"] if _is_default(route)]
        has_nat = [bool(route.get("NatGatewayId")) for route in ways]
        assert has_nat == ([] if table["VpcId"] in without else [True])


def test_what_is_peered_has_ranges_and_routes_of_its_own(look: Look) -> None:
    """moto lets overlapping networks be peered; AWS does not."""
    ranges = {
        vpc["VpcId"]: [one["CidrBlock"] for one in vpc["CidrBlockAssociationSet"]]
        for vpc in look("describe_vpcs", "Vpcs")
    }
    tables = look("describe_route_tables", "RouteTables")
    for peering in look("describe_vpc_peering_connections", "VpcPeeringConnections"):
        sides = [peering[side]["VpcId"] for side in ("RequesterVpcInfo", "AccepterVpcInfo")]
        for one, other in (sides, reversed(sides)):
            assert not [pair for pair in _pairs(ranges[one], ranges[other]) if _overlap(*pair)]
            reached = {
                route["DestinationCidrBlock"]
                for table in tables
                if table["VpcId"] == one
                for route in table["Routes"]
                if route.get("VpcPeeringConnectionId") == peering["VpcPeeringConnectionId"]
            }
            assert reached
            assert reached <= set(ranges[other])


def test_gateways_have_addresses_that_nothing_else_uses(aws: EmulatedAws, look: Look) -> None:
    used = {
        address["AllocationId"]
        for nat in look("describe_nat_gateways", "NatGateways")
        for address in nat["NatGatewayAddresses"]
    }
    nats = {one["allocationId"] for one in aws.of("aws:ec2/natGateway:NatGateway")}
    assert used == nats
    owned = {one["allocationId"] for one in aws.of("aws:ec2/eip:Eip")}
    free = [one for one in aws.of("aws:ec2/eip:Eip") if one["allocationId"] not in nats]
    assert nats <= owned
    assert {"gateway" in one["tags"]["Name"] for one in free} <= {True}


def test_nodes_are_made_from_templates_that_exist(aws: EmulatedAws, look: Look) -> None:
    known = _ids(look("describe_launch_templates", "LaunchTemplates"), "LaunchTemplateId")
    groups = aws.of("aws:eks/nodeGroup:NodeGroup")
    assert groups
    assert {group["launchTemplate"]["id"] for group in groups} <= known


def _ids(found: list[dict[str, Any]], key: str) -> set[str]:
    return {one[key] for one in found}


def _tables_by_subnet(look: Look) -> dict[str, dict[str, Any]]:
    return {
        association["SubnetId"]: table
        for table in look("describe_route_tables", "RouteTables")
        for association in table["Associations"]
        if "SubnetId" in association
    }


def _is_default(route: dict[str, Any]) -> bool:
    return route.get("DestinationCidrBlock") == "0.0.0.0/0"


def _pairs(some: list[str], others: list[str]) -> list[tuple[str, str]]:
    return [(one, other) for one in some for other in others]


def _overlap(one: str, other: str) -> bool:
    return IPv4Network(one).overlaps(IPv4Network(other))
