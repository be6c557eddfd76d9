"""Add-ons and how pods get credentials: order, settings, and roles that one account takes on."""

import json
from typing import Any

import pytest
from meshtier.plan.aws.controller_policy import TAG, controller_policy
from meshtier.plan.late import Json, Ref, Text

from tests.support import clouds as aws

ALONE = aws.alone_aws_document()
RICH = aws.rich_aws_document()
PODS = {"nodes": "10.32.0.0/20", "pods": "100.64.0.0/16", "services": "172.20.128.0/22"}


def settings(document: dict[str, Any], addon: str = "vpc-cni") -> Any:
    value = aws.args(document, f"test-shop-addon.{addon}")["configuration_values"]
    return value.content if isinstance(value, Json) else json.loads(value)


def addon(name: str, **more: Any) -> dict[str, Any]:
    """Return the add-ons of a document with one of them changed."""
    addons = {key: {"version": version} for key, version in aws.ADDON_VERSIONS.items()}
    return {**addons, name: {"version": "v9.9.9-eksbuild.9", **more}}


def test_addons_are_pinned_overwrite_what_is_there_and_go_cleanly() -> None:
    args = aws.args(ALONE, "test-shop-addon.coredns")
    assert args["addon_version"] == aws.ADDON_VERSIONS["coredns"]
    assert args["resolve_conflicts_on_create"] == "OVERWRITE"
    assert args["resolve_conflicts_on_update"] == "OVERWRITE"
    assert args["preserve"] is False


def test_what_only_runs_on_nodes_comes_after_them() -> None:
    resources = aws.by_name(ALONE)
    for name in ("coredns", "aws-ebs-csi-driver"):
        assert "test-shop-nodes.general" in resources[f"test-shop-addon.{name}"].depends_on
    for name in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent"):
        assert "test-shop-nodes.general" not in resources[f"test-shop-addon.{name}"].depends_on


def test_any_other_addon_is_installed_after_the_nodes() -> None:
    document = aws.alone_aws_document(addons=addon("metrics-server"))
    assert aws.differing(ALONE, document) == {"test-shop-addon.metrics-server"}
    made = aws.by_name(document)["test-shop-addon.metrics-server"]
    assert "test-shop-nodes.general" in made.depends_on


def test_pods_keep_their_addresses_toward_peers_and_get_them_in_blocks() -> None:
    assert settings(ALONE) == {
        "env": {
            "AWS_VPC_K8S_CNI_EXTERNALSNAT": "true",
            "ENABLE_PREFIX_DELEGATION": "true",
            "WARM_PREFIX_TARGET": "1",
        }
    }


def test_pods_with_a_range_of_their_own_are_put_into_their_zones_subnet() -> None:
    found = settings(aws.alone_aws_document(addresses=PODS))
    assert found["env"]["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] == "true"
    assert found["env"]["ENI_CONFIG_LABEL_DEF"] == "topology.kubernetes.io/zone"
    assert found["eniConfig"]["create"] is True
    assert found["eniConfig"]["subnets"] == {
        zone: {"id": Ref(resource=f"test-shop-pod-subnet.{zone}", output="id")}
        for zone in ("eu-central-1a", "eu-central-1b", "eu-central-1c")
    }


def test_the_documents_settings_lie_over_the_computed_ones() -> None:
    own = addon(
        "vpc-cni", configuration={"env": {"WARM_PREFIX_TARGET": "2"}, "enableNetworkPolicy": "true"}
    )
    found = settings(aws.alone_aws_document(addons=own))
    assert found["enableNetworkPolicy"] == "true"
    assert found["env"]["WARM_PREFIX_TARGET"] == "2"
    assert found["env"]["AWS_VPC_K8S_CNI_EXTERNALSNAT"] == "true"


def test_addons_that_call_aws_have_a_role_of_their_own_and_nodes_have_none_for_them() -> None:
    (told,) = aws.args(ALONE, "test-shop-addon.vpc-cni")["pod_identity_associations"]
    role = "test-shop-pod-role.vpc-cni"
    assert told == {"service_account": "aws-node", "role_arn": Ref(resource=role, output="arn")}
    trust = json.loads(aws.args(ALONE, role)["assume_role_policy"])["Statement"]
    assert trust == [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["pods.eks.amazonaws.com"]},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    ]
    policy = aws.args(ALONE, "test-shop-pod-policy.vpc-cni")["policy_arn"]
    assert policy == "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    assert (
        "test-shop-pod-policy.vpc-cni" in aws.by_name(ALONE)["test-shop-addon.vpc-cni"].depends_on
    )
    nodes = [name for name in aws.by_name(ALONE) if "-node-policy." in name]
    assert not [name for name in nodes if "CNI" in name]


