"""The network made for a cluster: a VPC, subnets in every zone, and their routes."""

from collections.abc import Iterator
from typing import Any, Final

from ..late import LateText, Ref, text
from ..resources import ResourcePlan
from . import roles
from .gateway import gateway_addresses
from .ground import nat_zones, node_range, pod_range, vpc, zones_of
from .resource import AwsCluster, regional, tags
from .subnets import pod_ranges, private_ranges, public_ranges, reserved_range
from .ways_out import nat_and_endpoints

_EVERYWHERE: Final = "0.0.0.0/0"


def network(cluster: AwsCluster) -> tuple[ResourcePlan, ...]:
    """Return the network made for a cluster, and its gateway's addresses in whichever it is."""
    made = _made(cluster) if cluster.owns_network else ()
    return (*made, *gateway_addresses(cluster))


def egress(cluster: AwsCluster) -> tuple[LateText, ...]:
    """Return the addresses of the NAT gateways; nothing is known of those of a given network."""
    if cluster.cloud.network.given is not None:
        return ()
    return tuple(
        text(
            Ref(resource=cluster.of_network_keyed(roles.NAT_ADDRESS, zone), output="public_ip"),
            "/32",
        )
        for zone in nat_zones(cluster)
    )


def _made(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    yield from _vpc(cluster)
    yield from _public(cluster)
    yield from _private(cluster)
    if pods := pod_range(cluster):
        yield from _pods(cluster, pods)
    yield from nat_and_endpoints(cluster)


def _vpc(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    yield regional(
        cluster,
        "aws:ec2/vpc:Vpc",
        cluster.name(roles.VPC),
        {
            "cidr_block": node_range(cluster),
            # Without both, nodes don't register and the private endpoint has no name.
            "enable_dns_hostnames": True,
            "enable_dns_support": True,
            "tags": tags(cluster, roles.VPC),
        },
        protect=cluster.protect,
    )
    yield regional(
        cluster,
        "aws:ec2/internetGateway:InternetGateway",
        cluster.name(roles.INTERNET_GATEWAY),
        {"vpc_id": vpc(cluster), "tags": tags(cluster, roles.INTERNET_GATEWAY)},
    )


def _public(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    table = Ref(resource=cluster.name(roles.PUBLIC_ROUTES), output="id")
    yield _route_table(cluster, table.resource, roles.PUBLIC_ROUTES)
    yield regional(
        cluster,
        "aws:ec2/route:Route",
        cluster.name(roles.PUBLIC_WAY_OUT),
        {
            "route_table_id": table,
            "destination_cidr_block": _EVERYWHERE,
            "gateway_id": Ref(resource=cluster.name(roles.INTERNET_GATEWAY), output="id"),
        },
    )
    for zone, block in public_ranges(node_range(cluster), zones_of(cluster)).items():
        yield _subnet(cluster, roles.PUBLIC_SUBNET, zone, block, {"kubernetes.io/role/elb": "1"})
        yield _association(cluster, roles.PUBLIC_ASSOCIATION, roles.PUBLIC_SUBNET, zone, table)


def _private(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    role_tag = {"kubernetes.io/role/internal-elb": "1"}
    for zone, block in private_ranges(node_range(cluster), zones_of(cluster)).items():
        table = Ref(resource=cluster.keyed(roles.PRIVATE_ROUTES, zone), output="id")
        yield _route_table(cluster, table.resource, f"{roles.PRIVATE_ROUTES}-{zone}")
        yield _subnet(cluster, roles.PRIVATE_SUBNET, zone, block, role_tag)
        yield _association(cluster, roles.PRIVATE_ASSOCIATION, roles.PRIVATE_SUBNET, zone, table)
        yield regional(
            cluster,
            "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
            cluster.keyed(roles.GATEWAY_RESERVATION, zone),
            {
                "subnet_id": Ref(resource=cluster.keyed(roles.PRIVATE_SUBNET, zone), output="id"),
                "cidr_block": reserved_range(block),
                "reservation_type": "explicit",
                "description": "Fixed addresses of internal gateways",
            },
        )


def _pods(cluster: AwsCluster, block: str) -> Iterator[ResourcePlan]:
    association = cluster.name(roles.POD_RANGE)
    yield regional(
        cluster,
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        association,
        {"vpc_id": vpc(cluster), "cidr_block": block},
    )
    for zone, part in pod_ranges(block, zones_of(cluster)).items():
        table = Ref(resource=cluster.keyed(roles.PRIVATE_ROUTES, zone), output="id")
        yield _subnet(cluster, roles.POD_SUBNET, zone, part, {}, depends_on=(association,))
        yield _association(cluster, roles.POD_ASSOCIATION, roles.POD_SUBNET, zone, table)


def _subnet(
    cluster: AwsCluster,
    role: str,
    zone: str,
    block: str,
    own_tags: dict[str, str],
    depends_on: tuple[str, ...] = (),
) -> ResourcePlan:
    args: dict[str, Any] = {
        "vpc_id": vpc(cluster),
        "availability_zone": zone,
        "cidr_block": block,
        "map_public_ip_on_launch": False,
        "tags": {**tags(cluster, f"{role}-{zone}"), **own_tags},
    }
    name = cluster.keyed(role, zone)
    return regional(cluster, "aws:ec2/subnet:Subnet", name, args, depends_on=depends_on)


def _route_table(cluster: AwsCluster, name: str, label: str) -> ResourcePlan:
    args = {"vpc_id": vpc(cluster), "tags": tags(cluster, label)}
    return regional(cluster, "aws:ec2/routeTable:RouteTable", name, args)


def _association(
    cluster: AwsCluster, role: str, subnet_role: str, zone: str, table: Ref
) -> ResourcePlan:
    subnet = Ref(resource=cluster.keyed(subnet_role, zone), output="id")
    return regional(
        cluster,
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        cluster.keyed(role, zone),
        {"subnet_id": subnet, "route_table_id": table},
    )
