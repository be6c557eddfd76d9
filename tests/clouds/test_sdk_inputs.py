"""What the SDKs would let through is seen before a program runs."""

from typing import Any

import pytest

from tests.support import sdk_inputs

CLUSTER = "aws:eks/cluster:Cluster"
ARGS: dict[str, Any] = {"role_arn": "arn", "vpc_config": {"subnet_ids": ["a"]}}


def test_inputs_are_spelt_as_the_engine_gets_them() -> None:
    args = {**ARGS, "tags": {"my_key": "x"}, "access_config": {"authentication_mode": "API"}}
    assert sdk_inputs.wire(CLUSTER, args) == (
        {
            "roleArn": "arn",
            "vpcConfig": {"subnetIds": ["a"]},
            "tags": {"my_key": "x"},
            "accessConfig": {"authenticationMode": "API"},
        },
        [],
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"bogus_key": 1}, "bogus_key: unknown to the SDK"),
        (
            {"access_config": {"authentification_mode": "API"}},
            "access_config.authentification_mode: unknown to the SDK",
        ),
        (
            {"access_config": {"authenticationMode": "API"}},
            "access_config.authenticationMode: unknown to the SDK",
        ),
        ({"vpc_config": {}}, "vpc_config.subnet_ids: missing; the SDK requires it"),
        ({"vpc_config": []}, "vpc_config: got []; the SDK takes an object"),
        ({"version": 1.35}, "version: got 1.35; the SDK takes str"),
        ({"deletion_protection": 1}, "deletion_protection: got 1; the SDK takes bool"),
        ({"tags": {"a": 1}}, "tags.a: got 1; the SDK takes str"),
        (
            {"kube_api_server_config": {"service_node_port_range": {"max_port": True}}},
            "kube_api_server_config.service_node_port_range.max_port: got True; the SDK takes int",
        ),
    ],
)
def test_each_mistake_is_a_problem(changes: dict[str, Any], problem: str) -> None:
    assert sdk_inputs.wire(CLUSTER, {**ARGS, **changes})[1] == [problem]


def test_lists_and_maps_are_not_texts() -> None:
    def seen(**changes: Any) -> list[str]:
        return sdk_inputs.wire(CLUSTER, {**ARGS, **changes})[1]

    (listed,) = seen(enabled_cluster_log_types="audit")
    assert listed.startswith("enabled_cluster_log_types: got 'audit'; the SDK takes ")
    (mapped,) = seen(tags=["a"])
    assert mapped.startswith("tags: got ['a']; the SDK takes ")


def test_paths_name_everything_a_type_can_be_asked() -> None:
    known = sdk_inputs.paths(CLUSTER)
    assert {"name", "vpcConfig.subnetIds[]", "encryptionConfig.provider.keyArn"} <= known
    assert "vpcConfig.subnet_ids[]" not in known


def test_providers_and_policies_have_inputs_too() -> None:
    provider = {"region": "eu-central-1", "default_tags": {"tags": {"a": "b"}}}
    assert sdk_inputs.wire("pulumi:providers:aws", provider)[1] == []
    assert sdk_inputs.wire("aws:iam/role:Role", {"assume_role_policy": "{}"})[1] == []
