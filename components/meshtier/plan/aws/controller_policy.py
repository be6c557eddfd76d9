"""What AWS Load Balancer Controller may do: network load balancers of its own cluster.

The controller's own policy also covers what Ingress needs (certificates, firewalls of web
applications, Shield, Cognito) and the load balancers of every other cluster of the account.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

TAG: Final = "elbv2.k8s.aws/cluster"
"""Tag with the cluster's name that the controller puts on everything it makes."""

_READ: Final = (
    *("ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones"),
    *("ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces"),
    *("ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"),
    *("ec2:DescribeTags", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs"),
    "ec2:GetSecurityGroupsForVpc",
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeSSLPolicies",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTrustStores",
)
_CHANGE: Final = (
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
)
_LISTENERS: Final = (
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyListenerAttributes",
)


def controller_policy(cluster_name: str, partition: str) -> dict[str, Any]:
    """Return the policy document of the controller of one cluster."""
    asked = {"StringEquals": {f"aws:RequestTag/{TAG}": cluster_name}}
    own = {"StringEquals": {f"aws:ResourceTag/{TAG}": cluster_name}}
    balancing = f"arn:{partition}:elasticloadbalancing:*:*"
    balancers = [f"{balancing}:targetgroup/*/*", f"{balancing}:loadbalancer/net/*/*"]
    listeners = [f"{balancing}:loadbalancer/net/*/*", f"{balancing}:listener/net/*/*/*"]
    groups = [f"arn:{partition}:ec2:*:*:security-group/*"]
    tag, untag = "elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"
    service = {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}
    ingress = ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress")
    make = ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup")
    targets = (
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:RegisterTargets",
    )
    statements = [
        _allow(("iam:CreateServiceLinkedRole",), condition={"StringEquals": service}),
        _allow(_READ),
        # The pods' group is EKS' own, and has none of the controller's tags.
        _allow((*ingress, "ec2:CreateSecurityGroup")),
        _allow(("ec2:CreateTags",), groups, _on_creation("ec2", ["CreateSecurityGroup"], asked)),
        _allow(("ec2:CreateTags", "ec2:DeleteTags"), groups, own),
        _allow(("ec2:DeleteSecurityGroup",), condition=own),
        _allow(make, condition=asked),
        _allow((tag,), balancers, _on_creation("elasticloadbalancing", _names(make), asked)),
        _allow((tag, untag), balancers, own),
        _allow((tag, untag), listeners[1:]),
        _allow(_LISTENERS, listeners),
        _allow(_CHANGE, condition=own),
        _allow(targets, balancers[:1], own),
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(
    actions: Sequence[str],
    resources: Sequence[str] = ("*",),
    condition: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return {**statement, **({"Condition": condition} if condition else {})}


def _on_creation(
    service: str, actions: Sequence[str], asked: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    created = {f"{service}:CreateAction": list(actions)}
    return {"StringEquals": {**created, **asked["StringEquals"]}}


def _names(actions: Sequence[str]) -> list[str]:
    return [action.partition(":")[2] for action in actions]
