"""The east-west gateway's load balancer: its addresses, its firewall, and how it is asked for.

AWS Load Balancer Controller makes the load balancer from the Service. Everything it is told is
explicit, so that it has nothing to discover: subnets, addresses, security group.
"""

import hashlib
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from itertools import product
from typing import Final, NamedTuple

from ..istio import CROSS_NETWORK_PORT
from ..late import LateText, Ref, text
from ..physical import fit
from ..resources import FixedGateway, ResourcePlan
from . import roles
from .ground import node_range, private_subnets, public_subnets, ranges, vpc, zones_of
from .guards import egress, ingress
from .resource import AwsCluster, regional, tags
from .subnets import private_ranges, reserved_range

HEALTH_PORT: Final = 15021
"""Port on which a gateway says whether it is ready."""
NAME_LIMIT: Final = 32
"""Characters in a load balancer's name (CreateLoadBalancer)."""
CLASS: Final = "service.k8s.aws/nlb"
"""Load balancer class of AWS Load Balancer Controller; without it EKS' own controller acts."""

_PREFIX: Final = "service.beta.kubernetes.io/aws-load-balancer-"
_PLAIN: Final = {
    # To the pods themselves: no hop through another node, and no way back to lose.
    "nlb-target-type": "ip",
    "attributes": "load_balancing.cross_zone.enabled=true",
    # Targets see the load balancer: with client addresses a pod can't call itself through it.
    "target-group-attributes": "preserve_client_ip.enabled=false",
    "healthcheck-port": str(HEALTH_PORT),
    "healthcheck-path": "/healthz/ready",
    "healthcheck-protocol": "http",
    "manage-backend-security-group-rules": "true",
}


def gateway_addresses(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the public addresses of a cluster's gateway: they outlive its load balancer."""
    if not cluster.gateway or cluster.gateway_is_internal:
        return
    for zone in public_subnets(cluster):
        yield regional(
            cluster,
            "aws:ec2/eip:Eip",
            cluster.keyed(roles.GATEWAY_ADDRESS, zone),
            {"domain": "vpc", "tags": tags(cluster, f"{roles.GATEWAY_ADDRESS}-{zone}")},
            protect=cluster.protect,
        )


def gateway_guard(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the load balancer's security group: in from other networks, out to the gateway."""
    if not cluster.gateway:
        return
    guard, inside = _guard(cluster), ranges(cluster)
    yield regional(
        cluster,
        "aws:ec2/securityGroup:SecurityGroup",
        guard.resource,
        {
            "vpc_id": vpc(cluster),
            "description": "East-west gateway",
            "tags": tags(cluster, roles.GATEWAY_GUARD),
        },
    )
    mesh, health = (CROSS_NETWORK_PORT, CROSS_NETWORK_PORT), (HEALTH_PORT, HEALTH_PORT)
    for source in cluster.gateway_sources:
        yield ingress(cluster, roles.GATEWAY_CALLER, guard, source, mesh)
    for source in inside:
        yield ingress(cluster, roles.GATEWAY_HEALTH, guard, source, health)
    for target, ports in product(inside, (mesh, health)):
        yield egress(cluster, roles.GATEWAY_TARGET, guard, target, ports)


def fixed_gateway(cluster: AwsCluster) -> FixedGateway:
    """Return AWS' side of a cluster's gateway."""
    own = _private_side(cluster) if cluster.gateway_is_internal else _public_side(cluster)
    notes: dict[str, LateText] = {
        **_PLAIN,
        "name": fit(f"{cluster.physical_name}-ew", NAME_LIMIT),
        "security-groups": _guard(cluster),
        **own.notes,
    }
    return FixedGateway(
        addresses=own.addresses,
        is_internal=cluster.gateway_is_internal,
        annotations={f"{_PREFIX}{key}": notes[key] for key in sorted(notes)},
        spec={"loadBalancerClass": CLASS},
        # The controller makes the other kind of load balancer and forgets the first one.
        replacing=(f'metadata.annotations["{_PREFIX}scheme"]',),
    )


class _Side(NamedTuple):
    addresses: tuple[LateText, ...]
    notes: dict[str, LateText]
    """Annotations without their prefix; subnets and addresses in one order."""


def _public_side(cluster: AwsCluster) -> _Side:
    subnets = public_subnets(cluster)
    notes: dict[str, LateText] = {
        "scheme": "internet-facing",
        "subnets": _joined(subnets.values()),
        "eip-allocations": _joined(_address(cluster, zone, "allocation_id") for zone in subnets),
    }
    return _Side(tuple(_address(cluster, zone, "public_ip") for zone in subnets), notes)


def _private_side(cluster: AwsCluster) -> _Side:
    addresses = _private_addresses(cluster)
    notes: dict[str, LateText] = {
        "scheme": "internal",
        "subnets": _joined(private_subnets(cluster).values()),
        "private-ipv4-addresses": _joined(addresses),
    }
    return _Side(addresses, notes)


def _private_addresses(cluster: AwsCluster) -> tuple[str, ...]:
    # What a given network's subnets have room for is known to its owner only.
    if cluster.cloud.network.given is not None:
        return ()
    subnets = private_ranges(node_range(cluster), zones_of(cluster))
    return tuple(_reserved_address(cluster, block) for block in subnets.values())


def _reserved_address(cluster: AwsCluster, subnet: str) -> str:
    # By the cluster's name alone: a neighbour in the same VPC that comes or goes moves nothing.
    reserved = IPv4Network(reserved_range(subnet))
    digest = hashlib.sha256(cluster.spec.name.encode()).digest()
    return str(reserved[int.from_bytes(digest[:8]) % reserved.num_addresses])


def _address(cluster: AwsCluster, zone: str, output: str) -> Ref:
    return Ref(resource=cluster.keyed(roles.GATEWAY_ADDRESS, zone), output=output)


def _guard(cluster: AwsCluster) -> Ref:
    return Ref(resource=cluster.name(roles.GATEWAY_GUARD), output="id")


def _joined(texts: Iterable[LateText]) -> LateText:
    parts: list[LateText] = []
    for one in texts:
        parts += [",", one] if parts else [one]
    return text(*parts)
