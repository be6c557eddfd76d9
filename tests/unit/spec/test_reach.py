"""By which way clusters reach each other."""

from typing import Any

import pytest
from meshtier.spec.reach import Reach, Route, reach

from tests.unit.spec.cloud_documents import at_web, aws, gcp
from tests.unit.spec.documents import loaded

US = "seeds/us"
GIVEN = {"vpc": "vpc-1", "privateSubnets": {"eu-central-1a": "s-1", "eu-central-1b": "s-2"}}


def ways(changes: dict[str, Any]) -> Reach:
    return reach(loaded(changes))


def on_aws(cluster: str, nodes: str, services: str, **more: Any) -> dict[str, Any]:
    return {
        f"{cluster}/cloud": aws(**more),
        f"{cluster}/addresses": {"nodes": nodes, "services": services},
    }


@pytest.mark.parametrize(
    ("one", "other", "route"),
    [
        ("shop", "pay", Route.PEERED),  # one mesh network
        ("shop", "web", Route.PUBLIC),  # two networks
        ("hq", "eu", Route.PUBLIC),  # of clusters outside the mesh nothing is known
    ],
)
def test_existing_clusters_are_routed_within_a_network(one: str, other: str, route: Route):
    assert ways({}).route(one, other) is route
    assert ways({}).route(other, one) is route


def test_peered_networks_are_routed_whoever_says_it():
    for eu, us in (({"peeredWith": ["us"]}, {}), ({}, {"peeredWith": ["eu"]})):
        assert ways({"mesh/networks": {"eu": eu, "us": us}}).route("shop", "web") is Route.PEERED


def test_clusters_that_share_a_vpc_are_local_to_each_other():
    changes = {
        **at_web(aws(network={"sharedWith": "us"}), addresses={"services": "10.84.0.0/20"}),
        **on_aws(US, "10.96.0.0/16", "10.97.0.0/20"),
    }
    found = ways(changes)
    assert found.route("us", "web") is Route.LOCAL
    assert found.owner(found.clusters["web"]).name == "us"


def test_clusters_in_one_given_vpc_are_local_to_each_other():
    changes = {
        **at_web(aws(network={"given": GIVEN}), **{"addresses/egress": ["203.0.113.6/32"]}),
        **on_aws(US, "10.96.0.0/16", "10.97.0.0/20", network={"given": GIVEN}),
    }
    assert ways(changes).route("us", "web") is Route.LOCAL


def test_vpcs_of_different_projects_are_apart_whatever_their_name():
    given = {"network": "main", "subnetwork": "s", "podsRange": "p", "servicesRange": "v"}
    changes = {
        **at_web(gcp(network={"given": given}), **{"addresses/egress": ["203.0.113.6/32"]}),
        f"{US}/cloud": gcp(project="another", network={"given": given}),
        f"{US}/addresses": {
            "nodes": "10.96.0.0/20",
            "pods": "10.97.0.0/16",
            "services": "10.98.0.0/20",
        },
    }
    assert ways(changes).route("us", "web") is Route.PUBLIC


@pytest.mark.parametrize(
    "link",
    [
        "projects/acme-host/global/networks/core",
        "https://www.googleapis.com/compute/v1/projects/acme-host/global/networks/core",
    ],
)
def test_a_vpc_shared_between_projects_is_one_whoever_names_it_and_how(link: str):
    given = {"subnetwork": "s", "podsRange": "p", "servicesRange": "v"}
    path = "projects/acme-host/global/networks/core"
    changes = {
        **at_web(
            gcp(network={"given": {**given, "network": path}}),
            **{"addresses/egress": ["203.0.113.6/32"]},
        ),
        f"{US}/cloud": gcp(project="another", network={"given": {**given, "network": link}}),
        f"{US}/addresses": {
            "nodes": "10.96.0.0/20",
            "pods": "10.97.0.0/16",
            "services": "10.98.0.0/20",
        },
    }
    assert ways(changes).route("us", "web") is Route.LOCAL
