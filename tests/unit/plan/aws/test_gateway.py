"""The gateway's load balancer: its addresses, who comes in, and how it is asked for."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Any

import pytest
from meshtier.errors import SpecError
from meshtier.plan.aws.subnets import private_ranges, reserved_range
from meshtier.plan.late import Ref, Text

from tests.support import clouds as aws

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
ZONES = [f"eu-central-1{letter}" for letter in "abc"]
PUBLIC = aws.rich_aws_document()
INTERNAL = aws.peered_aws_document()


def notes(document: dict[str, Any], cluster: str = "shop") -> dict[str, Any]:
    """Return the controller's annotations of a gateway's Service."""
    service = aws.gateway_of(document, cluster).service.manifest
    found = service["metadata"]["annotations"]
    return {key.removeprefix(PREFIX): value for key, value in found.items()}


def joined(refs: Sequence[Ref]) -> Text:
    parts: list[Any] = []
    for ref in refs:
        parts += [",", ref] if parts else [ref]
    return Text(tuple(parts))


def rules(document: dict[str, Any], role: str) -> dict[str, tuple[Any, int, int]]:
    """Return source or target and ports of the rules of a role, by key."""
    prefix = f"test-shop-{role}."
    return {
        name.removeprefix(prefix): (
            one.args["cidr_ipv4"],
            one.args["from_port"],
            one.args["to_port"],
        )
        for name, one in aws.by_name(document).items()
        if name.startswith(prefix)
    }


def test_a_gateway_called_from_the_internet_has_an_address_in_every_zone() -> None:
    gateway = aws.gateway_of(PUBLIC, "shop")
    names = [f"test-shop-gateway-address.{zone}" for zone in ZONES]
    assert gateway.addresses == tuple(Ref(resource=name, output="public_ip") for name in names)
    assert not gateway.is_internal
    found = notes(PUBLIC)
    assert found["scheme"] == "internet-facing"
    allocations = [Ref(resource=name, output="allocation_id") for name in names]
    assert found["eip-allocations"] == joined(allocations)
    subnets = [Ref(resource=f"test-shop-public-subnet.{zone}", output="id") for zone in ZONES]
    assert found["subnets"] == joined(subnets), "in the order of the addresses"
    assert "private-ipv4-addresses" not in found


def test_its_addresses_are_protected_with_the_cluster() -> None:
    name = "test-shop-gateway-address.eu-central-1a"
    assert aws.by_name(PUBLIC)[name].protect
    allowed = {**PUBLIC, "guards": {"allow": ["shop"]}}
    assert not aws.by_name(allowed)[name].protect


def test_a_gateway_that_only_peered_networks_call_has_planned_private_addresses() -> None:
    gateway = aws.gateway_of(INTERNAL, "shop")
    assert gateway.is_internal
    subnets = private_ranges("10.32.0.0/16", ZONES).values()
    assert len(gateway.addresses) == len(ZONES)
    for address, subnet in zip(gateway.addresses, subnets, strict=True):
        assert IPv4Address(str(address)) in IPv4Network(reserved_range(subnet))
    found = notes(INTERNAL)
    assert found["scheme"] == "internal"
    assert found["private-ipv4-addresses"] == ",".join(str(one) for one in gateway.addresses)
    private = [Ref(resource=f"test-shop-private-subnet.{zone}", output="id") for zone in ZONES]
    assert found["subnets"] == joined(private)
    assert "eip-allocations" not in found
    made = aws.by_name(INTERNAL)
    assert not [name for name in made if "gateway-address" in name]
    kept = made["test-shop-gateway-reservation.eu-central-1a"].args
    assert (kept["reservation_type"], kept["cidr_block"]) == ("explicit", "10.32.56.0/22")


def test_everything_known_is_plain_and_the_load_balancer_finds_the_gateways_pods() -> None:
    found = notes(PUBLIC)
    assert {key: found[key] for key in found if isinstance(found[key], str)} == {
        "attributes": "load_balancing.cross_zone.enabled=true",
        "healthcheck-path": "/healthz/ready",
        "healthcheck-port": "15021",
        "healthcheck-protocol": "http",
        "manage-backend-security-group-rules": "true",
        "name": "test-shop-ew",
        "nlb-target-type": "ip",
        "scheme": "internet-facing",
        "target-group-attributes": "preserve_client_ip.enabled=false",
    }
    assert found["security-groups"] == Ref(resource="test-shop-gateway-guard", output="id")
    service = aws.gateway_of(PUBLIC, "shop").service.manifest
    assert service["spec"]["loadBalancerClass"] == "service.k8s.aws/nlb"


def test_the_load_balancers_name_is_within_its_limit() -> None:
    long = "shop-with-a-name-of-thirty-six-letters"[:36].rstrip("-")
    document = aws.aws_document({long: aws.aws_cluster("eu", 32), "pay": aws.aws_cluster("us", 33)})
    name = notes(document, long)["name"]
    assert len(name) <= 32
    assert not name.startswith("-")
    assert not name.endswith("-")


def test_only_other_networks_come_in_and_only_to_the_port_of_the_mesh() -> None:
    names = [f"test-till-nat-address.us-east-1{letter}" for letter in "bd"]
    assert rules(PUBLIC, "gateway-caller") == {
        name: (Text((Ref(resource=name, output="public_ip"), "/32")), 15443, 15443)
        for name in names
    }
    assert rules(INTERNAL, "gateway-caller") == {"10.33.0.0/16": ("10.33.0.0/16", 15443, 15443)}


def test_health_is_asked_from_inside_the_vpc_only() -> None:
    assert rules(PUBLIC, "gateway-health") == {"10.32.0.0/16": ("10.32.0.0/16", 15021, 15021)}


def test_the_load_balancer_reaches_the_gateways_pods_and_nothing_else() -> None:
    assert rules(PUBLIC, "gateway-target") == {
        "10.32.0.0/16.15443": ("10.32.0.0/16", 15443, 15443),
        "10.32.0.0/16.15021": ("10.32.0.0/16", 15021, 15021),
    }


def test_a_primarys_ports_for_remotes_stay_closed() -> None:
    for one in aws.by_name(PUBLIC).values():
        if "gateway-" in one.name and "SecurityGroup" in one.type and "from_port" in one.args:
            assert one.args["from_port"] not in (15012, 15017)


def test_without_a_gateway_there_is_nothing_for_one() -> None:
    alone = aws.alone_aws_document()
    assert not [name for name in aws.by_name(alone) if "gateway-guard" in name]
    assert not [name for name in aws.by_name(alone) if "load-balancer" in name]


def shared(*names: str) -> dict[str, Any]:
    """Return clusters in the small VPC of `shop`, all called by the peered `pay` only."""
    small = {"nodes": "10.32.0.0/22", "services": "172.20.128.0/22"}
    clusters = {"shop": aws.aws_cluster("eu", 32, addresses=small)}
    clusters["pay"] = aws.aws_cluster("pay", 33)
    for number, name in enumerate(names):
        own = {"services": f"172.21.{number * 4}.0/22"}
        block = aws.aws_cluster("eu", 34, network={"sharedWith": "shop"}, addresses=own)
        clusters[name] = block
    return aws.aws_document(clusters, peered={"eu": ["pay"]})


def test_neighbours_in_a_vpc_have_addresses_that_the_others_do_not_move() -> None:
    before = aws.gateway_of(shared(), "shop").addresses
    after = aws.gateway_of(shared("bill"), "shop").addresses
    assert before == after
    assert set(after).isdisjoint(aws.gateway_of(shared("bill"), "bill").addresses)


def test_two_gateways_with_one_address_are_refused() -> None:
    # 16 addresses in the smallest VPC: among 17 names two meet.
    names = [f"bill-{letter}" for letter in "abcdefghijklmnopq"]
    by_address = {
        name: aws.gateway_of(shared(name), name).addresses
        for name in names
        if set(aws.gateway_of(shared(), "shop").addresses).isdisjoint(_addresses(name))
    }
    one, other = next(
        pair for pair in combinations(by_address, 2) if len({by_address[name] for name in pair}) < 2
    )
    with pytest.raises(SpecError) as raised:
        aws.planned(shared(one, other))
    assert str(raised.value) == (
        f"seeds.eu.userClusters.{other}.mesh.gateway: got the address {by_address[other][0]}, "
        f"which the gateway of {one} has too; allowed addresses of its own in the network that "
        "both stand in; rename one of the clusters, or set mesh.gateway.enabled to false in one"
    )


def given(**more: Any) -> dict[str, Any]:
    private = {"eu-central-1a": "subnet-0a", "eu-central-1b": "subnet-0b"}
    return {"given": {"vpc": "vpc-0a1b2c3d", "privateSubnets": private, **more}}


def test_a_gateway_in_a_given_network_has_an_address_in_every_public_subnet() -> None:
    public = {"eu-central-1b": "subnet-1b", "eu-central-1a": "subnet-1a"}
    shop = aws.aws_cluster("eu", 32, network=given(publicSubnets=public))
    shop["addresses"]["egress"] = ["203.0.113.9/32"]
    document = aws.aws_document({"shop": shop, "till": aws.aws_cluster("us", 35)})
    assert notes(document)["subnets"] == "subnet-1a,subnet-1b"
    assert aws.gateway_of(document, "shop").addresses == tuple(
        Ref(resource=f"test-shop-gateway-address.eu-central-1{letter}", output="public_ip")
        for letter in "ab"
    )


@pytest.mark.parametrize(("peered", "where"), [({}, "public"), ({"eu": ["us"]}, "private")])
def test_a_gateway_that_can_have_no_address_is_refused(
    peered: dict[str, list[str]], where: str
) -> None:
    shop = aws.aws_cluster("eu", 32, network=given(routeTables=["rtb-0a"]))
    shop["addresses"]["egress"] = ["203.0.113.9/32"]
    clusters = {"shop": shop, "till": aws.aws_cluster("us", 35)}
    with pytest.raises(SpecError) as raised:
        aws.planned(aws.aws_document(clusters, peered=peered))
    assert str(raised.value) == (
        f"seeds.eu.userClusters.shop.mesh.gateway: got a gateway without a {where} address in the "
        "network that is given; allowed public subnets for it (network.given.publicSubnets), with "
        "callers across the internet; private addresses are fixed in networks that are made here; "
        "give public subnets, have the network made, or set mesh.gateway.enabled to false"
    )


def _addresses(name: str) -> tuple[Any, ...]:
    try:
        return aws.gateway_of(shared(name), name).addresses
    except SpecError:
        return aws.gateway_of(shared(), "shop").addresses
