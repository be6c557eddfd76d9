"""Documents with clusters on AWS, whole enough to break no rule."""

from collections.abc import Mapping
from typing import Any

from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan, GatewayPlan
from meshtier.plan.resources import ResourcePlan
from meshtier.spec.load import load

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/platform"
OFFICE = "198.51.100.0/24"

WITHOUT_NAT = {
    "nat": "none",
    "endpoints": ["s3", "ec2", "ecr.api", "ecr.dkr", "sts", "eks-auth", "elasticloadbalancing"],
}
"""A network whose nodes reach AWS and nothing else."""

ADDON_VERSIONS = {
    "aws-ebs-csi-driver": "v1.52.1-eksbuild.1",
    "coredns": "v1.12.4-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.9-eksbuild.3",
    "kube-proxy": "v1.35.0-eksbuild.2",
    "vpc-cni": "v1.20.4-eksbuild.2",
}


def aws_cluster(
    mesh_network: str,
    number: int,
    *,
    addresses: Mapping[str, Any] | None = None,
    gateway: Mapping[str, Any] | None = None,
    **cloud: Any,
) -> dict[str, Any]:
    """Return the block of a user cluster on AWS; `number` tells its ranges from others'."""
    ranges = {"nodes": f"10.{number}.0.0/16", "services": f"172.20.{number * 4 % 256}.0/22"}
    block = {
        "account": ACCOUNT,
        "region": "eu-central-1",
        "admin": ADMIN,
        "endpoint": {"ranges": [OFFICE]},
        "addons": {name: {"version": version} for name, version in ADDON_VERSIONS.items()},
        "nodes": {"general": {}},
    }
    return {
        "cloud": {"aws": {**block, **cloud}},
        "addresses": ranges if addresses is None else dict(addresses),
        "mesh": {"network": mesh_network, **({"gateway": dict(gateway)} if gateway else {})},
    }


def aws_document(
    clusters: Mapping[str, Mapping[str, Any]], *, peered: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return a document with an existing master and seed, and these user clusters."""
    networks = {block["mesh"]["network"]: {} for block in clusters.values()}
    for name, others in (peered or {}).items():
        networks[name] = {"peeredWith": others}
    return {
        "mesh": {
            "id": "acme",
            "trustDomain": "acme.example",
            "istio": {"version": "1.31.1"},
            "networks": networks,
        },
        "master": {"name": "hq", "cloud": {"existing": {"kubeconfig": "hq.yaml"}}},
        "seeds": {
            "eu": {
                "cloud": {"existing": {"kubeconfig": "eu.yaml"}},
                "userClusters": {name: dict(block) for name, block in clusters.items()},
            }
        },
    }


def _node_groups() -> dict[str, Any]:
    return {
        "general": {"types": ["m7i.large", "m6i.large"], "min": 3, "max": 9, "desired": 4},
        "batch": {
            "spot": True,
            "min": 0,
            "labels": {"workload": "batch"},
            "taints": [{"key": "batch", "value": "yes", "effect": "NoSchedule"}],
        },
    }


def rich_aws_document() -> dict[str, Any]:
    """Return a document in which nearly every setting of AWS is used.

    `shop` and `pay` are on one network in two regions, peered; `stock` shares the VPC of `shop`;
    `till` is across the internet, in another account, with a range of its own for pods.
    """
    shop = aws_cluster(
        "eu",
        32,
        nodes=_node_groups(),
        encryptionKey=f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        logs=["api", "audit"],
        support="extended",
        access={
            "developers": {
                "principal": f"arn:aws:iam::{ACCOUNT}:role/developers",
                "policy": "view",
                "namespaces": ["shop"],
            }
        },
        tags={"owner": "platform"},
    )
    pay = aws_cluster(
        "eu",
        33,
        region="eu-west-1",
        network={"create": {"nat": "single", "endpoints": ["s3", "sts"]}},
    )
    stock = aws_cluster(
        "eu", 34, network={"sharedWith": "shop"}, addresses={"services": "172.21.0.0/22"}
    )
    till = aws_cluster(
        "us",
        35,
        account=OTHER_ACCOUNT,
        region="us-east-1",
        zones=["us-east-1b", "us-east-1d"],
        identity="irsa",
        addresses={
            "nodes": "10.35.0.0/20",
            "pods": "100.64.0.0/16",
            "services": "172.22.0.0/22",
        },
    )
    return aws_document({"pay": pay, "shop": shop, "stock": stock, "till": till})


def peered_aws_document(**shop: Any) -> dict[str, Any]:
    """Return two networks that are routed to each other, so that both gateways are internal."""
    clusters = {"shop": aws_cluster("eu", 32, **shop), "pay": aws_cluster("pay", 33)}
    return aws_document(clusters, peered={"eu": ["pay"]})


def alone_aws_document(**shop: Any) -> dict[str, Any]:
    """Return a document with one cluster, without peers and without a gateway."""
    return aws_document({"shop": aws_cluster("eu", 32, **shop)})


def planned(document: Mapping[str, Any], name: str = "test") -> EnvironmentPlan:
    """Return the plan of a document."""
    return plan_environment(load(document, name=name))


def by_name(document: Mapping[str, Any]) -> dict[str, ResourcePlan]:
    """Return the clouds' resources of a document by logical name."""
    return {resource.name: resource for resource in planned(document).cloud}


def args(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the inputs of one resource."""
    return by_name(document)[name].args


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """Return the names of the resources that are not the same in the plans of two documents."""
    mine, theirs = by_name(one), by_name(other)
    return {name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)}


def gateway_of(document: Mapping[str, Any], cluster: str) -> GatewayPlan:
    """Return the gateway of a member."""
    mesh = planned(document).mesh
    assert mesh is not None
    gateway = mesh.member(cluster).gateway
    assert gateway is not None
    return gateway
