"""Node pools, and the account their nodes run as."""

from typing import Any

import pytest
from meshtier.plan.late import Ref
from meshtier.plan.resources import ResourcePlan

from tests.support import gcp_clouds as gcp

PATH = f"{gcp.PAY}/cloud/gcp"


def pool(**settings: Any) -> ResourcePlan:
    """Return pay's only pool under other settings."""
    document = gcp.changed({f"{PATH}/nodes": {"general": settings}})
    return gcp.resources(document)["test-pay-node-pool.general"]


def test_a_pool_scales_over_all_zones_and_is_kept_up_to_date() -> None:
    args = pool(min=3, max=9).args
    assert args["cluster"] == Ref(resource="test-pay-control-plane", output="id")
    assert args["autoscaling"] == {
        "total_min_node_count": 3,
        "total_max_node_count": 9,
        "location_policy": "BALANCED",
    }
    assert args["management"] == {"auto_repair": True, "auto_upgrade": True}
    assert "node_count" not in args, "the autoscaler's word"
    assert "version" not in args, "the channel's word"


@pytest.mark.parametrize(
    ("fewest", "cloud", "per_zone"),
    [
        (2, {}, 1),
        (4, {}, 2),
        (0, {}, 0),
        (3, {"zones": ["europe-west3-a"]}, 3),
        (3, {"zone": "europe-west3-a", "zones": ["europe-west3-b"]}, 2),
    ],
)
def test_it_begins_with_its_fewest_nodes_rounded_up_per_zone(
    fewest: int, cloud: dict[str, Any], per_zone: int
) -> None:
    nodes = {"general": {"min": fewest}, "more": {"min": 2}}
    changes = {f"{PATH}/{key}": value for key, value in {**cloud, "nodes": nodes}.items()}
    plan = gcp.resources(gcp.changed(changes))["test-pay-node-pool.general"]
    assert plan.args["initial_node_count"] == per_zone
    # A change would replace the pool.
    assert "initial_node_count" in plan.ignore_changes


def test_a_pool_that_is_replaced_takes_over_before_the_old_one_goes() -> None:
    before, after = pool(), pool(spot=True)
    assert before.args["name"] != after.args["name"]
    assert after.delete_before_replace is False
    assert after.args["node_config"]["spot"] is True
    assert after.args["autoscaling"]["location_policy"] == "ANY"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"type": "c3-standard-4"}, {"machine_type": "c3-standard-4"}),
        ({"disk": 50}, {"disk_size_gb": 50}),
        ({"diskType": "pd-ssd"}, {"disk_type": "pd-ssd"}),
        ({"labels": {"tier": "web"}}, {"labels": {"tier": "web"}}),
        (
            {"taints": [{"key": "k", "value": "v", "effect": "PreferNoSchedule"}]},
            {"taints": [{"key": "k", "value": "v", "effect": "PREFER_NO_SCHEDULE"}]},
        ),
    ],
)
def test_a_setting_of_nodes_changes_them_and_nothing_else(
    settings: dict[str, Any], expected: dict[str, Any]
) -> None:
    before, after = pool().args, pool(**settings).args
    assert {**before, "node_config": None} == {**after, "node_config": None}
    assert after["node_config"] == {**before["node_config"], **expected}


def test_nodes_run_as_an_account_that_pods_never_see() -> None:
    node = pool().args["node_config"]
    assert node["service_account"] == Ref(resource="test-pay-node-account", output="email")
    assert node["workload_metadata_config"] == {"mode": "GKE_METADATA"}
    assert node["kubelet_config"] == {"insecure_kubelet_readonly_port_enabled": "FALSE"}
    assert node["shielded_instance_config"]["enable_secure_boot"] is True
    assert node["tags"] == ["test-pay-nodes"]


def test_the_account_may_be_a_node_and_nothing_else() -> None:
    plan = [one for one in gcp.planned(gcp.changed({})).resources if one.parent == "test-pay"]
    account = next(one for one in plan if one.name == "test-pay-node-account")
    assert account.args["account_id"] == "test-pay-nodes"
    bindings = [one.args for one in plan if one.type == "gcp:projects/iAMMember:IAMMember"]
    assert bindings == [
        {
            "project": "acme-eu",
            "role": "roles/container.defaultNodeServiceAccount",
            "member": Ref(resource="test-pay-node-account", output="member"),
        }
    ]


def test_nodes_have_their_rights_before_they_start() -> None:
    assert pool().depends_on == ("test-pay-node-role.node",)
