"""What EC2 refuses beyond missing references: ranges, doubles, and the order of some types."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Final

from lab.plugins.cloud.model import Making
from lab.plugins.cloud.store import Cloud, Record

VPC: Final = "aws:ec2/vpc:Vpc"
BLOCK: Final = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
SUBNET: Final = "aws:ec2/subnet:Subnet"
GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
TABLE: Final = "aws:ec2/routeTable:RouteTable"
ROUTE: Final = "aws:ec2/route:Route"
ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
EIP: Final = "aws:ec2/eip:Eip"
NAT: Final = "aws:ec2/natGateway:NatGateway"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER: Final = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"

_EVERYWHERE: Final = "0.0.0.0/0"


def _blocks(cloud: Cloud, vpc: str) -> list[ipaddress.IPv4Network]:
    """Every range of a VPC."""
    found = cloud.find(VPC, vpc)
    more = [one for one in cloud.all(BLOCK) if one.outputs["vpcId"] == vpc]
    return [
        ipaddress.IPv4Network(one.outputs["cidrBlock"]) for one in ([found] if found else []) + more
    ]


def range_is_free(making: Making) -> str:
    """Subnets lie inside their VPC and don't overlap."""
    wanted, vpc = ipaddress.IPv4Network(making.inputs["cidrBlock"]), making.inputs["vpcId"]
    if not any(wanted.subnet_of(block) for block in _blocks(making.cloud, vpc)):
        return f"InvalidSubnet.Range: The CIDR '{wanted}' is invalid."
    for one in making.cloud.all(SUBNET):
        if one.outputs["vpcId"] == vpc and wanted.overlaps(
            ipaddress.IPv4Network(one.outputs["cidrBlock"])
        ):
            return f"InvalidSubnet.Conflict: The CIDR '{wanted}' conflicts with another subnet"
    return ""


def block_is_empty(cloud: Cloud, record: Record) -> str:
    """A range can't go while subnets take their addresses from it."""
    block = ipaddress.IPv4Network(record.outputs["cidrBlock"])
    for one in cloud.all(SUBNET):
        if one.outputs["vpcId"] == record.outputs["vpcId"] and ipaddress.IPv4Network(
            one.outputs["cidrBlock"]
        ).subnet_of(block):
            return f"OperationNotPermitted: {record.id} is in use: {one}"
    return ""


def lies_in_subnet(making: Making) -> str:
    """A reservation takes a part of its subnet."""
    subnet = making.cloud.find(SUBNET, making.inputs["subnetId"])
    wanted = ipaddress.IPv4Network(making.inputs["cidrBlock"])
    if subnet and wanted.subnet_of(ipaddress.IPv4Network(subnet.outputs["cidrBlock"])):
        return ""
    return f"InvalidSubnetCidrReservation: {wanted} is not within {making.inputs['subnetId']}"


def _vpc_of_gateway(cloud: Cloud, nat: Mapping[str, str]) -> str | None:
    subnet = cloud.find(SUBNET, nat.get("subnetId") or "")
    return subnet.outputs["vpcId"] if subnet else nat.get("vpcId")


def is_attached(making: Making) -> str:
    """A public NAT gateway needs the internet gateway of its VPC."""
    vpc = _vpc_of_gateway(making.cloud, making.inputs)
    if making.inputs["connectivityType"] == "private":
        return ""
    attached = any(one.outputs.get("vpcId") == vpc for one in making.cloud.all(GATEWAY))
    return (
        "" if attached else f"Gateway.NotAttached: Network {vpc} has no Internet gateway attached"
    )


def nat_mode_fits(making: Making) -> str:
    if making.inputs["availabilityMode"] == "regional":
        wrong = [key for key in ("subnetId", "allocationId") if making.inputs.get(key)]
        return f"{wrong[0]} is not supported with availability mode regional" if wrong else ""
    return "" if making.inputs.get("subnetId") else "MissingParameter: subnetId"


def address_is_free(making: Making) -> str:
    wanted = making.inputs.get("allocationId")
    for one in making.cloud.all(NAT):
        if wanted and one.outputs.get("allocationId") == wanted:
            return f"Resource.AlreadyAssociated: Elastic IP address [{wanted}] is in use: {one}"
    return ""


def no_mapped_addresses(cloud: Cloud, record: Record) -> str:
    """An internet gateway can't be detached below public addresses."""
    for nat in cloud.all(NAT):
        if _vpc_of_gateway(cloud, nat.outputs) == record.outputs["vpcId"]:
            return (
                f"DependencyViolation: Network {record.outputs['vpcId']} has some mapped public "
                f"address(es). Please unmap those public address(es) before detaching the gateway: "
                f"{nat}"
            )
    return ""


def ranges_differ(making: Making) -> str:
    ends = [_blocks(making.cloud, making.inputs[key]) for key in ("vpcId", "peerVpcId")]
    if any(mine.overlaps(yours) for mine in ends[0] for yours in ends[1]):
        return "The VPCs of a peering connection can't have overlapping ranges"
    return ""


def one_source(making: Making) -> str:
    keys = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    if sum(making.inputs.get(key) is not None for key in keys) != 1:
        return f"exactly one of {', '.join(keys)} must be given"
    ports = [making.inputs.get(key) is not None for key in ("fromPort", "toPort")]
    if making.inputs["ipProtocol"] == "-1":
        return "no ports go with protocol -1" if any(ports) else ""
    return "" if all(ports) else "fromPort and toPort must be given"


def rules_double(making: Making) -> str:
    keys = ("securityGroupId", "cidrIpv4", "referencedSecurityGroupId", "prefixListId")
    keys = (*keys, "ipProtocol", "fromPort", "toPort")
    wanted = [making.inputs.get(key) for key in keys]
    if any(
        [one.outputs.get(key) for key in keys] == wanted for one in making.cloud.all(making.type)
    ):
        return "InvalidPermission.Duplicate: the specified rule already exists"
    return ""


def peer_ends(making: Making) -> Iterator[tuple[str, str]]:
    connection = making.cloud.find(PEERING, making.inputs["vpcPeeringConnectionId"])
    if connection:
        yield "vpcId", connection.outputs["peerVpcId"]
        yield "peerVpcId", connection.outputs["vpcId"]


def leads_out(cloud: Cloud, subnet: str) -> bool:
    """Whether nodes in a subnet reach the control plane's public names: a default route."""
    found = cloud.find(SUBNET, subnet)
    if found is None or not found.urn:
        return True  # a given network is somebody else's concern
    tables = [
        one.outputs["routeTableId"]
        for one in cloud.all(ASSOCIATION)
        if one.outputs.get("subnetId") == subnet
    ]
    routes = [one.outputs for one in cloud.all(ROUTE) if one.outputs["routeTableId"] in tables]
    vpc = found.outputs["vpcId"]
    endpoints = [one.outputs for one in cloud.all(ENDPOINT) if one.outputs["vpcId"] == vpc]
    return any(one.get("destinationCidrBlock") == _EVERYWHERE for one in routes) or any(
        one["serviceName"].endswith((".eks", ".ec2")) for one in endpoints
    )
