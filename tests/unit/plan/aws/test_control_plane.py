"""The EKS cluster: what it is told, who reaches it, and who may do what in it."""

from typing import Any

import pytest
from meshtier.plan.late import Ref, refs

from tests.support import clouds as aws

CLUSTER = "test-shop-control-plane"
GROUP = Ref(resource=CLUSTER, output="vpc_config.cluster_security_group_id")
ALONE = aws.alone_aws_document()
KEY = f"arn:aws:kms:eu-central-1:{aws.ACCOUNT}:key/1234abcd"


def cluster(**cloud: Any) -> Any:
    return aws.args(aws.alone_aws_document(**cloud), CLUSTER)


def callers(document: dict[str, Any], role: str) -> dict[str, tuple[int, int]]:
    """Return the ports that each source reaches on the cluster's own security group."""
    found = {
        name.partition(f"test-shop-{role}.")[2]: one
        for name, one in aws.by_name(document).items()
        if name.startswith(f"test-shop-{role}.")
    }
    assert all(one.args["security_group_id"] == GROUP for one in found.values())
    assert all(one.args["ip_protocol"] == "tcp" for one in found.values())
    return {key: (one.args["from_port"], one.args["to_port"]) for key, one in found.items()}


def test_what_replaces_a_cluster_is_written_down_and_never_left_to_a_default() -> None:
    args = cluster()
    assert args["name"] == "test-shop"
    assert args["access_config"] == {
        "authentication_mode": "API",
        "bootstrap_cluster_creator_admin_permissions": False,
    }
    assert args["bootstrap_self_managed_addons"] is False
    assert args["kubernetes_network_config"] == {
        "ip_family": "ipv4",
        "service_ipv4_cidr": "172.20.128.0/22",
    }


def test_a_public_endpoint_lets_in_the_named_ranges_only_and_nodes_come_in_privately() -> None:
    config = cluster()["vpc_config"]
    assert config["endpoint_private_access"] is True
    assert config["endpoint_public_access"] is True
    assert config["public_access_cidrs"] == [aws.OFFICE]
    assert callers(ALONE, "api-caller") == {}


def test_a_private_endpoint_lets_in_named_ranges_and_peers_through_its_security_group() -> None:
    private = {"public": False, "ranges": ["10.200.0.0/24"]}
    document = aws.peered_aws_document(endpoint=private)
    config = aws.args(document, CLUSTER)["vpc_config"]
    assert config["endpoint_public_access"] is False
    assert "public_access_cidrs" not in config
    assert callers(document, "api-caller") == {
        "10.200.0.0/24": (443, 443),
        "10.33.0.0/16": (443, 443),
    }


def test_neighbours_in_the_vpc_come_to_a_public_endpoint_by_its_private_addresses() -> None:
    own = {"services": "172.21.0.0/22"}
    neighbour = aws.aws_cluster("pay", 33, network={"sharedWith": "shop"}, addresses=own)
    clusters = {"shop": aws.aws_cluster("eu", 32), "pay": neighbour}
    document = aws.aws_document(clusters)
    assert callers(document, "api-caller") == {"10.32.0.0/16": (443, 443)}
    neighbour["mesh"]["network"] = "eu"
    flat = aws.aws_document(clusters)
    assert callers(flat, "api-caller") == {}
    assert callers(flat, "flat-caller") == {"10.32.0.0/16": (0, 65535)}, "every port, 443 too"


def test_pods_that_share_a_vpc_come_from_their_owners_range_of_pods() -> None:
    ranges = {"nodes": "10.33.0.0/20", "pods": "100.64.0.0/16", "services": "172.20.132.0/22"}
    owner = aws.aws_cluster("pay", 33, addresses=ranges)
    owner["mesh"] = {"member": False}
    own = {"services": "172.21.0.0/22"}
    clusters = {
        "shop": aws.aws_cluster("eu", 32),
        "pay": aws.aws_cluster("eu", 34, network={"sharedWith": "pay-vpc"}, addresses=own),
    }
    document = aws.aws_document(clusters)
    document["seeds"]["eu"]["userClusters"]["pay-vpc"] = owner
    assert set(callers(document, "flat-caller")) == {"10.33.0.0/20", "100.64.0.0/16"}


def test_pods_of_the_same_mesh_network_come_in_on_every_port() -> None:
    assert callers(aws.rich_aws_document(), "flat-caller") == {
        "10.32.0.0/16": (0, 65535),
        "10.33.0.0/16": (0, 65535),
    }
    assert callers(aws.peered_aws_document(), "flat-caller") == {}


