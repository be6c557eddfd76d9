"""A cloud in a folder, and stacks over it: what the tests of the cloud plugins share."""

import base64
import json
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.plugins.cloud.store import FOLDER, Cloud
from tests.support.engine import Engine
from tests.support.engine_result import Result

AWS = """\
import pulumi
import pulumi_aws as aws

provider = aws.Provider(
    "aws", region="eu-central-1", allowed_account_ids=["111122223333"],
    default_tags={"tags": {"owner": "mesh"}})
opts = pulumi.ResourceOptions(provider=provider)
"""
GCP = """\
import pulumi
import pulumi_gcp as gcp

provider = gcp.Provider("gcp", project="acme-eu", region="europe-west3")
opts = pulumi.ResourceOptions(provider=provider)
"""

EKS = """\
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=opts)
table = aws.ec2.RouteTable("table", vpc_id=vpc.id, opts=opts)
route = aws.ec2.Route("route", route_table_id=table.id, gateway_id=gateway.id,
                      destination_cidr_block="0.0.0.0/0", opts=opts)
subnets, ways = [], [route]
for index, zone in enumerate("ab"):
    subnets.append(aws.ec2.Subnet(
        f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24",
        availability_zone=f"eu-central-1{zone}", opts=opts))
    ways.append(aws.ec2.RouteTableAssociation(
        f"way-{zone}", subnet_id=subnets[-1].id, route_table_id=table.id, opts=opts))
address = aws.ec2.Eip("address", domain="vpc", opts=opts)
role = aws.iam.Role("role", assume_role_policy="{}", opts=opts)
policy = aws.iam.RolePolicyAttachment(
    "policy", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    opts=opts)
cluster = aws.eks.Cluster(
    "cluster", name="shop", role_arn=role.arn, version="1.35",
    vpc_config={"subnet_ids": [one.id for one in subnets]},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[policy]))
template = aws.ec2.LaunchTemplate("template", name_prefix="shop", opts=opts)
nodes = aws.eks.NodeGroup(
    "nodes", node_group_name="general", cluster_name=cluster.name, node_role_arn=role.arn,
    subnet_ids=[one.id for one in subnets], scaling_config={
        "min_size": 1, "desired_size": 1, "max_size": MOST},
    launch_template={"id": template.id, "version": template.latest_version},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=ways))
pulumi.export("endpoint", cluster.endpoint)
pulumi.export("authority", cluster.certificate_authority.data)
pulumi.export("group", cluster.vpc_config.cluster_security_group_id)
pulumi.export("issuer", cluster.identities[0].oidcs[0].issuer)
pulumi.export("address", address.public_ip)
"""

GKE = """\
services = [gcp.projects.Service(name, service=f"{name}.googleapis.com", opts=opts)
            for name in ("compute", "container", "iam")]
ready = pulumi.ResourceOptions(provider=provider, depends_on=services)
network = gcp.compute.Network("network", auto_create_subnetworks=False, opts=ready)
subnetwork = gcp.compute.Subnetwork(
    "subnetwork", network=network.id, ip_cidr_range="10.0.0.0/20", region="europe-west3",
    secondary_ip_ranges=[
        {"range_name": "pods", "ip_cidr_range": "10.4.0.0/14"},
        {"range_name": "services", "ip_cidr_range": "10.8.0.0/20"}], opts=opts)
address = gcp.compute.Address("address", region="europe-west3", opts=ready)
cluster = gcp.container.Cluster(
    "cluster", name="pay", location="europe-west3", network=network.id,
    subnetwork=subnetwork.id, initial_node_count=1, remove_default_node_pool=True,
    ip_allocation_policy={"cluster_secondary_range_name": "pods",
                          "services_secondary_range_name": "services"},
    deletion_protection=PROTECTED, opts=ready)
nodes = gcp.container.NodePool(
    "nodes", name="general", cluster=cluster.id, location="europe-west3",
    autoscaling={"total_min_node_count": 1, "total_max_node_count": 3}, opts=opts)
pulumi.export("endpoint", cluster.endpoint)
pulumi.export("authority", cluster.master_auth.cluster_ca_certificate)
pulumi.export("address", address.address)
"""


@dataclass
class CloudStack:
    """One stack over a cloud of its own."""

    engine: Engine
    cloud: Cloud
    program: Path
    config: dict[str, Any] = field(
        default_factory=lambda: {"pulumi:disable-default-providers": ["*"]}
    )

    def write(self, body: str) -> None:
        """Make `body` the program."""
        self.program.mkdir(parents=True, exist_ok=True)
        (self.program / "__main__.py").write_text(textwrap.dedent(body))
        if not self.engine.folder.exists():
            self.engine.init(self.config)

    def up(self, body: str) -> Result:
        """Run `up`, and leave the judgement to the caller."""
        self.write(body)
        return self.engine.up()

    def preview(self, body: str) -> Result:
        """Run `preview`; it must succeed."""
        self.write(body)
        return self.engine.preview().check()

    def preview_refused(self, body: str) -> str:
        """Run `preview`, which must fail; returns what the user reads."""
        self.write(body)
        refused = self.engine.preview()
        assert refused.returncode != 0
        return refused.output


def pretend(cloud: Cloud, *clusters: str) -> None:
    """Say where the API servers of clusters are; nobody is there, and nobody asks them."""
    cloud.serve({name: _kubeconfig(cloud, name) for name in clusters})


def _kubeconfig(cloud: Cloud, name: str) -> Path:
    def encoded(what: str) -> str:
        return base64.b64encode(f"{what} of {name}".encode()).decode()

    content = {
        "clusters": [
            {
                "cluster": {
                    "server": f"https://{name}.example:6443",
                    "certificate-authority-data": encoded("authority"),
                }
            }
        ],
        "users": [
            {
                "user": {
                    "client-certificate-data": encoded("certificate"),
                    "client-key-data": encoded("key"),
                }
            }
        ],
    }
    path = cloud.folder / f"{name}.kubeconfig"
    path.write_text(json.dumps(content))
    return path


def environment(folder: Path) -> dict[str, str]:
    """What an engine needs to find the cloud."""
    return {FOLDER: str(folder)}
