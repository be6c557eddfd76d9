"""What the stand-in of AWS refuses and replaces, as the real one does."""

from typing import Any

import pytest

from lab.plugins.cloud.store import Cloud, Record
from lab.plugins.contract import PluginError

from .cloud_caller import ACCOUNT, Caller

pytestmark = pytest.mark.contract

VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
GATEWAY, NAT, EIP = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/eip:Eip",
)
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EKS, NODES, ADDON = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"


@pytest.fixture
def aws(cloud: Cloud) -> Caller:
    return Caller("aws")


def test_aws_networks_go_from_the_inside_out(aws: Caller) -> None:
    vpc = aws.make(VPC, "vpc", cidrBlock="10.0.0.0/16")["id"]
    subnet = aws.make(SUBNET, "subnet", vpcId=vpc, cidrBlock="10.0.0.0/24")["id"]
    eip = aws.make(EIP, "eip", domain="vpc")["id"]
    nat = {"subnetId": subnet, "allocationId": eip}
    with pytest.raises(PluginError, match="has no Internet gateway attached"):
        aws.make(NAT, "nat", **nat)
    gateway = aws.make(GATEWAY, "gateway", vpcId=vpc)["id"]
    nat = aws.make(NAT, "nat", **nat)["id"]
    for type, id, told in (
        (VPC, vpc, "has dependencies and cannot be deleted: InternetGateway"),
        (SUBNET, subnet, "has dependencies and cannot be deleted: NatGateway"),
        (EIP, eip, "is in use: NatGateway"),
        (GATEWAY, gateway, "has some mapped public address"),
    ):
        with pytest.raises(PluginError, match=told):
            aws.delete(type, id)
    for type, id in ((NAT, nat), (EIP, eip), (GATEWAY, gateway), (SUBNET, subnet), (VPC, vpc)):
        aws.delete(type, id)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("10.9.0.0/24", "InvalidSubnet.Range"),
        ("10.0.0.0/25", "InvalidSubnet.Conflict"),
    ],
)
def test_aws_subnets_have_their_own_part_of_the_vpc(aws: Caller, block: str, told: str) -> None:
    vpc = aws.make(VPC, "vpc", cidrBlock="10.0.0.0/16")["id"]
    aws.make(SUBNET, "one", vpcId=vpc, cidrBlock="10.0.0.0/24")
    with pytest.raises(PluginError, match=told):
        aws.make(SUBNET, "other", vpcId=vpc, cidrBlock=block)


def _eks(aws: Caller, cloud: Cloud, **more: Any) -> dict[str, Any]:
    """A cluster in a network that somebody else made, and the role of everything."""
    subnets = [f"subnet-{zone}" for zone in "ab"]
    for zone, id in zip("ab", subnets, strict=True):
        outputs = {"vpcId": "vpc-given", "availabilityZone": zone, "cidrBlock": "10.0.0.0/24"}
        cloud.write(Record(type=SUBNET, id=id, place=ACCOUNT, outputs=outputs))
    role = aws.make(ROLE, "role", name="mesh", assumeRolePolicy="{}")
    arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    aws.make(POLICY, "policy", role="mesh", policyArn=arn)
    vpc = {"subnetIds": subnets}
    return aws.make(EKS, "eks", name="shop", roleArn=role["arn"], vpcConfig=vpc, **more)


def _nodes(eks: dict[str, Any]) -> dict[str, Any]:
    return {
        "clusterName": "shop",
        "nodeGroupName": "general",
        "nodeRoleArn": eks["roleArn"],
        "subnetIds": eks["vpcConfig"]["subnetIds"],
        "scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 1},
    }


def test_eks_goes_after_its_nodes_and_before_its_role(aws: Caller, cloud: Cloud) -> None:
    eks = _eks(aws, cloud)
    nodes = aws.make(NODES, "nodes", **_nodes(eks))["id"]
    with pytest.raises(PluginError, match="Cluster has nodegroups attached: NodeGroup shop:gen"):
        aws.delete(EKS, "shop")
    with pytest.raises(PluginError, match="must detach all policies first"):
        aws.delete(ROLE, "mesh")
    aws.delete(NODES, nodes)
    [policy] = cloud.all(POLICY)
    cloud.remove(policy)
    with pytest.raises(PluginError, match="lost its policies before the cluster was gone"):
        aws.delete(EKS, "shop")
    cloud.write(policy)
    group = eks["vpcConfig"]["clusterSecurityGroupId"]
    assert [one.id for one in cloud.all("aws:ec2/securityGroup:SecurityGroup")] == [group]
    aws.delete(EKS, "shop")
    assert cloud.all("aws:ec2/securityGroup:SecurityGroup") == []


def test_eks_refuses_what_the_real_one_refuses(aws: Caller, cloud: Cloud) -> None:
    eks = _eks(aws, cloud, deletionProtection=True)
    with pytest.raises(PluginError, match="has deletion protection enabled"):
        aws.delete(EKS, "shop")
    with pytest.raises(PluginError, match="Cluster already exists with name: shop"):
        aws.make(EKS, "again", **{key: eks[key] for key in ("name", "roleArn", "vpcConfig")})
    with pytest.raises(PluginError, match="last state: 'DEGRADED'"):
        aws.make(ADDON, "dns", clusterName="shop", addonName="coredns")
    with pytest.raises(PluginError, match="Cluster lost not found"):
        aws.make(ADDON, "cni", clusterName="lost", addonName="vpc-cni")
    sizes = {"minSize": 3, "desiredSize": 1, "maxSize": 3}
    with pytest.raises(PluginError, match="desired capacity must be between min and max"):
        aws.make(NODES, "nodes", **{**_nodes(eks), "scalingConfig": sizes})


def test_nodes_without_a_way_out_never_join(aws: Caller, cloud: Cloud) -> None:
    eks = _eks(aws, cloud)
    vpc = aws.make(VPC, "vpc", cidrBlock="10.1.0.0/16")["id"]
    subnet = aws.make(SUBNET, "subnet", vpcId=vpc, cidrBlock="10.1.0.0/24")["id"]
    with pytest.raises(PluginError, match="Instances failed to join the kubernetes cluster"):
        aws.make(NODES, "nodes", **{**_nodes(eks), "subnetIds": [subnet]})
    gateway = aws.make(GATEWAY, "gateway", vpcId=vpc)["id"]
    table = aws.make("aws:ec2/routeTable:RouteTable", "table", vpcId=vpc)["id"]
    way = {"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway}
    aws.make("aws:ec2/route:Route", "route", **way)
    aws.make(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "association",
        subnetId=subnet,
        routeTableId=table,
    )
    aws.make(NODES, "nodes", **{**_nodes(eks), "subnetIds": [subnet]})


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"version": "1.34"}, {"version": "1.35"}, False),
        ({"name": "shop"}, {"name": "store"}, True),
        ({}, {"encryptionConfig": {"provider": {"keyArn": "a"}}}, False),
        ({"encryptionConfig": {"provider": {"keyArn": "a"}}}, {}, True),
        (
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.1.0.0/20"}},
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.2.0.0/20"}},
            True,
        ),
        ({"vpcConfig": {"subnetIds": ["a"]}}, {"vpcConfig": {"subnetIds": ["a", "b"]}}, False),
    ],
)
def test_eks_is_replaced_for_what_the_real_one_is(
    aws: Caller, old: dict[str, Any], new: dict[str, Any], replaces: bool
) -> None:
    changes = aws.diff(EKS, old, new)
    assert [change.replaces for change in changes.values()] == [replaces]
