"""EC2's networking: what each type gives, what it needs, what must be gone before it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind, Link

from . import forms
from . import network_rules as rules
from .network_rules import (
    ACCEPTER,
    ASSOCIATION,
    BLOCK,
    EIP,
    ENDPOINT,
    GATEWAY,
    GROUP,
    NAT,
    PEERING,
    ROUTE,
    SUBNET,
    TABLE,
    VPC,
)

_IN_VPC: Final = Link(path="vpcId", to=VPC)
_TABLE: Final = Link(path="routeTableId", to=TABLE)
_ROUTE_TARGETS: Final = (
    *("carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId"),
    *("natGatewayId", "networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId"),
    "vpcPeeringConnectionId",
)
_DESTINATIONS: Final = (
    "destinationCidrBlock",
    "destinationIpv6CidrBlock",
    "destinationPrefixListId",
)


def _rule(prefix: str) -> Kind:
    return Kind(
        id=forms.numbered(prefix),
        outputs={
            "securityGroupRuleId": forms.the_id,
            "arn": forms.arn("ec2", "security-group-rule/{id}"),
        },
        replaces=("securityGroupId",),
        links=(
            Link(path="securityGroupId", to=GROUP, holds=False),
            Link(path="referencedSecurityGroupId", to=GROUP),
        ),
        rules=(rules.one_source, rules.rules_double),
    )


_DEPENDENCIES: Final = "has dependencies and cannot be deleted"

KINDS: Final[Mapping[str, Kind]] = {
    VPC: Kind(
        id=forms.numbered("vpc"),
        outputs={
            "arn": forms.arn("ec2", "vpc/{id}"),
            "ownerId": forms.account,
            "mainRouteTableId": forms.numbered("rtb"),
            "defaultRouteTableId": forms.output("mainRouteTableId"),
            "defaultSecurityGroupId": forms.numbered("sg"),
            "defaultNetworkAclId": forms.numbered("acl"),
            "dhcpOptionsId": forms.numbered("dopt"),
        },
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        replaces=("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
        in_use=f"DependencyViolation: The vpc '{{id}}' {_DEPENDENCIES}",
    ),
    BLOCK: Kind(
        id=forms.numbered("vpc-cidr-assoc"),
        replaces=("vpcId", "cidrBlock"),
        links=(_IN_VPC,),
        guards=(rules.block_is_empty,),
    ),
    SUBNET: Kind(
        id=forms.numbered("subnet"),
        outputs={"arn": forms.arn("ec2", "subnet/{id}"), "ownerId": forms.account},
        defaults={"mapPublicIpOnLaunch": False},
        replaces=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"),
        links=(_IN_VPC,),
        rules=(rules.range_is_free,),
        in_use=f"DependencyViolation: The subnet '{{id}}' {_DEPENDENCIES}",
    ),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": Kind(
        id=forms.numbered("scr"),
        outputs={"ownerId": forms.account},
        replaces=("subnetId", "cidrBlock", "reservationType"),
        links=(Link(path="subnetId", to=SUBNET, holds=False),),
        rules=(rules.lies_in_subnet,),
        choices={"reservationType": ("prefix", "explicit")},
    ),
    GATEWAY: Kind(
        id=forms.numbered("igw"),
        outputs={"arn": forms.arn("ec2", "internet-gateway/{id}"), "ownerId": forms.account},
        links=(_IN_VPC,),
        unique=("vpcId",),
        guards=(rules.no_mapped_addresses,),
        in_use="DependencyViolation: '{id}' is the target of routes",
    ),
    TABLE: Kind(
        id=forms.numbered("rtb"),
        outputs={"arn": forms.arn("ec2", "route-table/{id}"), "ownerId": forms.account},
        replaces=("vpcId",),
        links=(_IN_VPC,),
        in_use=f"DependencyViolation: The routeTable '{{id}}' {_DEPENDENCIES}",
    ),
    ROUTE: Kind(
        id=lambda making: f"r-{making.inputs['routeTableId']}{making.hex(10)}",
        outputs={"origin": lambda _: "CreateRoute", "state": lambda _: "active"},
        replaces=("routeTableId", *_DESTINATIONS),
        links=(
            # Routes go with their table; a target only loses its traffic.
            Link(path="routeTableId", to=TABLE, holds=False),
            Link(path="gatewayId", to=GATEWAY, holds=False, foreign="local"),
            Link(path="natGatewayId", to=NAT, holds=False),
            Link(path="vpcPeeringConnectionId", to=PEERING, holds=False),
        ),
        unique=("routeTableId", "destinationCidrBlock"),
        alternatives=(_ROUTE_TARGETS, _DESTINATIONS),
    ),
    ASSOCIATION: Kind(
        id=forms.numbered("rtbassoc"),
        replaces=("subnetId", "gatewayId"),
        links=(_TABLE, Link(path="subnetId", to=SUBNET)),
        unique=("subnetId",),
        alternatives=(("subnetId", "gatewayId"),),
    ),
    EIP: Kind(
        id=forms.numbered("eipalloc"),
        outputs={
            "allocationId": forms.the_id,
            "publicIp": forms.public_address,
            "arn": forms.arn("ec2", "elastic-ip/{id}"),
        },
        replaces=("domain", "networkBorderGroup", "publicIpv4Pool", "address"),
        in_use="AuthFailure: Elastic IP address {id} is in use",
    ),
    NAT: Kind(
        id=forms.numbered("nat"),
        outputs={
            "publicIp": forms.public_address,
            "networkInterfaceId": forms.numbered("eni"),
            "privateIp": forms.private_address,
        },
        defaults={"connectivityType": "public", "availabilityMode": "zonal"},
        replaces=("subnetId", "allocationId", "connectivityType", "availabilityMode", "vpcId"),
        links=(
            Link(path="subnetId", to=SUBNET),
            _IN_VPC,
            Link(path="allocationId", to=EIP),
            Link(path="availabilityZoneAddresses[*].allocationIds[*]", to=EIP),
        ),
        rules=(rules.nat_mode_fits, rules.is_attached, rules.address_is_free),
    ),
    ENDPOINT: Kind(
        id=forms.numbered("vpce"),
        outputs={
            "arn": forms.arn("ec2", "vpc-endpoint/{id}"),
            "ownerId": forms.account,
            "state": lambda _: "available",
        },
        defaults={"vpcEndpointType": "Gateway"},
        replaces=("vpcId", "serviceName", "vpcEndpointType"),
        links=(
            _IN_VPC,
            Link(path="routeTableIds[*]", to=TABLE),
            Link(path="subnetIds[*]", to=SUBNET),
            Link(path="securityGroupIds[*]", to=GROUP),
        ),
    ),
    GROUP: Kind(
        id=forms.numbered("sg"),
        outputs={"arn": forms.arn("ec2", "security-group/{id}"), "ownerId": forms.account},
        defaults={"description": "Managed by Pulumi"},
        replaces=("name", "namePrefix", "description", "vpcId"),
        links=(_IN_VPC,),
        named="name",
        unique=("vpcId", "name"),
        in_use="DependencyViolation: resource {id} has a dependent object",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("sgr"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("sgr"),
    PEERING: Kind(
        id=forms.numbered("pcx"),
        outputs={
            "acceptStatus": lambda making: (
                "active" if making.inputs.get("autoAccept") else "pending-acceptance"
            )
        },
        replaces=("vpcId", "peerVpcId", "peerOwnerId", "peerRegion"),
        links=(_IN_VPC, Link(path="peerVpcId", to=VPC)),
        unique=("vpcId", "peerVpcId"),
        rules=(rules.ranges_differ,),
    ),
    ACCEPTER: Kind(
        id=forms.given("vpcPeeringConnectionId"),
        outputs={
            "acceptStatus": lambda _: "active",
            "vpcId": lambda making: dict(rules.peer_ends(making)).get("vpcId"),
            "peerVpcId": lambda making: dict(rules.peer_ends(making)).get("peerVpcId"),
        },
        replaces=("vpcPeeringConnectionId",),
        links=(Link(path="vpcPeeringConnectionId", to=PEERING, holds=False),),
    ),
}
