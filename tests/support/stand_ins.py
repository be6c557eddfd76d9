"""Well-formed values for what only a cloud can answer: ids, ARNs, addresses, endpoints.

Every resource gets values of its own, the same ones every time. What isn't here is one of the
resource's own inputs, or a mistake in the plan.
"""

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from typing import Any

ACCOUNT = "111122223333"
PROJECT = "acme-stand-in"
REGION = "eu-central-1"

_PUBLIC = int(ipaddress.IPv4Address("198.18.0.0"))
"""Where stand-in public addresses begin: the range for tests of network devices (RFC 2544)."""

_COMPUTE = "https://www.googleapis.com/compute/v1/projects/{project}"

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "aws:ec2/vpc:Vpc": {"id": "vpc-{hex}"},
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {
        "id": "vpc-cidr-assoc-{hex}"
    },
    "aws:ec2/subnet:Subnet": {"id": "subnet-{hex}"},
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": {"id": "scr-{hex}"},
    "aws:ec2/internetGateway:InternetGateway": {"id": "igw-{hex}"},
    "aws:ec2/routeTable:RouteTable": {"id": "rtb-{hex}"},
    "aws:ec2/route:Route": {"id": "r-rtb-{hex}"},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"id": "rtbassoc-{hex}"},
    "aws:ec2/eip:Eip": {
        "id": "eipalloc-{hex}",
        "allocationId": "eipalloc-{hex}",
        "publicIp": "{address}",
    },
    "aws:ec2/natGateway:NatGateway": {"id": "nat-{hex}", "publicIp": "{address}"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"id": "vpce-{hex}"},
    "aws:ec2/securityGroup:SecurityGroup": {"id": "sg-{hex}"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"id": "sgr-{hex}"},
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"id": "sgr-{hex}"},
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": {"id": "pcx-{hex}"},
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {"id": "pcx-{hex}"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"id": "lt-{hex}", "latestVersion": 1},
    "aws:iam/role:Role": {"id": "{name}", "arn": "arn:aws:iam::{account}:role/{name}"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"id": "{role}/{hex}"},
    "aws:iam/rolePolicy:RolePolicy": {"id": "{role}:{name}"},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        "id": "arn:aws:iam::{account}:oidc-provider/{hex}",
        "arn": "arn:aws:iam::{account}:oidc-provider/{hex}",
        "url": "oidc.eks.{region}.amazonaws.com/id/{hex}",
    },
    "aws:eks/cluster:Cluster": {
        "id": "{name}",
        "arn": "arn:aws:eks:{region}:{account}:cluster/{name}",
        "endpoint": "https://{hex}.gr7.{region}.eks.amazonaws.com",
        "certificateAuthority": {"data": "YXV0aG9yaXR5"},
        "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{region}.amazonaws.com/id/{hex}"}]}],
        "vpcConfig": {"clusterSecurityGroupId": "sg-{hex}"},
    },
    "aws:eks/nodeGroup:NodeGroup": {"id": "{clusterName}:{hex}"},
    "aws:eks/addon:Addon": {"id": "{clusterName}:{addonName}"},
    "aws:eks/accessEntry:AccessEntry": {"id": "{clusterName}:{principalArn}"},
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {"id": "{clusterName}#{hex}"},
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {"id": "a-{hex}"},
    "gcp:projects/service:Service": {"id": "{project}/{service}"},
    "gcp:projects/iAMMember:IAMMember": {"id": "{project}/{role}/{member}"},
    "gcp:compute/network:Network": {
        "id": "projects/{project}/global/networks/{name}",
        "selfLink": _COMPUTE + "/global/networks/{name}",
    },
    "gcp:compute/subnetwork:Subnetwork": {
        "id": "projects/{project}/regions/{region}/subnetworks/{name}",
        "selfLink": _COMPUTE + "/regions/{region}/subnetworks/{name}",
    },
    "gcp:compute/router:Router": {
        "id": "projects/{project}/regions/{region}/routers/{name}",
        "selfLink": _COMPUTE + "/regions/{region}/routers/{name}",
    },
    "gcp:compute/routerNat:RouterNat": {"id": "{project}/{region}/{router}/{name}"},
    "gcp:compute/firewall:Firewall": {"id": "projects/{project}/global/firewalls/{name}"},
    "gcp:compute/address:Address": {
        "id": "projects/{project}/regions/{region}/addresses/{name}",
        "selfLink": _COMPUTE + "/regions/{region}/addresses/{name}",
        "address": "{address}",
    },
    "gcp:compute/networkPeering:NetworkPeering": {"id": "{hex}/{name}"},
    "gcp:serviceaccount/account:Account": {
        "id": "projects/{project}/serviceAccounts/{email}",
        "name": "projects/{project}/serviceAccounts/{email}",
        "email": "{email}",
        "member": "serviceAccount:{email}",
    },
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": {"id": "{cryptoKeyId}/{role}/{member}"},
    "gcp:container/cluster:Cluster": {
        "id": "projects/{project}/locations/{location}/clusters/{name}",
        "selfLink": "https://container.googleapis.com/v1/projects/{project}/clusters/{name}",
        "endpoint": "{address}",
        "masterAuth": {"clusterCaCertificate": "YXV0aG9yaXR5"},
        "controlPlaneEndpointsConfig": {
            "dnsEndpointConfig": {"endpoint": "gke-{hex}.{region}.gke.goog"}
        },
    },
    "gcp:container/nodePool:NodePool": {"id": "{cluster}/nodePools/{name}"},
}
"""Type -> its answers by name on the wire; braces name inputs, and the values of `_own`."""

_BRACES = re.compile(r"\{(\w+)\}")


def answer(token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cloud answers for a resource: its inputs, and what only the cloud knows.

    `inputs` and the answer are as on the wire.
    """
    known = {"name": name, **_own(name), **inputs}
    known["email"] = f"{known.get('accountId')}@{known['project']}.iam.gserviceaccount.com"
    return _over(dict(inputs), _filled(ANSWERS.get(token, {}), known))


def _own(name: str) -> dict[str, str]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    offset = int(digest[:8], 16) % 2**17
    return {
        "account": ACCOUNT,
        "project": PROJECT,
        "region": REGION,
        "hex": f"0{digest[:16]}",
        "address": str(ipaddress.IPv4Address(_PUBLIC + offset)),
    }


def _filled(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if not isinstance(value, str):
        return value
    return _BRACES.sub(lambda found: str(known[found[1]]), value)


def _over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with `above` laid over it, objects into objects."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, Mapping) and isinstance(under, dict):
            value = _over(under, value)
        merged[key] = value
    return merged
