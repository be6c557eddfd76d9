"""Routes between the VPCs of two clusters, in one account and region or across them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from ..late import LateText, Ref
from ..resources import ResourcePlan
from . import roles
from .ground import ranges, route_tables, vpc
from .resource import AwsCluster, regional, tags


def peering(pairs: Sequence[tuple[AwsCluster, AwsCluster]]) -> tuple[ResourcePlan, ...]:
    """Return the connection of two VPCs, and the routes both ways for all clusters in them.

    It is named after the clusters the VPCs are made for, whoever else stands in them; of several
    in one VPC that is given, after the first.
    """
    connection, *more = _connection(*pairs[0])
    accepted = more[0] if more else connection
    routes: dict[tuple[LateText, str], ResourcePlan] = {}
    for source, target in chain.from_iterable(((a, b), (b, a)) for a, b in pairs):
        for route in _routes(source, target, connection.name, accepted.name):
            # Clusters in one VPC may name the same tables and ranges.
            way = route.args["route_table_id"], route.args["destination_cidr_block"]
            routes.setdefault(way, route)
    return (connection, *more, *routes.values())


def _connection(one: AwsCluster, other: AwsCluster) -> Iterator[ResourcePlan]:
    connection = one.of_network_keyed(roles.PEERING, other.owner.name)
    is_near = _place(one) == _place(other)
    yield _of_network(
        one,
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        connection,
        {
            "vpc_id": vpc(one),
            "peer_vpc_id": vpc(other),
            # AWS accepts by itself only what stays in one account and region.
            **({"auto_accept": True} if is_near else _far_side(one, other)),
            "tags": _peering_tags(one, other),
        },
    )
    if not is_near:
        yield _of_network(
            other,
            "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
            one.of_network_keyed(roles.PEERING_ACCEPTED, other.owner.name),
            {
                "vpc_peering_connection_id": Ref(resource=connection, output="id"),
                "auto_accept": True,
                "tags": _peering_tags(other, one),
            },
        )


def _routes(
    source: AwsCluster, target: AwsCluster, connection: str, accepted: str
) -> Iterator[ResourcePlan]:
    blocks = ranges(target)
    for key, table in route_tables(source).items():
        for block in blocks:
            yield _of_network(
                source,
                "aws:ec2/route:Route",
                source.of_network_keyed(roles.PEERING_ROUTE, f"{target.owner.name}.{key}.{block}"),
                {
                    "route_table_id": table,
                    "destination_cidr_block": block,
                    "vpc_peering_connection_id": Ref(resource=connection, output="id"),
                },
                depends_on=(accepted,) if accepted != connection else (),
            )


def _of_network(
    cluster: AwsCluster,
    token: str,
    name: str,
    args: dict[str, Any],
    depends_on: tuple[str, ...] = (),
) -> ResourcePlan:
    planned = regional(cluster, token, name, args, depends_on=depends_on)
    return replace(planned, parent=cluster.owner_component)


def _far_side(one: AwsCluster, other: AwsCluster) -> dict[str, Any]:
    (account, region), (mine, here) = _place(other), _place(one)
    return {
        **({"peer_owner_id": account} if account != mine else {}),
        **({"peer_region": region} if region != here else {}),
        "auto_accept": False,
    }


def _place(cluster: AwsCluster) -> tuple[str, str]:
    return cluster.cloud.account, cluster.cloud.region


def _peering_tags(one: AwsCluster, other: AwsCluster) -> dict[str, str]:
    return {**tags(one, roles.PEERING), "Name": f"{one.owner.name}-{other.owner.name}"}
