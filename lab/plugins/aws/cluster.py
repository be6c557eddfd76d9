"""EKS and what its nodes are started from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.clusters import api_server
from lab.plugins.cloud.model import Kind, Link, Making, first
from lab.plugins.cloud.store import Cloud, Record

from . import forms, identity
from .network_rules import GROUP, SUBNET, leads_out

CLUSTER: Final = "aws:eks/cluster:Cluster"
NODES: Final = "aws:eks/nodeGroup:NodeGroup"
ENTRY: Final = "aws:eks/accessEntry:AccessEntry"
TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"

_OF_CLUSTER: Final = Link(path="clusterName", to=CLUSTER, by=("name",), holds=False)
_NEED_NODES: Final = ("coredns", "aws-ebs-csi-driver")
_ZONES: Final = 2


def _zones_suffice(making: Making) -> str:
    zones = set[str]()
    for subnet in making.inputs["vpcConfig"]["subnetIds"]:
        found = making.cloud.find(SUBNET, subnet)
        zones.add(str((found.outputs if found else {}).get("availabilityZone")))
    if len(zones) >= _ZONES:
        return ""
    return "InvalidParameterException: Subnets specified must be in at least two different AZs"


def _role_can_act(making: Making) -> str:
    key = "roleArn" if making.type == CLUSTER else "nodeRoleArn"
    role = making.inputs[key]
    if not identity.is_known(making.cloud, role, making.place.name):
        return f"InvalidParameterException: Role {role} does not exist"
    if identity.attached(making.cloud, role):
        return ""
    return f"InvalidParameterException: Role {role} has no policies attached"


def _minor_only(making: Making) -> str:
    version = str(making.inputs.get("version", "1.35"))
    if version.count(".") == 1:
        return ""
    return f"InvalidParameterException: unsupported Kubernetes version {version}"


def _may_go(cloud: Cloud, record: Record) -> str:
    if record.outputs.get("deletionProtection"):
        return f"InvalidRequestException: cluster {record.id} has deletion protection enabled"
    if not identity.attached(cloud, record.outputs["roleArn"]):
        # What EKS made in the subnets then stays, and the deletion runs into its time limit.
        return f"role {record.outputs['roleArn']} lost its policies before the cluster was gone"
    return ""


def _own_group(making: Making) -> list[Record]:
    """The cluster security group, which EKS makes and takes away."""
    vpc = making.outputs["vpcConfig"]["vpcId"]
    id = making.outputs["vpcConfig"]["clusterSecurityGroupId"]
    name = f"eks-cluster-sg-{making.id}-{making.hex(9)}"
    outputs = {"vpcId": vpc, "name": name, "arn": forms.arn("ec2", f"security-group/{id}")(making)}
    return [Record(type=GROUP, id=id, place=making.place.name, outputs=outputs)]


def _vpc(making: Making) -> str:
    subnet = making.cloud.find(SUBNET, making.inputs["vpcConfig"]["subnetIds"][0])
    return subnet.outputs["vpcId"] if subnet else ""


def _issuer(making: Making) -> list[dict[str, object]]:
    host = f"https://oidc.eks.{making.region}.amazonaws.com"
    return [{"oidcs": [{"issuer": f"{host}/id/{making.hex(32).upper()}"}]}]


def _sizes_fit(making: Making) -> str:
    scaling = making.inputs["scalingConfig"]
    if scaling["minSize"] <= scaling["desiredSize"] <= scaling["maxSize"]:
        return ""
    return "InvalidParameterException: desired capacity must be between min and max"


def _nodes_join(making: Making) -> str:
    """Nodes register over the network: without a way out they never do."""
    for subnet in making.inputs["subnetIds"]:
        if not leads_out(making.cloud, subnet):
            return f"NodeCreationFailure: Instances failed to join the kubernetes cluster: {subnet}"
    return ""


def _has_nodes(making: Making) -> str:
    name, cluster = making.inputs["addonName"], making.inputs["clusterName"]
    if name not in _NEED_NODES:
        return ""
    if any(one.outputs["clusterName"] == cluster for one in making.cloud.all(NODES)):
        return ""
    return f"timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED'): {name}"


def _has_entry(making: Making) -> str:
    keys = ("clusterName", "principalArn")
    wanted = [making.inputs[key] for key in keys]
    if any([one.outputs[key] for key in keys] == wanted for one in making.cloud.all(ENTRY)):
        return ""
    return f"ResourceNotFoundException: no access entry of {wanted[1]} in {wanted[0]}"


def _version_of_template(making: Making) -> int:
    return int(first(making.outputs, "latestVersion") or 0) + 1


KINDS: Final[Mapping[str, Kind]] = {
    CLUSTER: Kind(
        id=forms.given("name"),
        outputs={
            "arn": forms.arn("eks", "cluster/{name}"),
            "endpoint": lambda making: api_server(making.cloud, making.id).server,
            "certificateAuthority": lambda making: {
                "data": api_server(making.cloud, making.id).authority
            },
            "identities": _issuer,
            "vpcConfig.vpcId": _vpc,
            "vpcConfig.clusterSecurityGroupId": forms.numbered("sg"),
            "platformVersion": lambda _: "eks.1",
            "status": lambda _: "ACTIVE",
            "createdAt": forms.created,
        },
        defaults={"bootstrapSelfManagedAddons": True, "deletionProtection": False},
        replaces=(
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "remoteNetworkConfig",
            "encryptionConfig.provider",
        ),
        keeps=("encryptionConfig",),
        links=(
            Link(path="vpcConfig.subnetIds[*]", to=SUBNET),
            Link(path="vpcConfig.securityGroupIds[*]", to=GROUP),
        ),
        named="name",
        rules=(_zones_suffice, _role_can_act, _minor_only),
        guards=(_may_go,),
        choices={
            "accessConfig.authenticationMode": ("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"),
            "upgradePolicy.supportType": ("STANDARD", "EXTENDED"),
        },
        companions=_own_group,
        taken="ResourceInUseException: Cluster already exists with name: {id}",
        in_use="ResourceInUseException: Cluster has nodegroups attached",
    ),
    NODES: Kind(
        id=forms.joined(":", "clusterName", "nodeGroupName"),
        outputs={
            "arn": forms.arn("eks", "nodegroup/{clusterName}/{nodeGroupName}/{seed}"),
            "status": lambda _: "ACTIVE",
        },
        replaces=(
            *("clusterName", "nodeGroupName", "amiType", "capacityType", "diskSize"),
            *("instanceTypes", "nodeRoleArn", "subnetIds", "remoteAccess"),
            *("launchTemplate.id", "launchTemplate.name"),
        ),
        links=(
            Link(path="clusterName", to=CLUSTER, by=("name",)),
            Link(path="subnetIds[*]", to=SUBNET),
            Link(path="launchTemplate.id", to=TEMPLATE, holds=False),
        ),
        named="nodeGroupName",
        rules=(_role_can_act, _sizes_fit, _nodes_join),
        choices={
            "capacityType": ("ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
            "taints[*].effect": ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
        },
        taken="ResourceInUseException: NodeGroup already exists with name {id}",
    ),
    "aws:eks/addon:Addon": Kind(
        id=forms.joined(":", "clusterName", "addonName"),
        outputs={"arn": forms.arn("eks", "addon/{clusterName}/{addonName}/{seed}")},
        replaces=("clusterName", "addonName"),
        links=(_OF_CLUSTER,),
        rules=(_has_nodes,),
        choices={
            "resolveConflictsOnCreate": ("NONE", "OVERWRITE"),
            "resolveConflictsOnUpdate": ("NONE", "OVERWRITE", "PRESERVE"),
        },
        taken="ResourceInUseException: Addon already exists: {id}",
    ),
    ENTRY: Kind(
        id=forms.joined(":", "clusterName", "principalArn"),
        outputs={"accessEntryArn": forms.arn("eks", "access-entry/{clusterName}/{seed}")},
        defaults={"type": "STANDARD"},
        replaces=("clusterName", "principalArn", "type"),
        links=(_OF_CLUSTER,),
        taken="ResourceInUseException: The specified access entry resource is already in use: {id}",
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Kind(
        id=forms.joined("#", "clusterName", "principalArn", "policyArn"),
        outputs={"associatedAt": forms.created, "modifiedAt": forms.created},
        replaces=("clusterName", "principalArn", "policyArn", "accessScope"),
        links=(_OF_CLUSTER,),
        rules=(_has_entry,),
        choices={"accessScope.type": ("cluster", "namespace")},
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Kind(
        id=lambda making: f"a-{making.hex(16)}",
        outputs={
            "associationId": forms.the_id,
            "associationArn": forms.arn("eks", "podidentityassociation/{clusterName}/{id}"),
        },
        replaces=("clusterName", "namespace", "serviceAccount"),
        links=(_OF_CLUSTER, Link(path="roleArn", to=identity.ROLE, by=("arn",), holds=False)),
        unique=("clusterName", "namespace", "serviceAccount"),
    ),
    TEMPLATE: Kind(
        id=forms.numbered("lt"),
        outputs={
            "arn": forms.arn("ec2", "launch-template/{id}"),
            "latestVersion": _version_of_template,
        },
        changing=("latestVersion",),
        replaces=("name", "namePrefix"),
        named="name",
        unique=("name",),
    ),
}
