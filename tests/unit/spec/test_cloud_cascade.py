"""A cloud's settings come from the nearest place that writes them, field by field."""

from typing import Any

from meshtier.spec.aws import AwsCloud
from meshtier.spec.gcp import GcpCloud

from tests.unit.spec.cloud_documents import OFFICE, at_web, aws
from tests.unit.spec.documents import errors, loaded

NEAR = "seeds/us/defaults"
FAR = "master/defaults"
WEB = "seeds/us/userClusters/web/cloud"


def web_on_aws(changes: dict[str, Any]) -> AwsCloud:
    clusters = loaded({**at_web(aws()), **changes}).clusters
    (cloud,) = [cluster.cloud for cluster in clusters if cluster.name == "web"]
    assert isinstance(cloud, AwsCloud)
    return cloud


def test_a_seeds_default_comes_before_the_masters_and_after_the_clusters_own():
    changes = {
        f"{FAR}/cloud": {"aws": {"version": "1.34", "support": "extended", "region": "eu-west-1"}},
        f"{NEAR}/cloud": {"aws": {"version": "1.36", "region": "eu-north-1"}},
    }
    cloud = web_on_aws(changes)
    assert (cloud.region, cloud.version, cloud.support.value) == (
        "eu-central-1",
        "1.36",
        "extended",
    )


def test_a_built_in_value_of_a_near_place_hides_nothing_that_is_written_further_away():
    cloud = web_on_aws(
        {f"{FAR}/cloud": {"aws": {"support": "extended"}}, f"{NEAR}/cloud": {"aws": {}}}
    )
    assert cloud.support.value == "extended"


def test_maps_are_merged_key_by_key_and_their_blocks_field_by_field():
    far = {"tags": {"team": "far", "cost": "far"}, "nodes": {"general": {"max": 9, "disk": 80}}}
    changes = {
        f"{FAR}/cloud": {"aws": far},
        WEB: aws(tags={"team": "own"}, nodes={"general": {"max": 12}, "spare": {"spot": True}}),
    }
    cloud = web_on_aws(changes)
    assert cloud.tags == {"team": "own", "cost": "far"}
    assert sorted(cloud.nodes) == ["general", "spare"]
    assert (cloud.nodes["general"].max, cloud.nodes["general"].disk) == (12, 80)


def test_lists_are_taken_whole():
    changes = {f"{FAR}/cloud": {"aws": {"logs": ["api"], "endpoint": {"ranges": ["192.0.2.0/24"]}}}}
    cloud = web_on_aws(changes)
    assert [log.value for log in cloud.logs] == ["api"]
    assert cloud.endpoint.ranges == (OFFICE,)


def test_where_a_network_comes_from_is_one_choice():
    changes = {
        f"{FAR}/cloud": {"aws": {"network": {"sharedWith": "us"}}},
        WEB: aws(network={"create": {"nat": "single"}}),
    }
    network = web_on_aws(changes).network
    assert network.create is not None
    assert network.shared_with is None


def test_defaults_of_one_cloud_leave_the_others_alone():
    changes = at_web({"gcp": {"project": "acme-us"}})
    changes[f"{FAR}/cloud"] = {
        "aws": {"region": "us-west-2"},
        "gcp": {"region": "us-west1", "endpoint": {"ranges": [OFFICE]}, "nodes": {"general": {}}},
    }
    (cloud,) = [cluster.cloud for cluster in loaded(changes).clusters if cluster.name == "web"]
    assert isinstance(cloud, GcpCloud)
    assert (cloud.project, cloud.region) == ("acme-us", "us-west1")


def test_a_wrong_value_in_the_defaults_is_told_where_it_stands():
    changes = {f"{FAR}/cloud": {"aws": {"identity": "kiam"}}}
    assert errors(changes) == [
        "master.defaults.cloud.aws.identity: got 'kiam'; allowed 'podIdentity' or 'irsa'; write "
        "one of them"
    ]


def test_guards_are_on_where_a_cloud_makes_a_cluster_unless_said_otherwise():
    assert not loaded({}).guards.protects("shop")
    assert loaded(at_web(aws())).guards.protects("shop")
    assert not loaded({**at_web(aws()), "guards": {"protect": False}}).guards.protects("shop")
    assert loaded({"guards": {"protect": True}}).guards.protects("shop")


def test_a_guard_is_lifted_by_name():
    guards = loaded({"guards": {"protect": True, "allow": ["shop"]}}).guards
    assert (guards.protects("shop"), guards.protects("pay")) == (False, True)
