"""What the tables of the cloud plugins say is true of the official SDKs, and enough to refuse."""

import asyncio
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lab.plugins.aws.kinds import KINDS as AWS
from lab.plugins.aws.plugin import AwsPlugin
from lab.plugins.cloud import extract, login
from lab.plugins.cloud.clusters import api_server
from lab.plugins.cloud.model import Kind
from lab.plugins.cloud.store import FOLDER, Cloud, Record
from lab.plugins.contract import Call, Change, PluginError, Session, Severity
from lab.plugins.gcp.kinds import KINDS as GCP
from lab.plugins.gcp.plugin import GcpPlugin

from .cloud_programs import pretend

pytestmark = pytest.mark.contract

ACCOUNT, PROJECT = "111122223333", "acme-eu"
PLUGINS = {"aws": AwsPlugin, "gcp": GcpPlugin}
KINDS = {**AWS, **GCP}


class Caller:
    """Calls a plugin's handlers as the engine does, and says what came of it."""

    def __init__(self, package: str) -> None:
        self.plugin = PLUGINS[package](Session(log=_say, stop=asyncio.Event()))
        config: dict[str, Any] = {"project": PROJECT, "region": "europe-west3"}
        if package == "aws":
            config = {"region": "us-west-2", "allowedAccountIds": json.dumps([ACCOUNT])}
        asyncio.run(self.plugin.configure(config))

    def make(self, type: str, name: str, /, **inputs: Any) -> dict[str, Any]:
        """Create a resource; returns its outputs with the id."""
        call = Call(urn=f"urn:{name}", type=type, name=name, inputs=inputs)
        checked = asyncio.run(self.plugin.handler(type).check(call))
        assert checked.failures == []
        call = Call(urn=call.urn, type=type, name=name, inputs=checked.inputs)
        made = asyncio.run(self.plugin.handler(type).create(call))
        return {**made.outputs, "id": made.id}

    def delete(self, type: str, id: str) -> None:
        """Delete a resource."""
        call = Call(urn=f"urn:{id}", type=type, name=id, id=id)
        asyncio.run(self.plugin.handler(type).delete(call))

    def diff(self, type: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Change]:
        """What a change of inputs comes to, by path."""
        call = Call(urn="urn", type=type, name="n", inputs=new, old_inputs=old, old=old)
        return dict(asyncio.run(self.plugin.handler(type).diff(call)).changes)


async def _say(severity: Severity, message: str, urn: str = "", *, ephemeral: bool = False) -> None:
    raise AssertionError(message)


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    made = Cloud(tmp_path)
    pretend(made, "shop", "pay")
    return made


@pytest.fixture
def aws(cloud: Cloud) -> Caller:
    return Caller("aws")


@pytest.fixture
def gcp(cloud: Cloud) -> Caller:
    return Caller("gcp")


@pytest.mark.parametrize("package", PLUGINS)
def test_versions_and_shapes_are_those_of_the_sdk(package: str) -> None:
    from importlib.metadata import version

    assert PLUGINS[package].version == version(f"pulumi-{package}")
    kinds = import_module(f"lab.plugins.{package}.kinds").KINDS
    fresh = extract.text(extract.Extraction(package).read(kinds))
    assert extract.path(package).read_text() == fresh, "run python -m lab.plugins.cloud.extract"


@pytest.mark.parametrize("type", KINDS)
def test_a_table_names_only_what_the_type_has(type: str) -> None:
    shapes = PLUGINS[type.split(":")[0]].shapes
    kind = KINDS[type]
    inputs, outputs = shapes.inputs(type), shapes.outputs(type)
    assert set(_named_inputs(kind)) <= inputs
    assert {path.split(".")[0] for path in kind.outputs} <= inputs | outputs
    assert {link.to for link in kind.links} <= set(KINDS)


def _named_inputs(kind: Kind) -> Iterator[str]:
    paths = (*kind.replaces, *kind.keeps, *kind.defaults, *kind.unique, *kind.choices)
    for path in (*paths, *(link.path for link in kind.links), *sum(kind.alternatives, ())):
        yield re.split(r"[.\[]", path)[0]
    if kind.named:
        yield kind.named


VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
GATEWAY, NAT, EIP = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/eip:Eip",
)
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EKS, NODES, ADDON = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"


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


