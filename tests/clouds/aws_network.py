"""How the resources of a VPC become calls of EC2."""

from collections.abc import Mapping

from tests.clouds.aws_values import tag_list, tags_of, truth
from tests.support.cloud_calls import Resource, Row

_RULE: Mapping[str, Row] = {
    "securityGroupId": "GroupId",
    "ipProtocol": "IpPermissions[0].IpProtocol",
    "fromPort": "IpPermissions[0].FromPort",
    "toPort": "IpPermissions[0].ToPort",
    "cidrIpv4": "IpPermissions[0].IpRanges[0].CidrIp",
    "tags": ("TagSpecifications", tags_of("security-group-rule")),
}

NETWORK: Mapping[str, Resource] = {
    "aws:ec2/vpc:Vpc": Resource(
        calls={
            "": "ec2:CreateVpc",
            "support": "ec2:ModifyVpcAttribute",
            "hostnames": "ec2:ModifyVpcAttribute",
        },
        rows={
            "cidrBlock": "CidrBlock",
            "enableDnsSupport": "support:EnableDnsSupport.Value",
            "enableDnsHostnames": "hostnames:EnableDnsHostnames.Value",
            "tags": ("TagSpecifications", tags_of("vpc")),
        },
        always={"support:VpcId": "{id}", "hostnames:VpcId": "{id}"},
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": Resource(
        calls={"": "ec2:AssociateVpcCidrBlock"},
        rows={"vpcId": "VpcId", "cidrBlock": "CidrBlock"},
    ),
    "aws:ec2/subnet:Subnet": Resource(
        calls={"": "ec2:CreateSubnet", "public": "ec2:ModifySubnetAttribute"},
        rows={
            "vpcId": "VpcId",
            "cidrBlock": "CidrBlock",
            "availabilityZone": "AvailabilityZone",
            "mapPublicIpOnLaunch": "public:MapPublicIpOnLaunch.Value",
            "tags": ("TagSpecifications", tags_of("subnet")),
        },
        always={"public:SubnetId": "{id}"},
    ),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": Resource(
        calls={"": "ec2:CreateSubnetCidrReservation"},
        rows={
            "subnetId": "SubnetId",
            "cidrBlock": "Cidr",
            "reservationType": "ReservationType",
            "description": "Description",
        },
    ),
    "aws:ec2/internetGateway:InternetGateway": Resource(
        calls={"": "ec2:CreateInternetGateway", "attach": "ec2:AttachInternetGateway"},
        rows={
            "vpcId": "attach:VpcId",
            "tags": ("TagSpecifications", tags_of("internet-gateway")),
        },
        always={"attach:InternetGatewayId": "{id}"},
    ),
    "aws:ec2/routeTable:RouteTable": Resource(
        calls={"": "ec2:CreateRouteTable"},
        rows={"vpcId": "VpcId", "tags": ("TagSpecifications", tags_of("route-table"))},
    ),
    "aws:ec2/route:Route": Resource(
        calls={"": "ec2:CreateRoute"},
        rows={
            "routeTableId": "RouteTableId",
            "destinationCidrBlock": "DestinationCidrBlock",
            "gatewayId": "GatewayId",
            "natGatewayId": "NatGatewayId",
            "vpcPeeringConnectionId": "VpcPeeringConnectionId",
        },
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Resource(
        calls={"": "ec2:AssociateRouteTable"},
        rows={"routeTableId": "RouteTableId", "subnetId": "SubnetId"},
    ),
    "aws:ec2/eip:Eip": Resource(
        calls={"": "ec2:AllocateAddress"},
        rows={"domain": "Domain", "tags": ("TagSpecifications", tags_of("elastic-ip"))},
    ),
    "aws:ec2/natGateway:NatGateway": Resource(
        calls={"": "ec2:CreateNatGateway"},
        rows={
            "subnetId": "SubnetId",
            "allocationId": "AllocationId",
            "tags": ("TagSpecifications", tags_of("natgateway")),
        },
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Resource(
        calls={"": "ec2:CreateVpcEndpoint"},
        rows={
            "vpcId": "VpcId",
            "vpcEndpointType": "VpcEndpointType",
            "serviceName": "ServiceName",
            "routeTableIds.*": "RouteTableIds.*",
            "subnetIds.*": "SubnetIds.*",
            "securityGroupIds.*": "SecurityGroupIds.*",
            "privateDnsEnabled": "PrivateDnsEnabled",
            "tags": ("TagSpecifications", tags_of("vpc-endpoint")),
        },
    ),
    "aws:ec2/securityGroup:SecurityGroup": Resource(
        calls={"": "ec2:CreateSecurityGroup"},
        rows={
            "vpcId": "VpcId",
            "name": "GroupName",
            "description": "Description",
            "tags": ("TagSpecifications", tags_of("security-group")),
        },
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Resource(
        calls={"": "ec2:AuthorizeSecurityGroupIngress"}, rows=_RULE
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Resource(
        calls={"": "ec2:AuthorizeSecurityGroupEgress"}, rows=_RULE
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": Resource(
        calls={"": "ec2:CreateVpcPeeringConnection", "accept": "ec2:AcceptVpcPeeringConnection"},
        rows={
            "vpcId": "VpcId",
            "peerVpcId": "PeerVpcId",
            "peerOwnerId": "PeerOwnerId",
            "peerRegion": "PeerRegion",
            "autoAccept": "accept:",
            "tags": ("TagSpecifications", tags_of("vpc-peering-connection")),
        },
        always={"accept:VpcPeeringConnectionId": "{id}"},
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": Resource(
        calls={"": "ec2:AcceptVpcPeeringConnection", "tag": "ec2:CreateTags"},
        rows={
            "vpcPeeringConnectionId": "VpcPeeringConnectionId",
            "autoAccept": None,
            "tags": ("tag:Tags", tag_list),
        },
        always={"tag:Resources": ["{vpcPeeringConnectionId}"]},
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Resource(
        calls={"": "ec2:CreateLaunchTemplate"},
        rows={
            "name": "LaunchTemplateName",
            "updateDefaultVersion": None,
            "blockDeviceMappings[].deviceName": (
                "LaunchTemplateData.BlockDeviceMappings[].DeviceName"
            ),
            "blockDeviceMappings[].ebs.encrypted": (
                "LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted",
                truth,
            ),
            "blockDeviceMappings[].ebs.deleteOnTermination": (
                "LaunchTemplateData.BlockDeviceMappings[].Ebs.DeleteOnTermination",
                truth,
            ),
            "blockDeviceMappings[].ebs.volumeSize": (
                "LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeSize"
            ),
            "blockDeviceMappings[].ebs.volumeType": (
                "LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeType"
            ),
            "metadataOptions.httpEndpoint": "LaunchTemplateData.MetadataOptions.HttpEndpoint",
            "metadataOptions.httpTokens": "LaunchTemplateData.MetadataOptions.HttpTokens",
            "metadataOptions.httpPutResponseHopLimit": (
                "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit"
            ),
            "tagSpecifications[].resourceType": (
                "LaunchTemplateData.TagSpecifications[].ResourceType"
            ),
            "tagSpecifications[].tags": (
                "LaunchTemplateData.TagSpecifications[].Tags",
                tag_list,
            ),
            "tags": ("TagSpecifications", tags_of("launch-template")),
        },
    ),
}
"""Type -> its calls."""