def test_a_role_for_the_issuer_trusts_one_service_account() -> None:
    role = aws.args(RICH, "test-till-pod-role.aws-load-balancer-controller")
    trust = role["assume_role_policy"]
    issuer = Ref(resource="test-till-identity-issuer", output="url")
    assert isinstance(trust, Text)
    assert [part for part in trust.parts if isinstance(part, Ref)] == [issuer] * 3
    address = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
    (statement,) = json.loads(
        "".join(address if isinstance(part, Ref) else part for part in trust.parts)
    )["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {
        "Federated": f"arn:aws:iam::{aws.OTHER_ACCOUNT}:oidc-provider/{address}"
    }
    assert statement["Condition"]["StringEquals"] == {
        f"{address}:aud": "sts.amazonaws.com",
        f"{address}:sub": "system:serviceaccount:kube-system:aws-load-balancer-controller",
    }


def test_with_an_issuer_there_is_no_association_and_no_agent_unless_it_is_asked_for() -> None:
    mine = [name for name in aws.by_name(RICH) if name.startswith("test-till-")]
    assert "test-till-identity-issuer" in mine
    assert not [name for name in mine if "-pod-identity." in name]
    agent = "test-shop-addon.eks-pod-identity-agent"
    addons = {key: {"version": version} for key, version in aws.ADDON_VERSIONS.items()}
    asked = aws.by_name(aws.alone_aws_document(identity="irsa", addons=addons))
    assert asked[agent].args["addon_version"] == aws.ADDON_VERSIONS["eks-pod-identity-agent"]
    del addons["eks-pod-identity-agent"]
    assert agent not in aws.by_name(aws.alone_aws_document(identity="irsa", addons=addons))
    told = aws.args(RICH, "test-till-addon.vpc-cni")
    assert told["service_account_role_arn"] == Ref(
        resource="test-till-pod-role.vpc-cni", output="arn"
    )
    assert "pod_identity_associations" not in told


def test_the_controller_is_let_in_by_its_association() -> None:
    args = aws.args(RICH, "test-shop-pod-identity.aws-load-balancer-controller")
    assert (args["namespace"], args["service_account"]) == (
        "kube-system",
        "aws-load-balancer-controller",
    )
    assert args["role_arn"] == Ref(
        resource="test-shop-pod-role.aws-load-balancer-controller", output="arn"
    )


CHANGES = ("Create", "Delete", "Modify", "Set", "Register", "Deregister", "Add", "Remove")
SHARED = {
    # Which cluster a listener is of, its load balancer says: the resource is its ARN.
    *("elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteListener"),
    *("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyListenerAttributes"),
    # EKS' own group carries none of the controller's tags.
    *("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
    "ec2:CreateSecurityGroup",
}


def test_the_controller_changes_load_balancers_of_its_own_cluster_only() -> None:
    for statement in controller_policy("test-shop", "aws")["Statement"]:
        actions = [one for one in statement["Action"] if one.partition(":")[2].startswith(CHANGES)]
        if set(actions) <= SHARED or statement["Resource"] != ["*"]:
            continue
        conditions = statement["Condition"]["StringEquals"]
        assert set(conditions) & {
            f"aws:RequestTag/{TAG}",
            f"aws:ResourceTag/{TAG}",
            "iam:AWSServiceName",
        }, actions


@pytest.mark.parametrize("service", ["waf", "wafv2", "shield", "cognito-idp", "acm"])
def test_the_controller_has_nothing_to_do_with_what_ingress_needs(service: str) -> None:
    policy = controller_policy("test-shop", "aws")["Statement"]
    actions = [action for statement in policy for action in statement["Action"]]
    assert not [action for action in actions if action.startswith(f"{service}:")]


def test_the_policy_fits_into_a_role_and_belongs_to_its_partition() -> None:
    # 10,240 characters of policies inside one role (PutRolePolicy).
    policy = json.dumps(controller_policy("a" * 32, "aws-us-gov"))
    assert len(policy) < 10_240
    assert "arn:aws:" not in policy
