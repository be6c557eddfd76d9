"""What AWS says about its APIs in prose only, as data with the place where it says so."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.limits import Limit

_DOCS = "docs.aws.amazon.com"
_EC2 = f"{_DOCS}/AWSEC2/latest/APIReference"
_EKS = f"{_DOCS}/eks/latest/APIReference"
_IPV4 = r"(\d{1,3}\.){3}\d{1,3}"
_BLOCK = Limit(
    source=f"{_DOCS}/vpc/latest/userguide/vpc-cidr-blocks.html",
    pattern=_IPV4 + r"/(1[6-9]|2[0-8])",
)
_DESCRIPTION = Limit(
    source=f"{_EC2}/API_CreateSecurityGroup.html",
    pattern=r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}",
)
_PORT = Limit(source=f"{_EC2}/API_IpPermission.html", low=-1, high=65535)
_RANGE = Limit(source=f"{_EC2}/API_IpRange.html", pattern=_IPV4 + r"/([12]?\d|3[0-2])")
_MINOR = Limit(source=f"{_EKS}/API_CreateCluster.html", pattern=r"1\.\d\d")
_ZONE = Limit(
    source=f"{_DOCS}/global-infrastructure/latest/regions/aws-availability-zones.html",
    pattern=r"[a-z]{2}(-[a-z]+)+-\d[a-z]",
)
_ARN = r"arn:aws[a-z-]*:"

TAGS = Limit(
    source=f"{_DOCS}/tag-editor/latest/userguide/best-practices-and-strats.html",
    high=50,
    keys=r"(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}",
    values=r"[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}",
)

_RULE: Mapping[str, Limit] = {
    "cidrIpv4": _RANGE,
    "fromPort": _PORT,
    "toPort": _PORT,
    "ipProtocol": Limit(source=f"{_EC2}/API_IpPermission.html", pattern=r"-1|tcp|udp|icmp|\d{1,3}"),
}

LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "aws:ec2/vpc:Vpc": {"cidrBlock": _BLOCK},
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {"cidrBlock": _BLOCK},
    "aws:ec2/subnet:Subnet": {"cidrBlock": _BLOCK, "availabilityZone": _ZONE},
    "aws:ec2/route:Route": {"destinationCidrBlock": _RANGE},
    "aws:ec2/eip:Eip": {
        "domain": Limit(source="EC2-Classic, the other one, has ended", pattern="vpc")
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "serviceName": Limit(
            source=f"{_DOCS}/vpc/latest/privatelink/aws-services-privatelink-support.html",
            pattern=r"(com\.amazonaws|cn\.com\.amazonaws)\.[a-z0-9-]+(\.[a-z0-9-]+)+",
        )
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "name": Limit(
            source=f"{_EC2}/API_CreateSecurityGroup.html",
            pattern=r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}",
        ),
        "description": _DESCRIPTION,
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULE,
    "aws:eks/cluster:Cluster": {
        "version": _MINOR,
        "roleArn": Limit(
            source=f"{_EKS}/API_CreateCluster.html", pattern=_ARN + r"iam::\d+:role.+"
        ),
        "vpcConfig.subnetIds": Limit(
            source=f"{_DOCS}/eks/latest/userguide/network-reqs.html", low=2, high=16
        ),
        "kubernetesNetworkConfig.serviceIpv4Cidr": Limit(
            source=f"{_EKS}/API_KubernetesNetworkConfigRequest.html",
            pattern=r"(10|172\.(1[6-9]|2\d|3[01])|192\.168)\.[\d.]+/(1[2-9]|2[0-4])",
        ),
        "vpcConfig.publicAccessCidrs": Limit(
            source=f"{_EKS}/API_VpcConfigRequest.html, more than none so that nobody else gets in",
            low=1,
            high=40,
        ),
    },
    "aws:eks/nodeGroup:NodeGroup": {
        "nodeGroupName": Limit(
            source=f"{_EKS}/API_CreateNodegroup.html", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}"
        ),
        "version": _MINOR,
        "labels": Limit(
            source="kubernetes.io/docs/concepts/overview/working-with-objects/labels",
            keys=r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?"
            r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
            values=r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?",
        ),
        "instanceTypes": Limit(source=f"{_EKS}/API_CreateNodegroup.html", low=1, high=20),
    },
    "aws:eks/addon:Addon": {
        "addonVersion": Limit(
            source=f"{_EKS}/API_CreateAddon.html", pattern=r"v\d+\.\d+\.\d+-eksbuild\.\d+"
        ),
        "resolveConflictsOnCreate": Limit(
            source="the provider refuses PRESERVE at creation", pattern="NONE|OVERWRITE"
        ),
    },
    "aws:eks/accessEntry:AccessEntry": {
        "principalArn": Limit(
            source=f"{_EKS}/API_CreateAccessEntry.html",
            pattern=_ARN + r"iam::\d{12}:(role|user)/.+",
        ),
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        "policyArn": Limit(
            source=f"{_DOCS}/eks/latest/userguide/access-policy-permissions.html",
            pattern=_ARN + r"eks::aws:cluster-access-policy/AmazonEKS\w+Policy",
        )
    },
}
"""Type -> path of an input on the wire -> what it may hold."""

_ROUTE_TARGETS = ("gatewayId", "natGatewayId", "vpcPeeringConnectionId")
_SOURCES = ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "prefixListId")

EXACTLY_ONE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws:ec2/route:Route": (_ROUTE_TARGETS, ("destinationCidrBlock",)),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (_SOURCES,),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (_SOURCES,),
}
"""Type -> inputs of which exactly one is given."""


def _ports(inputs: Mapping[str, Any]) -> list[str]:
    low, high = inputs.get("fromPort"), inputs.get("toPort")
    if inputs.get("ipProtocol") == "-1":
        return ["fromPort: got a port; every protocol has none"] if low is not None else []
    if low is None or high is None:
        return ["fromPort, toPort: missing; a protocol needs both"]
    return [f"toPort: got {high}; at least fromPort {low}"] if low > high else []


def _sizes(inputs: Mapping[str, Any]) -> list[str]:
    sizes = inputs.get("scalingConfig", {})
    low, wanted, high = (sizes.get(f"{name}Size", 0) for name in ("min", "desired", "max"))
    if low <= wanted <= high:
        return []
    return [f"scalingConfig: got {low}, {wanted}, {high}; minSize <= desiredSize <= maxSize"]


def _no_disk_beside_a_template(inputs: Mapping[str, Any]) -> list[str]:
    both = {"launchTemplate", "diskSize"} <= set(inputs)
    return ["diskSize: got a size beside a launch template, which is where it goes"] if both else []


COMBINATIONS: Mapping[str, tuple[Callable[[Mapping[str, Any]], list[str]], ...]] = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (_ports,),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (_ports,),
    "aws:eks/nodeGroup:NodeGroup": (_sizes, _no_disk_beside_a_template),
}
"""Type -> what its inputs must be to each other."""

AUTO_NAMED: Mapping[str, str] = {
    "aws:ec2/securityGroup:SecurityGroup": "name",
    "aws:ec2/launchTemplate:LaunchTemplate": "name",
    "aws:iam/role:Role": "name",
    "aws:iam/rolePolicy:RolePolicy": "name",
    "aws:eks/cluster:Cluster": "name",
    "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
}
"""Type -> the input that the provider fills in with the logical name and a suffix."""
