"""How pods get AWS credentials: Pod Identity, or a role that trusts the cluster's own issuer.

Nothing in a role for Pod Identity is late; a role for the issuer (IRSA) holds the issuer's address
and so waits for the cluster.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ...spec.aws import Identity
from ..late import Ref, Text
from ..resources import ResourcePlan
from . import roles
from .controller_policy import controller_policy
from .regions import partition
from .resource import AwsCluster, cluster_name, document, global_, regional, tags
from .role import attachment, role, service_trust

NAMESPACE: Final = "kube-system"
"""Where everything that calls AWS runs."""
CONTROLLER: Final = "aws-load-balancer-controller"
"""Name of the controller's chart, release and service account."""

_ISSUER: Final = "ISSUER"


@dataclass(frozen=True, kw_only=True, slots=True)
class PodAccount:
    """What runs in a cluster and calls AWS."""

    name: str
    """Name of the add-on."""
    account: str
    """Its service account."""
    policy: str
    """The policy that AWS keeps for it."""


ADDON_ACCOUNTS: Final = {
    one.name: one
    for one in (
        PodAccount(name="vpc-cni", account="aws-node", policy="AmazonEKS_CNI_Policy"),
        PodAccount(
            name="aws-ebs-csi-driver",
            account="ebs-csi-controller-sa",
            policy="service-role/AmazonEBSCSIDriverPolicy",
        ),
    )
}
"""Add-ons with credentials of their own: nodes then need none for them."""


def issuer(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the account's trust in tokens that the cluster issues, where roles build on it."""
    if cluster.cloud.identity is not Identity.IRSA:
        return
    url = Ref(resource=cluster.name(roles.CONTROL_PLANE), output="identities[0].oidcs[0].issuer")
    yield global_(
        cluster,
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        cluster.name(roles.IDENTITY_ISSUER),
        {
            "url": url,
            "client_id_lists": ["sts.amazonaws.com"],
            "tags": tags(cluster, roles.IDENTITY_ISSUER),
        },
    )


def addon_identity(cluster: AwsCluster, addon: str) -> Iterator[ResourcePlan]:
    """Yield the role of an add-on that calls AWS, and its policy."""
    who = ADDON_ACCOUNTS.get(addon)
    if who is None:
        return
    yield _pod_role(cluster, addon, who.account)
    name = cluster.keyed(roles.POD_POLICY, addon)
    yield attachment(cluster, name, _role_name(cluster, addon), who.policy)


def addon_identity_args(cluster: AwsCluster, addon: str) -> dict[str, Any]:
    """Return by which argument an add-on is told of its role."""
    who = ADDON_ACCOUNTS.get(addon)
    if who is None:
        return {}
    arn = Ref(resource=_role_name(cluster, addon), output="arn")
    if cluster.cloud.identity is Identity.IRSA:
        return {"service_account_role_arn": arn}
    return {"pod_identity_associations": [{"role_arn": arn, "service_account": who.account}]}


def controller_identity(cluster: AwsCluster) -> Iterator[ResourcePlan]:
    """Yield the role of the load balancer controller, where there is something to balance."""
    if not cluster.gateway:
        return
    name = _role_name(cluster, CONTROLLER)
    yield _pod_role(cluster, CONTROLLER, CONTROLLER)
    policy = controller_policy(cluster.physical_name, partition(cluster.cloud.region))
    yield global_(
        cluster,
        "aws:iam/rolePolicy:RolePolicy",
        cluster.keyed(roles.POD_POLICY, CONTROLLER),
        {
            "name": CONTROLLER,
            "role": Ref(resource=name, output="name"),
            "policy": document(policy),
        },
    )
    if cluster.cloud.identity is Identity.IRSA:
        return
    yield regional(
        cluster,
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        cluster.keyed(roles.POD_IDENTITY, CONTROLLER),
        {
            "cluster_name": cluster_name(cluster),
            "namespace": NAMESPACE,
            "service_account": CONTROLLER,
            "role_arn": Ref(resource=name, output="arn"),
            "tags": tags(cluster, f"{roles.POD_IDENTITY}-{CONTROLLER}"),
        },
    )


def controller_grants(cluster: AwsCluster) -> tuple[str, ...]:
    """Return the names of what lets the controller act: it goes only after the controller."""
    if not cluster.gateway:
        return ()
    policy = cluster.keyed(roles.POD_POLICY, CONTROLLER)
    if cluster.cloud.identity is Identity.IRSA:
        return (policy,)
    return (policy, cluster.keyed(roles.POD_IDENTITY, CONTROLLER))


def controller_annotations(cluster: AwsCluster) -> dict[str, Ref]:
    """Return the annotations of the controller's service account that name its role."""
    if cluster.cloud.identity is not Identity.IRSA:
        return {}
    return {
        "eks.amazonaws.com/role-arn": Ref(resource=_role_name(cluster, CONTROLLER), output="arn")
    }


def _role_name(cluster: AwsCluster, key: str) -> str:
    return cluster.keyed(roles.POD_ROLE, key)


def _pod_role(cluster: AwsCluster, key: str, account: str) -> ResourcePlan:
    if cluster.cloud.identity is Identity.IRSA:
        trust = _issuer_trust(cluster, account)
    else:
        actions = ("sts:AssumeRole", "sts:TagSession")
        trust = service_trust("pods.eks.amazonaws.com", actions=actions)
    return role(cluster, _role_name(cluster, key), key, trust)


def _issuer_trust(cluster: AwsCluster, account: str) -> Text:
    """Return the trust in one service account; the issuer's address is also in its keys.

    The provider's `url` is the address as IAM returns it, without `https://`.
    """
    root = f"arn:{partition(cluster.cloud.region)}:iam::{cluster.cloud.account}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"{root}:oidc-provider/{_ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{_ISSUER}:aud": "sts.amazonaws.com",
                f"{_ISSUER}:sub": f"system:serviceaccount:{NAMESPACE}:{account}",
            }
        },
    }
    address = Ref(resource=cluster.name(roles.IDENTITY_ISSUER), output="url")
    whole = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)
    first, *rest = whole.split(_ISSUER)
    return Text((first, *(part for text in rest for part in (address, text))))
