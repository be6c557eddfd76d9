"""Every setting of the block `cloud.aws` changes what it is about, and nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest
from meshtier.spec.aws import AwsCloud, AwsCreatedNetwork, AwsNodeGroup

from tests.support import clouds as aws

ROLE = f"arn:aws:iam::{aws.ACCOUNT}:role/other"
KEY = f"arn:aws:kms:eu-central-1:{aws.ACCOUNT}:key/1234abcd"
TAINT = {"key": "a", "effect": "NoSchedule"}
ALL = "*"
"""Everything but what stands below."""

SETTINGS: Mapping[str, tuple[dict[str, Any], set[str]]] = {
    "account": ({"account": aws.OTHER_ACCOUNT}, {ALL}),
    "assume_role": ({"assumeRole": ROLE}, {"provider"}),
    "region": ({"region": "eu-west-1"}, {ALL}),
    "zones": (
        {"zones": ["eu-central-1c", "eu-central-1b"]},
        {
            *("gateway-reservation", "private-subnet", "public-subnet"),
            *("private-association", "public-association", "private-routes", "private-way-out"),
            *("nat", "nat-address", "control-plane", "endpoint", "nodes"),
        },
    ),
    "network": (
        {"network": {"create": aws.WITHOUT_NAT}},
        {
            *("nat", "nat-address", "private-way-out", "nodes"),
            *("endpoint", "endpoint-guard", "endpoint-caller"),
        },
    ),
    "version": ({"version": "1.36"}, {"control-plane", "nodes"}),
    "support": ({"support": "extended"}, {"control-plane"}),
    "endpoint": ({"endpoint": {"ranges": ["192.0.2.0/24"]}}, {"control-plane"}),
    "encryption_key": ({"encryptionKey": KEY}, {"control-plane", "control-plane-key"}),
    "logs": ({"logs": []}, {"control-plane"}),
    "admin": ({"admin": ROLE}, {"admin-entry", "admin-policy"}),
    "access": (
        {"access": {"team": {"principal": ROLE, "policy": "edit"}}},
        {"access-entry", "access-policy"},
    ),
    "identity": ({"identity": "irsa"}, {"identity-issuer", "addon", "pod-role"}),
    "addons": (
        {"addons": {name: {"version": "v1.2.3-eksbuild.1"} for name in aws.ADDON_VERSIONS}},
        {"addon"},
    ),
    # Its release is inside the cluster: no resource of the cloud changes.
    "load_balancer_controller": ({"loadBalancerController": {"version": "3.6.0"}}, set()),
    "nodes": ({"nodes": {"general": {"max": 9}}}, {"nodes"}),
    "tags": ({"tags": {"owner": "platform"}}, {ALL}),
}

GROUP: Mapping[str, tuple[Any, set[str]]] = {
    "types": (["m7i.xlarge"], {"nodes"}),
    "min": (3, {"nodes"}),
    "desired": (4, {"nodes"}),
    "max": (9, {"nodes"}),
    "disk": (99, {"node-template"}),
    "ami": ("AL2023_x86_64_NVIDIA", {"nodes"}),
    "spot": (True, {"nodes"}),
    "labels": ({"a": "b"}, {"nodes"}),
    "taints": ([TAINT], {"nodes"}),
}

NETWORK: Mapping[str, tuple[Any, set[str]]] = {
    "nat": ("single", {"nat", "nat-address", "private-way-out"}),
    "endpoints": ([], {"endpoint", "nodes"}),
}


def touched(**cloud: Any) -> set[str]:
    """Return the roles of what differs from a cluster without the setting."""
    names = aws.differing(aws.alone_aws_document(), aws.alone_aws_document(**cloud))
    return {_role(name) for name in names}


def _role(name: str) -> str:
    if not name.startswith("test-shop-"):
        return "provider"
    return name.removeprefix("test-shop-").partition(".")[0]


def test_no_setting_is_forgotten() -> None:
    assert SETTINGS.keys() == AwsCloud.model_fields.keys()
    assert GROUP.keys() == AwsNodeGroup.model_fields.keys()
    assert NETWORK.keys() == AwsCreatedNetwork.model_fields.keys()


@pytest.mark.parametrize(
    "setting", [key for key, (_, roles) in SETTINGS.items() if ALL not in roles]
)
def test_a_setting_changes_what_it_is_about(setting: str) -> None:
    cloud, roles = SETTINGS[setting]
    assert touched(**cloud) == roles


@pytest.mark.parametrize("setting", GROUP)
def test_a_setting_of_a_group_changes_what_it_is_about(setting: str) -> None:
    value, roles = GROUP[setting]
    assert touched(nodes={"general": {setting: value}}) == roles


@pytest.mark.parametrize("setting", NETWORK)
def test_a_setting_of_a_network_changes_what_it_is_about(setting: str) -> None:
    value, roles = NETWORK[setting]
    assert touched(network={"create": {setting: value}}) == roles


def kept(**cloud: Any) -> set[str]:
    """Return the roles of what is the same with the setting."""
    before, after = aws.alone_aws_document(), aws.alone_aws_document(**cloud)
    same = aws.by_name(before).keys() - aws.differing(before, after)
    return {_role(name) for name in same}


def test_in_another_account_nothing_is_the_same() -> None:
    assert kept(**SETTINGS["account"][0]) == set()


def test_in_another_region_only_what_is_of_the_account_is_the_same() -> None:
    roles = {"control-plane-policy", "control-plane-role", "node-policy", "node-role"}
    assert kept(**SETTINGS["region"][0]) == {"provider", "pod-policy", "pod-role", *roles}


def test_the_version_of_the_controllers_chart_changes_its_release() -> None:
    cloud, _ = SETTINGS["load_balancer_controller"]
    (before,) = aws.planned(aws.peered_aws_document()).cluster("shop").inside.releases
    (after,) = aws.planned(aws.peered_aws_document(**cloud)).cluster("shop").inside.releases
    assert (before.version, after.version) == ("3.5.0", "3.6.0")
