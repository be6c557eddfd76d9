"""The nearest place that writes a setting wins."""

from typing import Any

import pytest
from meshtier.spec import ClusterSpec, Level
from meshtier.spec.model import ExistingObjects

from tests.unit.spec.documents import MISSING, loaded

OWN = "seeds/eu/userClusters/shop"
SEED = "seeds/eu/defaults"
MASTER = "master/defaults"


def named(changes: dict[str, Any], name: str) -> ClusterSpec:
    return next(cluster for cluster in loaded(changes).clusters if cluster.name == name)


def test_clusters_come_master_first_then_each_seed_with_its_user_clusters_by_name():
    clusters = loaded({}).clusters
    assert [(cluster.name, cluster.level, cluster.parent) for cluster in clusters] == [
        ("hq", Level.MASTER, None),
        ("eu", Level.SEED, "hq"),
        ("pay", Level.USER, "eu"),
        ("shop", Level.USER, "eu"),
        ("us", Level.SEED, "hq"),
        ("web", Level.USER, "us"),
    ]
    assert [cluster.path for cluster in clusters] == [
        "master",
        "seeds.eu",
        "seeds.eu.userClusters.pay",
        "seeds.eu.userClusters.shop",
        "seeds.us",
        "seeds.us.userClusters.web",
    ]


def test_built_in_only_user_clusters_are_members():
    assert [cluster.name for cluster in loaded({}).members()] == ["pay", "shop", "web"]


def test_built_in_values_hold_where_nothing_is_written():
    shop = named({}, "shop")
    assert shop.member is not None
    assert (shop.member.gateway, shop.member.gateway_replicas, shop.member.wait) == (True, 2, True)
    assert shop.existing_objects is ExistingObjects.REFUSE
    assert shop.labels == {}


def test_built_in_a_mesh_on_one_network_has_no_gateways():
    shop = named({"seeds/us/defaults/mesh/network": "eu"}, "shop")
    assert shop.member is not None
    assert shop.member.gateway is False


def test_networks_of_clusters_outside_the_mesh_do_not_call_for_gateways():
    changes = {"seeds/us/defaults/mesh/network": "eu", "seeds/us/mesh": {"network": "elsewhere"}}
    shop = named(changes, "shop")
    assert shop.member is not None
    assert shop.member.gateway is False


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((MASTER,), MASTER),
        ((MASTER, SEED), SEED),
        ((MASTER, SEED, OWN), OWN),
        ((SEED, OWN), OWN),
        ((MASTER, OWN), OWN),
    ],
)
def test_of_cluster_seed_and_master_the_nearest_wins(written: tuple[str, ...], expected: str):
    replicas = {MASTER: 3, SEED: 4, OWN: 5}
    changes = {f"{place}/mesh/gateway": {"replicas": replicas[place]} for place in written}
    shop = named(changes, "shop")
    assert shop.member is not None
    assert shop.member.gateway_replicas == replicas[expected]


@pytest.mark.parametrize("place", [OWN, SEED, MASTER])
def test_every_setting_comes_down_from_every_level(place: str):
    shop = named(
        {
            "seeds/eu/defaults": MISSING,
            "seeds/eu/userClusters/pay/mesh": {"member": False},
            f"{place}/mesh": {
                "network": "eu",
                "wait": False,
                "gateway": {"enabled": True, "replicas": 7, "annotations": {"a": "b"}},
            },
            f"{place}/labels": {"acme.example/team": "web"},
            f"{place}/existingObjects": "adopt",
        },
        "shop",
    )
    assert shop.member is not None
    assert shop.member.network == "eu"
    assert shop.member.wait is False
    assert shop.member.gateway is True
    assert shop.member.gateway_replicas == 7
    assert shop.member.gateway_annotations == {"a": "b"}
    assert shop.labels == {"acme.example/team": "web"}
    assert shop.existing_objects is ExistingObjects.ADOPT


@pytest.mark.parametrize("place", [OWN, SEED, MASTER])
def test_false_is_a_value_like_any_other(place: str):
    assert named({f"{place}/mesh/member": False}, "shop").member is None


def test_a_written_false_is_not_undone_further_up():
    changes = {
        f"{OWN}/mesh": {"member": False},
        f"{MASTER}/mesh": {"member": True, "network": "hub"},
    }
    assert named(changes, "shop").member is None


def test_defaults_of_the_master_hold_for_seeds():
    changes = {f"{MASTER}/mesh": {"member": True, "network": "hub"}}
    assert [cluster.name for cluster in loaded(changes).members()] == [
        "eu",
        "pay",
        "shop",
        "us",
        "web",
    ], "the master itself takes nothing from them"


def test_defaults_of_a_seed_hold_neither_for_itself_nor_for_other_seeds():
    changes = {f"{SEED}/existingObjects": "adopt"}
    adopting = [
        cluster.name
        for cluster in loaded(changes).clusters
        if cluster.existing_objects is ExistingObjects.ADOPT
    ]
    assert adopting == ["pay", "shop"]


def test_what_a_seed_says_of_itself_does_not_come_down():
    changes = {"seeds/eu/existingObjects": "adopt", "seeds/eu/labels": {"a": "b"}}
    shop = named(changes, "shop")
    assert shop.existing_objects is ExistingObjects.REFUSE
    assert shop.labels == {}


def test_labels_and_annotations_are_merged_key_by_key():
    changes = {
        f"{MASTER}/labels": {"a": "master", "b": "master", "c": "master"},
        f"{SEED}/labels": {"b": "seed", "c": "seed"},
        f"{OWN}/labels": {"c": "own"},
        f"{MASTER}/mesh/gateway": {"annotations": {"a": "master", "b": "master"}},
        f"{OWN}/mesh": {"gateway": {"annotations": {"b": "own"}}},
    }
    shop = named(changes, "shop")
    assert shop.labels == {"a": "master", "b": "seed", "c": "own"}
    assert shop.member is not None
    assert shop.member.gateway_annotations == {"a": "master", "b": "own"}


def test_without_a_mesh_nobody_is_a_member():
    environment = loaded({"mesh": MISSING})
    assert environment.mesh is None
    assert environment.members() == ()
