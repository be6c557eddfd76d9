"""The walker over botocore's models sees every kind of mistake, on the calls that we make."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from botocore.validate import validate_parameters

from tests.support import botocore_check, patterns
from tests.support.botocore_check import problems

SERVICES = ("ec2", "eks", "iam", "kms", "logs")

CLUSTER: Mapping[str, Any] = {
    "name": "eu-shop",
    "version": "1.35",
    "roleArn": "arn:aws:iam::111122223333:role/eu-shop-control-plane",
    "resourcesVpcConfig": {"subnetIds": ["subnet-0123456789abcdef0"]},
    "accessConfig": {"authenticationMode": "API"},
    "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:x"}}],
    "tags": {"level": "user"},
}

NODE_GROUP: Mapping[str, Any] = {
    "clusterName": "eu-shop",
    "nodegroupName": "general",
    "subnets": ["subnet-0123456789abcdef0"],
    "nodeRole": "arn:aws:iam::111122223333:role/eu-shop-nodes",
    "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1},
}

TAINT = {"key": "dedicated", "value": "mesh"}


def cluster(**changes: Any) -> list[str]:
    """Return the problems of a cluster with changed fields."""
    return problems("eks", "CreateCluster", {**CLUSTER, **changes})


def test_a_cluster_and_a_node_group_as_the_api_takes_them_have_no_problem() -> None:
    assert cluster() == []
    assert problems("eks", "CreateNodegroup", NODE_GROUP) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"resourceVpcConfig": {}},
            "CreateCluster.resourceVpcConfig: unknown to ",
        ),
        (
            {"accessConfig": {"authentication_mode": "API"}},
            "CreateCluster.accessConfig.authentication_mode: unknown to ",
        ),
        ({"deletionProtection": "yes"}, "CreateCluster.deletionProtection: got 'yes'; it must be "),
        ({"version": 1.35}, "CreateCluster.version: got 1.35; it must be string"),
        ({"encryptionConfig": {}}, "CreateCluster.encryptionConfig: got {}; it must be list"),
        ({"tags": {"size": 3}}, "CreateCluster.tags.size: got 3; it must be string"),
        ({"name": "a" * 101}, "CreateCluster.name: got a length of 101; at most 100"),
        ({"tags": {"": "v"}}, "CreateCluster.tags key '': got a length of 0; at least 1"),
        ({"name": "-shop"}, "CreateCluster.name: got '-shop'; it must match "),
        ({"name": "eu shop"}, "CreateCluster.name: got 'eu shop'; it must match "),
        (
            {"accessConfig": {"authenticationMode": "NOPE"}},
            "CreateCluster.accessConfig.authenticationMode: got 'NOPE'; allowed API, ",
        ),
        (
            {"encryptionConfig": [{}, {}]},
            "CreateCluster.encryptionConfig: got a length of 2; at most 1",
        ),
        ({"tags": {"k" * 129: "v"}}, f"CreateCluster.tags key '{'k' * 129}': got a length of 129"),
        ({"tags": {"k": "v" * 257}}, "CreateCluster.tags.k: got a length of 257; at most 256"),
    ],
)
def test_each_kind_of_mistake_is_one_problem(changes: dict[str, Any], problem: str) -> None:
    (seen,) = cluster(**changes)
    assert seen.startswith(problem)


def test_a_missing_required_field_is_a_problem_at_every_depth() -> None:
    nameless = {key: value for key, value in CLUSTER.items() if key != "name"}
    assert problems("eks", "CreateCluster", nameless) == [
        "CreateCluster.name: missing; it is required"
    ]
    assert problems("iam", "CreateRole", {"RoleName": "a", "Tags": [{"Key": "b"}]}) == [
        "CreateRole.AssumeRolePolicyDocument: missing; it is required",
        "CreateRole.Tags[0].Value: missing; it is required",
    ]


def test_numbers_have_bounds_and_are_not_truth_values() -> None:
    def scaling(**sizes: Any) -> list[str]:
        return problems("eks", "CreateNodegroup", {**NODE_GROUP, "scalingConfig": sizes})

    at = "CreateNodegroup.scalingConfig"
    assert scaling(maxSize=0) == [f"{at}.maxSize: got 0; at least 1"]
    assert scaling(minSize=True) == [f"{at}.minSize: got True; it must be integer"]
    assert scaling(minSize=1.5) == [f"{at}.minSize: got 1.5; it must be integer"]
    update = {"maxUnavailablePercentage": 101}
    assert problems("eks", "CreateNodegroup", {**NODE_GROUP, "updateConfig": update}) == [
        "CreateNodegroup.updateConfig.maxUnavailablePercentage: got 101; at most 100"
    ]
    window = {"KeyId": "k", "PendingWindowInDays": 366}
    assert problems("kms", "ScheduleKeyDeletion", window) == [
        "ScheduleKeyDeletion.PendingWindowInDays: got 366; at most 365"
    ]


def test_the_effect_of_a_taint_is_spelt_as_the_api_does() -> None:
    def tainted(effect: str) -> list[str]:
        taints = [{**TAINT, "effect": effect}]
        return problems("eks", "CreateNodegroup", {**NODE_GROUP, "taints": taints})

    assert tainted("NO_SCHEDULE") == []
    assert tainted("NoSchedule") == [
        "CreateNodegroup.taints[0].effect: got 'NoSchedule'; "
        "allowed NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE"
    ]


def test_a_pattern_describes_the_whole_text() -> None:
    def role(name: str) -> list[str]:
        return problems("iam", "GetRole", {"RoleName": name})

    assert role("eu-shop.nodes@x") == []
    (seen,) = role("eu shop")
    assert seen.startswith("GetRole.RoleName: got 'eu shop'; it must match ")


def test_patterns_with_unicode_categories_are_matched_in_full() -> None:
    def tagged(key: str) -> list[str]:
        return problems(
            "iam", "TagRole", {"RoleName": "a", "Tags": [{"Key": key, "Value": "Köln 1"}]}
        )

    assert tagged("Größe") == []
    (seen,) = tagged("size!")
    assert seen.startswith("TagRole.Tags[0].Key: got 'size!'; it must match ")


def test_an_instance_type_that_the_model_does_not_know_yet_is_let_through() -> None:
    template = {"LaunchTemplateName": "abc", "LaunchTemplateData": {"InstanceType": "m99.large"}}
    assert problems("ec2", "CreateLaunchTemplate", template) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_of_the_services_can_be_matched(service: str) -> None:
    model: Any = botocore_check.service(service)
    shapes: list[Any] = [model.shape_for(name) for name in model.shape_names]
    found = [shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata]
    assert [patterns.compiled(pattern) for pattern in found]


def test_botocores_own_validator_would_not_have_seen_these() -> None:
    """Why the models are walked here; when this fails the walker has become superfluous."""
    shape = botocore_check.input_of("eks", "CreateCluster")
    wrong = {**CLUSTER, "name": "a" * 101, "accessConfig": {"authenticationMode": "NOPE"}}
    validate_parameters(wrong, shape)
    with pytest.raises(ParamValidationError):
        validate_parameters({**wrong, "bogus": 1}, shape)
