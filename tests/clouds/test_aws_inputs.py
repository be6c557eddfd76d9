"""Everything that AWS is asked for is what AWS takes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.clouds import check_aws, documents
from tests.clouds.aws_limits import AUTO_NAMED, COMBINATIONS, EXACTLY_ONE, LIMITS
from tests.support import botocore_check, cloud_calls, cloud_inputs, sdk_inputs, stand_ins
from tests.support.cloud_inputs import CloudInput

TAGS = {"cluster": "eu-shop"}
BY_CLUSTER = {"clusterName": "eu-shop"}
ROLE = "arn:aws:iam::111122223333:role/eu-shop"
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
    '"Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
)
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
GROUP = "sg-0123456789abcdef0"

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "aws:eks/cluster:Cluster": {
        "name": "eu-shop",
        "version": "1.35",
        "roleArn": ROLE,
        "vpcConfig": {"subnetIds": SUBNETS, "publicAccessCidrs": ["192.0.2.0/24"]},
        "accessConfig": {"authenticationMode": "API"},
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/20"},
        "enabledClusterLogTypes": ["audit"],
        "encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:x"}, "resources": ["secrets"]},
    },
    "aws:eks/nodeGroup:NodeGroup": {
        **BY_CLUSTER,
        "nodeRoleArn": ROLE,
        "subnetIds": SUBNETS,
        "scalingConfig": {"minSize": 1, "desiredSize": 2, "maxSize": 3},
        "taints": [{"key": "dedicated", "value": "mesh", "effect": "NO_SCHEDULE"}],
        "instanceTypes": ["m7i.large"],
    },
    "aws:eks/addon:Addon": {
        **BY_CLUSTER,
        "addonName": "coredns",
        "addonVersion": "v1.13.1-eksbuild.1",
        "resolveConflictsOnCreate": "OVERWRITE",
        "resolveConflictsOnUpdate": "PRESERVE",
    },
    "aws:eks/accessEntry:AccessEntry": {**BY_CLUSTER, "principalArn": ROLE},
    "aws:iam/role:Role": {"name": "eu-shop", "assumeRolePolicy": TRUST, "tags": TAGS},
    "aws:ec2/vpc:Vpc": {"cidrBlock": "10.0.0.0/16", "enableDnsSupport": True, "tags": TAGS},
    "aws:ec2/subnet:Subnet": {
        "vpcId": "vpc-0123456789abcdef0",
        "cidrBlock": "10.0.0.0/18",
        "availabilityZone": "eu-central-1a",
    },
    "aws:ec2/route:Route": {
        "routeTableId": "rtb-0123456789abcdef0",
        "destinationCidrBlock": "0.0.0.0/0",
        "natGatewayId": "nat-0123456789abcdef0",
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "securityGroupId": GROUP,
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "192.0.2.0/24",
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "blockDeviceMappings": [
            {"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "volumeSize": 50}}
        ],
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
    },
    "aws:ec2/securityGroup:SecurityGroup": {"name": "eu-shop", "description": "Gateway"},
}
"""Type -> inputs on the wire that AWS takes."""


def seen(
    kind: str, inputs: Mapping[str, Any], around: Mapping[str, Any] | None = None
) -> list[str]:
    """Return the problems of a resource called `it`."""
    return check_aws.problems(CloudInput(type=kind, name="it", inputs=inputs, around=around or {}))


@pytest.mark.parametrize("name", documents.ON_AWS)
def test_a_document_asks_aws_for_what_it_takes(name: str) -> None:
    asked = [one for one in cloud_inputs.planned(documents.plan(name).cloud) if _is_of_aws(one)]
    assert asked
    assert [problem for one in asked for problem in check_aws.problems(one)] == []


def test_the_documents_need_every_row_of_the_tables() -> None:
    """A row that nothing needs is one that nothing checks."""
    used: dict[str, set[str]] = {kind: set() for kind in check_aws.TABLE}
    for name in documents.ON_AWS:
        for one in cloud_inputs.planned(documents.plan(name).cloud):
            if one.type in used:
                inputs = check_aws.effective(one)
                used[one.type] |= cloud_calls.rows_used(check_aws.TABLE[one.type], inputs)
    assert {kind: set(table.rows) - used[kind] for kind, table in check_aws.TABLE.items()} == {
        kind: set() for kind in check_aws.TABLE
    }


@pytest.mark.parametrize("name", documents.ON_AWS)
def test_instance_types_are_spelt_as_ec2_does(name: str) -> None:
    """New types come before the models that list them: ours are old enough to be in there."""
    known = botocore_check.service("ec2").shape_for("InstanceType").metadata["enum"]
    asked = [
        kind
        for one in cloud_inputs.planned(documents.plan(name).cloud)
        for kind in one.inputs.get("instanceTypes", ())
    ]
    assert asked
    assert set(asked) - set(known) == set()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_example_as_aws_takes_it_has_no_problem(kind: str) -> None:
    assert seen(kind, EXAMPLES[kind]) == []


CLUSTER, GROUPS, ADDON, ENTRY = tuple(EXAMPLES)[:4]
GUARD = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ROUTE, SUBNET, VPC = "aws:ec2/route:Route", "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        (CLUSTER, {"nmae": "x"}, "nmae: got 'x'; no row of the table knows it"),
        (
            CLUSTER,
            {"accessConfig": {"authenticationMod": "API"}},
            "CreateCluster.accessConfig.auth",
        ),
        (CLUSTER, {"name": "a" * 101}, "CreateCluster.name: got a length of 101; at most 100"),
        (CLUSTER, {"version": "1.35.2"}, "version: got '1.35.2'; it must match "),
        (CLUSTER, {"version": "1.3"}, "version: got '1.3'; it must match "),
        (
            CLUSTER,
            {"enabledClusterLogTypes": ["Audit"]},
            "CreateCluster.logging.clusterLogging[0].",
        ),
        (
            CLUSTER,
            {"upgradePolicy": {"supportType": "standard"}},
            "CreateCluster.upgradePolicy.sup",
        ),
        (
            CLUSTER,
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/8"}},
            "kubernetesNetworkConfig.serviceIpv4Cidr: got '10.100.0.0/8'; it must match ",
        ),
        (
            CLUSTER,
            {"vpcConfig": {"subnetIds": SUBNETS[:1]}},
            "vpcConfig.subnetIds: got a length of 1; at least 2 (",
        ),
        (
            GROUPS,
            {"taints": [{"effect": "NoSchedule"}]},
            "CreateNodegroup.taints[0].effect: got 'N",
        ),
        (GROUPS, {"amiType": "FOO"}, "CreateNodegroup.amiType: got 'FOO'; allowed "),
        (GROUPS, {"labels": {"a": "b c"}}, "labels.a: got 'b c'; it must match "),
        (
            GROUPS,
            {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 3}},
            "scalingConfig: got 3, 2, 3; minSize <= desiredSize <= maxSize",
        ),
        (GROUPS, {"nodeGroupName": "a" * 64}, "nodeGroupName: got 'aaaa"),
        (
            ADDON,
            {"resolveConflictsOnCreate": "PRESERVE"},
            "resolveConflictsOnCreate: got 'PRESERVE",
        ),
        (ADDON, {"resolveConflictsOnUpdate": "KEEP"}, "UpdateAddon.resolveConflicts: got 'KEEP'; "),
        (ADDON, {"addonVersion": "1.13.1"}, "addonVersion: got '1.13.1'; it must match "),
        (ENTRY, {"principalArn": "eu-shop"}, "principalArn: got 'eu-shop'; it must match "),
        (
            "aws:iam/role:Role",
            {"name": "a" * 65},
            "CreateRole.RoleName: got a length of 65; at mos",
        ),
        ("aws:iam/role:Role", {"assumeRolePolicy": "{"}, "assumeRolePolicy got '{'; it must be "),
        (VPC, {"cidrBlock": "10.0.0.0/8"}, "cidrBlock: got '10.0.0.0/8'; it must match "),
        (VPC, {"tags": {"aws:x": "y"}}, "tags key: got 'aws:x'; it must match "),
        (VPC, {"tags": {f"k{n}": "" for n in range(51)}}, "tags: got a length of 51; at most 50 ("),
        (SUBNET, {"availabilityZone": "eu-central-1"}, "availabilityZone: got 'eu-central-1'; it "),
        (ROUTE, {"gatewayId": "igw-0"}, "got ['gatewayId', 'natGatewayId']; exactly one of "),
        (RULE, {"fromPort": 444}, "toPort: got 443; at least fromPort 444"),
        (RULE, {"ipProtocol": "-1"}, "fromPort: got a port; every protocol has none"),
        (RULE, {"ipProtocol": "http"}, "ipProtocol: got 'http'; it must match "),
        (GUARD, {"description": "peers' own"}, 'description: got "peers\' own"; it must match '),
        (GUARD, {"name": "sg-own"}, "name: got 'sg-own'; it must match "),
    ],
)
def test_each_mistake_in_an_input_is_one_problem(
    kind: str, changes: dict[str, Any], problem: str
) -> None:
    (only,) = seen(kind, {**EXAMPLES[kind], **changes})
    assert only.startswith(f"it: {problem}")


def test_a_rule_without_a_source_is_a_problem() -> None:
    inputs = {key: value for key, value in EXAMPLES[RULE].items() if key != "cidrIpv4"}
    (only,) = seen(RULE, inputs)
    assert only.startswith("it: got []; exactly one of cidrIpv4, ")


def test_tags_of_the_provider_count_too() -> None:
    around = {"defaultTags": {"tags": {f"k{number}": "" for number in range(50)}}}
    (only,) = seen(VPC, EXAMPLES[VPC], around)
    assert only.startswith("it: tags: got a length of 51; at most 50 (")


def test_a_name_that_the_provider_makes_up_has_limits_too() -> None:
    nameless = {key: value for key, value in EXAMPLES["aws:iam/role:Role"].items() if key != "name"}
    it = CloudInput(type="aws:iam/role:Role", name="it", inputs=nameless, around={})
    assert check_aws.problems(it) == []
    (only,) = check_aws.problems(replace(it, name="a" * 57))
    assert only.startswith(f"{'a' * 57}: CreateRole.RoleName: got a length of 65; at most 64")


def test_a_type_or_a_providers_input_that_nobody_looked_at_is_a_problem() -> None:
    assert seen("aws:rds/cluster:Cluster", {}) == ["it: no table knows aws:rds/cluster:Cluster"]
    assert seen(check_aws.PROVIDER, {"region": "x", "skipCredentialsValidation": True}) == [
        "it: skipCredentialsValidation: nobody has read up on this input"
    ]


@pytest.mark.parametrize("kind", check_aws.TABLE)
def test_every_row_and_limit_is_about_an_input_that_the_sdk_has(kind: str) -> None:
    known = sdk_inputs.paths(kind)
    rows = {path.removesuffix(".*") for path in check_aws.TABLE[kind].rows}
    chosen = {path for choice in EXACTLY_ONE.get(kind, ()) for path in choice}
    assert (rows | set(LIMITS.get(kind, {})) | chosen) - known == set()


def test_every_list_beside_the_tables_is_about_types_of_the_tables() -> None:
    beside = {*AUTO_NAMED, *LIMITS, *EXACTLY_ONE, *COMBINATIONS, *check_aws.POLICIES}
    assert beside - set(check_aws.TABLE) == set()
    answered = {kind for kind in stand_ins.ANSWERS if kind.startswith("aws:")}
    assert answered == set(check_aws.TABLE)


def _is_of_aws(one: CloudInput) -> bool:
    return one.type == check_aws.PROVIDER or one.type.startswith("aws:")
