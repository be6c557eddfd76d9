"""Resources of the clouds, registered from plans alone."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pytest
from meshtier.clouds.late import pick, resolve
from meshtier.clouds.resources import constructor, register_resources
from meshtier.plan.late import Json, Ref, Text
from meshtier.plan.resources import ResourcePlan

from tests.support import sdk_inputs
from tests.support.recorder import Recorder, record

ACCOUNT = ResourcePlan(
    type="pulumi:providers:aws",
    name="account",
    parent="environment",
    args={
        "region": "eu-central-1",
        "assume_roles": [{"role_arn": "arn", "session_name": "s", "tags": {"my_tag": "x"}}],
        "default_tags": {"tags": {"my_tag": "x"}},
    },
)
PROJECT = ResourcePlan(
    type="pulumi:providers:gcp",
    name="project",
    parent="environment",
    args={"project": "p", "default_labels": {"my_label": "x"}},
)


def plan(kind: str, name: str, args: dict[str, Any], **options: Any) -> ResourcePlan:
    """Return the plan of a resource in the account."""
    return ResourcePlan(
        type=kind, name=name, args=args, parent="cluster", **{"provider": "account", **options}
    )


VPC = plan("aws:ec2/vpc:Vpc", "vpc", {"cidr_block": "10.0.0.0/16", "tags": {"my_tag": "x"}})


def registered(*plans: ResourcePlan) -> Recorder:
    """Register plans below two components."""

    def program() -> None:
        components = {
            name: pulumi.ComponentResource("meshtier:index:Seed", name)
            for name in ("environment", "cluster")
        }
        register_resources(plans, components)

    return record(program)


def test_resources_stand_below_their_component_with_their_provider() -> None:
    seen = registered(ACCOUNT, VPC)
    assert seen.one("aws", "account").parent == "environment"
    assert seen.one("aws", "account").provider == ""
    vpc = seen.one("Vpc", "vpc")
    assert (vpc.parent, vpc.provider) == ("cluster", "account")


@pytest.mark.parametrize(
    ("kind", "args", "wire"),
    [
        (
            "aws:eks/cluster:Cluster",
            {
                "role_arn": "arn",
                "vpc_config": {"subnet_ids": ["a"], "endpoint_private_access": True},
                "encryption_config": {"provider": {"key_arn": "k"}, "resources": ["secrets"]},
                "tags": {"my_tag": "x"},
            },
            {
                "roleArn": "arn",
                "vpcConfig": {"subnetIds": ["a"], "endpointPrivateAccess": True},
                "encryptionConfig": {"provider": {"keyArn": "k"}, "resources": ["secrets"]},
                "tags": {"my_tag": "x"},
            },
        ),
        (
            "gcp:container/cluster:Cluster",
            {
                "master_authorized_networks_config": {"cidr_blocks": [{"cidr_block": "1.0.0.0/8"}]},
                "node_config": {"resource_labels": {"my_label": "x"}},
            },
            {
                "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "1.0.0.0/8"}]},
                "nodeConfig": {"resourceLabels": {"my_label": "x"}},
            },
        ),
    ],
)
def test_keys_are_translated_at_any_depth_but_for_the_users_own(
    kind: str, args: dict[str, Any], wire: dict[str, Any]
) -> None:
    seen = registered(ACCOUNT, plan(kind, "one", args))
    assert seen.one("Cluster", "one").inputs == wire
    assert sdk_inputs.wire(kind, args) == (wire, [])


@pytest.mark.parametrize("provider", [ACCOUNT, PROJECT])
def test_keys_inside_a_providers_inputs_are_translated_too(provider: ResourcePlan) -> None:
    (seen,) = [one for one in registered(provider).registered if one.is_custom]
    wire, problems = sdk_inputs.wire(provider.type, provider.args)
    assert problems == []
    got = {key: _read(seen.inputs[key]) for key in wire}
    assert got == wire, "the SDK writes them out as JSON, untranslated"


def test_late_leaves_become_outputs_of_what_they_name() -> None:
    late = {
        "cidr_block": Text(("<", Ref(resource="vpc", output="cidr_block"), ">")),
        "vpc_id": Ref(resource="vpc", output="id"),
        "tags": {"json": Json({"b": [Ref(resource="vpc", output="arn")], "a": ("x",)})},
    }
    seen = registered(ACCOUNT, VPC, plan("aws:ec2/subnet:Subnet", "subnet", late))
    subnet = seen.one("Subnet", "subnet")
    assert subnet.inputs == {
        "cidrBlock": "<10.0.0.0/16>",
        "vpcId": "vpc-id",
        "tags": {"json": json.dumps({"a": ["x"], "b": ["arn of vpc"]})},
    }
    assert subnet.depends_on == {"vpc"}, "what is named is waited for"


def test_a_path_leads_into_an_output() -> None:
    cluster = plan(
        "aws:eks/cluster:Cluster", "cluster", {"role_arn": "r", "vpc_config": {"subnet_ids": ["a"]}}
    )
    paths = (
        "identities[0].oidcs[0].issuer",
        "vpc_config.cluster_security_group_id",
        "vpc_config.subnet_ids[0]",
    )
    tags: dict[str, Ref | Text] = {path: Ref(resource="cluster", output=path) for path in paths}
    tags["number"] = Text((Ref(resource="template", output="latest_version"),))
    template = plan("aws:ec2/launchTemplate:LaunchTemplate", "template", {})
    seen = registered(ACCOUNT, cluster, template, plan("aws:ec2/vpc:Vpc", "vpc", {"tags": tags}))
    assert seen.one("Vpc", "vpc").inputs["tags"] == {
        "identities[0].oidcs[0].issuer": "issuer of cluster",
        "vpc_config.cluster_security_group_id": "clusterSecurityGroupId of cluster",
        "vpc_config.subnet_ids[0]": "a",
        "number": "1",
    }


@pytest.mark.parametrize(
    ("value", "steps", "found"),
    [
        ({"items": [{"a": 1}]}, ("items", 0, "a"), 1),
        ({"a-b": 1}, ("a-b",), 1),
        ("x", (), "x"),
    ],
)
def test_a_path_prefers_keys_to_what_every_mapping_has(
    value: Any, steps: Sequence[str | int], found: Any
) -> None:
    assert pick(value, steps) == found


def test_options_reach_the_engine() -> None:
    group = plan(
        "aws:eks/nodeGroup:NodeGroup",
        "group",
        {"cluster_name": "c", "node_role_arn": "r", "subnet_ids": ["a"], "scaling_config": {}},
        depends_on=("vpc",),
        protect=True,
        ignore_changes=("scaling_config.desired_size", "version"),
        replace_on_changes=("subnet_ids", "scaling_config[*].min_size"),
        delete_minutes=40,
    )
    seen = registered(ACCOUNT, VPC, group).one("NodeGroup", "group")
    assert seen.depends_on == {"vpc"}
    assert seen.protect
    assert seen.ignore_changes == ("scalingConfig.desiredSize", "version")
    assert seen.replaced_by == {"subnetIds", "scalingConfig[*].minSize"}
    assert seen.delete_timeout == "40m"
    plain = registered(ACCOUNT, VPC).one("Vpc", "vpc")
    assert (plain.protect, plain.ignore_changes, plain.delete_timeout) == (False, (), "")


def test_what_is_not_there_yet_is_not_waited_for_in_vain() -> None:
    with pytest.raises(KeyError, match="vpc"):
        resolve({"a": [Ref(resource="vpc", output="id")]}, {})


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:ec2/vpc:Vpc", "pulumi_aws.ec2.vpc.Vpc"),
        ("gcp:projects/iAMMember:IAMMember", "pulumi_gcp.projects.iam_member.IAMMember"),
        ("pulumi:providers:gcp", "pulumi_gcp.provider.Provider"),
    ],
)
def test_a_type_token_leads_to_its_class(token: str, name: str) -> None:
    found: Callable[..., Any] = constructor(token)
    assert f"{found.__module__}.{found.__qualname__}" == name


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(AttributeError, match="Vcp"):
        constructor("aws:ec2/vcp:Vcp")
    with pytest.raises(ModuleNotFoundError):
        constructor("nimbus:ec2/vpc:Vpc")


def _read(value: Any) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