GKE, POOL = "gcp:container/cluster:Cluster", "gcp:container/nodePool:NodePool"
NETWORK, SUBNETWORK = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
ADDRESS, SERVICE = "gcp:compute/address:Address", "gcp:projects/service:Service"


def _gke(gcp: Caller) -> dict[str, Any]:
    for api in ("compute", "container"):
        gcp.make(SERVICE, api, service=f"{api}.googleapis.com", project=PROJECT)
    network = gcp.make(NETWORK, "network", name="n", autoCreateSubnetworks=False)["id"]
    ranges = [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"}]
    where = {"network": network, "region": "europe-west3"}
    subnetwork = gcp.make(
        SUBNETWORK, "subnetwork", name="s", ipCidrRange="10.0.0.0/20", **where,
        secondaryIpRanges=ranges,
    )  # fmt: skip
    pods = {"ipAllocationPolicy": {"clusterSecondaryRangeName": "pods"}}
    where = {"network": network, "subnetwork": subnetwork["selfLink"], "location": "europe-west3"}
    return gcp.make(GKE, "gke", name="pay", deletionProtection=False, **pods, **where)


def test_gke_goes_after_its_nodes_and_before_its_network(gcp: Caller, cloud: Cloud) -> None:
    gke = _gke(gcp)
    pool = gcp.make(POOL, "pool", name="general", cluster=gke["id"])["id"]
    internal = {"addressType": "INTERNAL", "subnetwork": gke["subnetwork"]}
    address = gcp.make(ADDRESS, "address", name="a", region="europe-west3", **internal)["id"]
    network, subnetwork = (cloud.named(name).id for name in ("network", "subnetwork"))
    for type, id, told in (
        (GKE, gke["id"], "has node pools: NodePool"),
        (SUBNETWORK, subnetwork, "already being used by: Address .*, Cluster"),
        (NETWORK, network, "already being used by: Cluster .*, Subnetwork"),
    ):
        with pytest.raises(PluginError, match=told):
            gcp.delete(type, id)
    for type, id in ((POOL, pool), (GKE, gke["id"]), (ADDRESS, address)):
        gcp.delete(type, id)
    gcp.delete(SUBNETWORK, subnetwork)
    gcp.delete(NETWORK, network)


def test_gke_refuses_what_the_real_one_refuses(gcp: Caller) -> None:
    with pytest.raises(PluginError, match=r"compute\.googleapis\.com has not been used"):
        gcp.make(NETWORK, "early", name="early")
    gke = _gke(gcp)
    taken = {key: gke[key] for key in ("network", "subnetwork", "location", "ipAllocationPolicy")}
    with pytest.raises(PluginError, match="range 'pods' already in use"):
        gcp.make(GKE, "two", name="two", **taken)
    taken["ipAllocationPolicy"] = {"clusterSecondaryRangeName": "none"}
    with pytest.raises(PluginError, match="secondary range 'none' not found"):
        gcp.make(GKE, "two", name="two", **taken)
    overlapping = {"network": gke["network"], "region": "us-central1", "ipCidrRange": "10.5.0.0/20"}
    with pytest.raises(PluginError, match="conflicts with existing subnetwork"):
        gcp.make(SUBNETWORK, "other", name="other", **overlapping)


def test_an_exec_plugin_answers_for_the_cluster_it_is_asked_for(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--region", "us-west-2", "--output", "json", "eks", "get-token"]
    asked += ["--cluster-name", "shop", "--role-arn", "arn:aws:iam::1:role/mesh"]
    assert login.answer("aws", asked)["status"] == {
        "clientCertificateData": "certificate of shop",
        "clientKeyData": "key of shop",
    }
    with pytest.raises(PluginError, match="no API server for the cluster 'lost'"):
        login.answer("aws", ["eks", "get-token", "--cluster-name", "lost"])
    with pytest.raises(PluginError, match="needs provideClusterInfo"):
        login.answer("gke-gcloud-auth-plugin", [])
    info = {"apiVersion": "v", "spec": {"cluster": {"server": api_server(cloud, "pay").server}}}
    monkeypatch.setenv("KUBERNETES_EXEC_INFO", json.dumps(info))
    answered = login.answer("gke-gcloud-auth-plugin", [])
    assert answered["status"]["clientKeyData"] == "key of pay"
    assert answered["apiVersion"] == "v"
