"""Everything says whose it is: environment and cluster, as labels or tags.

Leaves out what Helm makes (seen as one release) and types that can't carry any.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .rule import UNKNOWN, Resource, Rule, Settings, get, line, listed, texts

_MARKS: Final = ("meshtier-environment", "meshtier-cluster")
"""Google's labels allow no dots, so the clouds' marks differ from Kubernetes' labels."""
_OPAQUE: Final = ("kubernetes:helm.sh/", "kubernetes:yaml", "kubernetes:kustomize")
_GCP_LABELS: Final = {
    "gcp:compute/address:Address": "labels",
    "gcp:compute/disk:Disk": "labels",
    "gcp:compute/globalAddress:GlobalAddress": "labels",
    "gcp:container/cluster:Cluster": "resourceLabels",
    "gcp:container/nodePool:NodePool": "nodeConfig.resourceLabels",
    "gcp:kms/cryptoKey:CryptoKey": "labels",
    "gcp:storage/bucket:Bucket": "labels",
}
"""Of Google's types only some carry labels, each at a place of its own."""
_AWS_UNTAGGED: Final = (
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
    "aws:ec2/tag:Tag",
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "aws:ec2transitgateway/route:Route",
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
    "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/alias:Alias",
    "aws:kms/grant:Grant",
    "aws:kms/keyPolicy:KeyPolicy",
)


def _check(resource: Resource, settings: Settings) -> Iterable[str]:
    if resource.type.startswith("kubernetes:"):
        return _object(resource, settings)
    if resource.type.startswith("aws:") and resource.type not in settings["awsUntagged"]:
        return _missing("tags", resource.props, settings["tags"])
    if resource.type in _GCP_LABELS:
        return _missing(_GCP_LABELS[resource.type], resource.props, settings["gcpLabels"])
    return ()


def _object(resource: Resource, settings: Settings) -> Iterable[str]:
    if resource.type.startswith(_OPAQUE) or resource.kind.endswith(("List", "Patch")):
        return ()
    return _missing("metadata.labels", resource.props, settings["labels"])


def _missing(path: str, props: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[str]:
    carried = get(props, path)
    if carried is UNKNOWN:
        return
    missing = [key for key in wanted if not (carried or {}).get(key)]
    if missing:
        fix = "say whose it is"
        yield line(path, f"none of {listed(missing)}", f"all of {listed(wanted)}", fix)


OWNER_LABELS: Final = Rule(
    name="owner-labels",
    description="Everything says whose it is.",
    check=_check,
    settings={
        "labels": texts(
            "Labels of every Kubernetes object.", "meshtier.io/environment", "meshtier.io/cluster"
        ),
        "tags": texts("Tags of every AWS resource.", *_MARKS),
        "gcpLabels": texts("Labels of every Google resource that can carry any.", *_MARKS),
        "awsUntagged": texts("AWS types that can't carry tags.", *_AWS_UNTAGGED),
    },
    severity="medium",
)
