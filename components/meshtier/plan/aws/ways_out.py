"""How nodes in private subnets reach the internet and AWS itself: NAT, and endpoints."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..late import Ref
from ..resources import ResourcePlan
from . import roles
from .ground import asked_of, nat_zones, private_subnets, ranges, route_tables, vpc, zones_of
from .resource import AwsCluster, regional, tags

_BY_ROUTE: Final = frozenset({"dynamodb", "s3"})
"""Services whose endpoint is a route, and free; all others put an interface into every zone."""


def nat_and_endpoints(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield NAT gateways, the private subnets' routes through them, and endpoints."""
    gateways = nat_zones(cluster)
    for zone in gateways:
        yield from _nat(cluster, zone)
    for zone in zones_of(cluster) if gateways else ():
        # A single gateway serves every zone; one per zone serves its own.
        through = zone if zone in gateways else gateways[0]
        yield _route(cluster, zone, through)
    services = asked_of(cluster).endpoints
    if set(services) - _BY_ROUTE:
        yield from _endpoint_guard(cluster)
    for service in services:
        yield _endpoint(cluster, service)


def _nat(cluster: AwsCluster, zone: str) -> Iterator[ResourcePlan]:
    address = cluster.keyed(roles.NAT_ADDRESS, zone)
    # Peers' firewalls name these addresses, so a gateway that is replaced keeps its own.
    yield regional(
        cluster,
        "aws:ec2/eip:Eip",
        address,
        {"domain": "vpc", "tags": tags(cluster, f"{roles.NAT}-{zone}")},
        protect=cluster.protect,
    )
    gateway = regional(
        cluster,
        "aws:ec2/natGateway:NatGateway",
        cluster.keyed(roles.NAT, zone),
        {
            "subnet_id": Ref(resource=cluster.keyed(roles.PUBLIC_SUBNET, zone), output="id"),
            "allocation_id": Ref(resource=address, output="allocation_id"),
            "tags": tags(cluster, f"{roles.NAT}-{zone}"),
        },
        depends_on=(
            cluster.name(roles.PUBLIC_WAY_OUT),
            cluster.keyed(roles.PUBLIC_ASSOCIATION, zone),
        ),
    )
    # An address is at one gateway only, so the old one goes first.
    yield replace(gateway, delete_before_replace=True)


def _route(cluster: AwsCluster, zone: str, through: str) -> ResourcePlan:
    return regional(
        cluster,
        "aws:ec2/route:Route",
        cluster.keyed(roles.PRIVATE_WAY_OUT, zone),
        {
            "route_table_id": Ref(resource=cluster.keyed(roles.PRIVATE_ROUTES, zone), output="id"),
            "destination_cidr_block": "0.0.0.0/0",
            "nat_gateway_id": Ref(resource=cluster.keyed(roles.NAT, through), output="id"),
        },
    )


def _endpoint_guard(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    guard = cluster.name(roles.ENDPOINT_GUARD)
    yield regional(
        cluster,
        "aws:ec2/securityGroup:SecurityGroup",
        guard,
        {
            "vpc_id": vpc(cluster),
            "description": "Endpoints of AWS services",
            "tags": tags(cluster, roles.ENDPOINT_GUARD),
        },
    )
    for source in ranges(cluster):
        yield regional(
            cluster,
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            cluster.keyed(roles.ENDPOINT_CALLER, source),
            {
                "security_group_id": Ref(resource=guard, output="id"),
                "cidr_ipv4": source,
                "ip_protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "tags": tags(cluster, roles.ENDPOINT_CALLER),
            },
        )


def _endpoint(cluster: AwsCluster, service: str) -> ResourcePlan:
    guard = Ref(resource=cluster.name(roles.ENDPOINT_GUARD), output="id")
    if service in _BY_ROUTE:
        own = {
            "vpc_endpoint_type": "Gateway",
            "route_table_ids": list(route_tables(cluster).values()),
        }
    else:
        own = {
            "vpc_endpoint_type": "Interface",
            "private_dns_enabled": True,
            "subnet_ids": list(private_subnets(cluster).values()),
            "security_group_ids": [guard],
        }
    return regional(
        cluster,
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        cluster.keyed(roles.ENDPOINT, service),
        {
            "vpc_id": vpc(cluster),
            "service_name": f"com.amazonaws.{cluster.cloud.region}.{service}",
            "tags": tags(cluster, f"{roles.ENDPOINT}-{service}"),
            **own,
        },
    )
