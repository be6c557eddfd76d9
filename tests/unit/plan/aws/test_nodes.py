"""Node groups: their machines, their names, and what each setting changes."""

import re
from typing import Any

import pytest
from meshtier.plan.late import Ref, Text

from tests.support import clouds as aws

GROUP = "test-shop-nodes.general"
TEMPLATE = "test-shop-node-template.general"


def document(**group: Any) -> dict[str, Any]:
    return aws.alone_aws_document(nodes={"general": group})


def group(**settings: Any) -> Any:
    return aws.args(document(**settings), GROUP)


def test_machines_have_encrypted_disks_and_a_metadata_service_that_pods_do_not_reach() -> None:
    template = aws.args(document(disk=80), TEMPLATE)
    assert template["metadata_options"] == {
        "http_endpoint": "enabled",
        "http_put_response_hop_limit": 1,
        "http_tokens": "required",
    }
    (disk,) = template["block_device_mappings"]
    assert disk["device_name"] == "/dev/xvda"
    assert disk["ebs"] == {
        "delete_on_termination": "true",
        "encrypted": "true",
        "volume_size": 80,
        "volume_type": "gp3",
    }
    assert "vpc_security_group_ids" not in template, "it would take away EKS' own group"


def test_the_disk_of_bottlerocket_is_its_second() -> None:
    (disk,) = aws.args(document(ami="BOTTLEROCKET_x86_64"), TEMPLATE)["block_device_mappings"]
    assert disk["device_name"] == "/dev/xvdb"


def test_instances_volumes_and_interfaces_say_whose_they_are() -> None:
    specifications = aws.args(document(), TEMPLATE)["tag_specifications"]
    assert {one["resource_type"] for one in specifications} == {
        "instance",
        "network-interface",
        "volume",
    }
    assert all(one["tags"]["meshtier-cluster"] == "shop" for one in specifications)


def test_a_group_takes_the_newest_version_of_its_template() -> None:
    assert group()["launch_template"] == {
        "id": Ref(resource=TEMPLATE, output="id"),
        "version": Text((Ref(resource=TEMPLATE, output="latest_version"),)),
    }


def test_the_autoscalers_word_is_left_alone() -> None:
    assert group(min=3)["scaling_config"] == {"desired_size": 3, "max_size": 6, "min_size": 3}
    assert group(min=3, desired=5)["scaling_config"]["desired_size"] == 5
    assert aws.by_name(document())[GROUP].ignore_changes == ("scaling_config.desired_size",)


def test_labels_and_taints_are_spelled_as_eks_does() -> None:
    args = aws.args(aws.rich_aws_document(), "test-shop-nodes.batch")
    assert args["labels"] == {"workload": "batch"}
    assert args["taints"] == [{"key": "batch", "effect": "NO_SCHEDULE", "value": "yes"}]
    assert args["capacity_type"] == "SPOT"
    assert "taints" not in group()


@pytest.mark.parametrize(
    "settings",
    [{"types": ["m7a.large"]}, {"ami": "AL2023_x86_64_NVIDIA"}, {"spot": True}],
)
def test_what_replaces_a_group_renames_it_so_that_the_new_one_can_come_first(
    settings: dict[str, Any],
) -> None:
    assert group(**settings)["node_group_name"] != group()["node_group_name"]
    assert aws.by_name(document(**settings))[GROUP].delete_before_replace is False


def test_so_does_another_zone() -> None:
    two, three = (
        aws.args(aws.alone_aws_document(zones=[f"eu-central-1{x}" for x in letters]), GROUP)
        for letters in ("ab", "abc")
    )
    assert two["node_group_name"] != three["node_group_name"]


def test_so_does_another_given_subnet() -> None:
    def name(subnet: str) -> str:
        private = {"eu-central-1a": subnet, "eu-central-1b": "subnet-0b"}
        network = {"given": {"vpc": "vpc-0a1b2c3d", "privateSubnets": private}}
        return aws.args(aws.alone_aws_document(network=network), GROUP)["node_group_name"]

    assert name("subnet-0a") != name("subnet-0c")


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({"min": 3}, {GROUP}),
        ({"max": 9}, {GROUP}),
        ({"desired": 4}, {GROUP}),
        ({"labels": {"a": "b"}}, {GROUP}),
        ({"taints": [{"key": "a", "effect": "NoExecute"}]}, {GROUP}),
        ({"disk": 99}, {TEMPLATE}),
    ],
)
def test_what_is_changed_in_place_keeps_the_name(
    settings: dict[str, Any], changed: set[str]
) -> None:
    assert aws.differing(document(), document(**settings)) == changed
    assert group(**settings)["node_group_name"] == group()["node_group_name"]


def test_the_name_of_a_group_is_a_contract() -> None:
    # With another digest every group there is would be replaced.
    assert group()["node_group_name"] == "general-60fb1f"


def test_names_are_within_their_limits() -> None:
    name = "a-group-of-25-characters-"[:24] + "x"
    cluster = "shop-with-a-name-of-36-characters-xx"
    block = aws.aws_cluster("eu", 32, nodes={name: {}})
    resources = aws.by_name(aws.aws_document({cluster: block}))
    eks = resources[f"test-{cluster}-nodes.{name}"].args["node_group_name"]
    assert len(eks) <= 63
    assert re.fullmatch(r"[a-zA-Z0-9][\w-]*", eks)
    for one in resources.values():
        if one.type == "aws:iam/role:Role":
            assert len(one.args["name"]) <= 64, one.name


def test_templates_of_two_clusters_never_have_one_name() -> None:
    clusters = {
        "shop": aws.aws_cluster("eu", 32, nodes={"eu-general": {}}),
        "shop-eu": aws.aws_cluster("eu", 33, nodes={"general": {}}),
    }
    resources = aws.by_name(aws.aws_document(clusters)).values()
    names = [one.args["name"] for one in resources if "LaunchTemplate" in one.type]
    assert sorted(names) == ["test-shop-eu.general", "test-shop.eu-general"]


def test_nodes_come_after_their_network_plugin_their_routes_and_their_policies() -> None:
    needed = set(aws.by_name(document())[GROUP].depends_on)
    assert needed >= {
        "test-shop-addon.vpc-cni",
        "test-shop-addon.kube-proxy",
        "test-shop-addon.eks-pod-identity-agent",
        "test-shop-node-policy.AmazonEKSWorkerNodePolicy",
        "test-shop-node-policy.AmazonEC2ContainerRegistryPullOnly",
        *(f"test-shop-private-way-out.eu-central-1{letter}" for letter in "abc"),
        "test-shop-endpoint.s3",
    }


def test_a_group_more_is_a_template_and_a_group_more() -> None:
    two = aws.alone_aws_document(nodes={"general": {}, "more": {}})
    touched = aws.differing(aws.alone_aws_document(nodes={"general": {}}), two)
    assert touched == {
        "test-shop-node-template.more",
        "test-shop-nodes.more",
        # They start on nodes, and go before the last of them.
        "test-shop-addon.aws-ebs-csi-driver",
        "test-shop-addon.coredns",
    }