@pytest.mark.parametrize(
    ("cloud", "key", "value"),
    [
        ({"version": "1.36"}, "version", "1.36"),
        ({"support": "extended"}, "upgrade_policy", {"support_type": "EXTENDED"}),
        ({"logs": ["scheduler", "api"]}, "enabled_cluster_log_types", ["api", "scheduler"]),
        (
            {"encryptionKey": KEY},
            "encryption_config",
            {"provider": {"key_arn": KEY}, "resources": ["secrets"]},
        ),
    ],
)
def test_a_setting_of_the_cluster_changes_what_it_says(
    cloud: dict[str, Any], key: str, value: Any
) -> None:
    before, after = cluster(), cluster(**cloud)
    assert after[key] == value
    assert {name for name in before | after if before.get(name) != after.get(name)} == {key}


def test_the_role_may_use_the_key_and_no_other() -> None:
    document = aws.alone_aws_document(encryptionKey=KEY)
    policy = aws.args(document, "test-shop-control-plane-key")["policy"]
    assert f'"Resource": "{KEY}"' in policy
    assert aws.differing(ALONE, document) == {CLUSTER, "test-shop-control-plane-key"}


def test_the_roles_policies_outlive_the_cluster() -> None:
    made = aws.by_name(aws.alone_aws_document(encryptionKey=KEY))[CLUSTER]
    assert made.depends_on == (
        "test-shop-control-plane-policy.AmazonEKSClusterPolicy",
        "test-shop-control-plane-key",
    )


def test_the_guard_protects_in_the_stack_and_in_aws() -> None:
    guarded = aws.by_name(ALONE)
    assert guarded[CLUSTER].protect
    assert guarded[CLUSTER].args["deletion_protection"] is True
    allowed = {**ALONE, "guards": {"allow": ["shop"]}}
    assert not any(one.protect for one in aws.by_name(allowed).values())
    assert aws.args(allowed, CLUSTER)["deletion_protection"] is False


def test_the_stacks_own_role_is_cluster_admin() -> None:
    entry = aws.args(ALONE, "test-shop-admin-entry")
    policy = aws.by_name(ALONE)["test-shop-admin-policy"]
    assert entry["principal_arn"] == policy.args["principal_arn"] == aws.ADMIN
    assert policy.args["policy_arn"] == (
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    )
    assert policy.args["access_scope"] == {"type": "cluster"}
    assert policy.depends_on == ("test-shop-admin-entry",)


def test_the_role_that_is_taken_on_is_admin_where_no_other_is_named() -> None:
    role = f"arn:aws:iam::{aws.ACCOUNT}:role/deploy"
    document = aws.alone_aws_document(admin="", assumeRole=role)
    assert aws.args(document, "test-shop-admin-entry")["principal_arn"] == role


def test_others_may_do_what_their_entry_says_where_it_says() -> None:
    document = aws.rich_aws_document()
    policy = aws.args(document, "test-shop-access-policy.developers")
    assert policy["principal_arn"] == f"arn:aws:iam::{aws.ACCOUNT}:role/developers"
    assert policy["policy_arn"].endswith("/AmazonEKSViewPolicy")
    assert policy["access_scope"] == {"type": "namespace", "namespaces": ["shop"]}


def test_one_entry_more_touches_nothing_else() -> None:
    someone = {"principal": f"arn:aws:iam::{aws.ACCOUNT}:role/audit", "policy": "view"}
    document = aws.alone_aws_document(access={"audit": someone})
    assert aws.differing(ALONE, document) == {
        "test-shop-access-entry.audit",
        "test-shop-access-policy.audit",
    }


def test_everything_of_a_cluster_names_it_late_so_that_it_follows_a_replacement() -> None:
    for name, one in aws.by_name(ALONE).items():
        if "cluster_name" in one.args:
            assert one.args["cluster_name"] == Ref(resource=CLUSTER, output="name"), name


def test_a_peer_more_is_let_in_and_changes_nothing_else_of_a_cluster() -> None:
    clusters = {"shop": aws.aws_cluster("eu", 32), "till": aws.aws_cluster("us", 35)}
    more = {**clusters, "bill": aws.aws_cluster("bill", 36)}
    touched = aws.differing(aws.aws_document(clusters), aws.aws_document(more))
    mine = {name for name in touched if name.startswith("test-shop-")}
    callers = {f"test-shop-gateway-caller.test-bill-nat-address.eu-central-1{x}" for x in "abc"}
    assert mine == {CLUSTER, *callers}
    config = aws.args(aws.aws_document(more), CLUSTER)["vpc_config"]["public_access_cidrs"]
    assert {ref.resource.split("-")[1] for ref in refs(config)} == {"bill", "till"}
