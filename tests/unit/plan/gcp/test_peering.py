"""Peering: both sides, once per pair of networks."""

from typing import Any

from meshtier.plan.late import Ref
from meshtier.plan.resources import ResourcePlan

from tests.support import gcp_clouds as gcp


def peerings(document: dict[str, Any]) -> list[ResourcePlan]:
    """Return the planned peerings."""
    kind = "gcp:compute/networkPeering:NetworkPeering"
    return [one for one in gcp.planned(document).resources if one.type == kind]


def test_peered_networks_have_a_side_each_made_one_by_one() -> None:
    there, back = peerings(gcp.changed({}))
    eu, pay = (Ref(resource=f"test-{name}-network", output="self_link") for name in ("eu", "pay"))
    assert there.args == {"name": "test-eu-to-pay", "network": eu, "peer_network": pay}
    assert back.args == {"name": "test-pay-to-eu", "network": pay, "peer_network": eu}
    assert back.depends_on == (there.name,)


def test_each_side_is_made_in_its_own_project() -> None:
    changes = {f"{gcp.PAY}/cloud/gcp/project": "acme-pay"}
    there, back = peerings(gcp.changed(changes))
    assert (there.provider, back.provider) == ("test-gcp.acme-eu", "test-gcp.acme-pay")


def test_networks_that_are_not_peered_have_none() -> None:
    document = gcp.changed({"mesh/networks/eu": {}})
    assert peerings(document) == []


def test_clusters_in_one_vpc_need_none() -> None:
    path = f"{gcp.PAY}/cloud/gcp/network"
    assert peerings(gcp.changed({path: {"sharedWith": "eu"}})) == []


def test_vpcs_of_one_mesh_network_are_peered() -> None:
    document = gcp.changed({f"{gcp.PAY}/mesh/network": "eu"})
    assert [one.name for one in peerings(document)] == [
        "test-eu-peering.pay",
        "test-eu-peering-back.pay",
    ]


def test_who_else_shares_a_network_leaves_its_peering_alone() -> None:
    # It sorts before every other cluster, so it is the first of its network to be seen.
    first = {
        **gcp.cluster(7, network={"sharedWith": "pay"}),
        "mesh": {"network": "pay"},
    }
    more = gcp.changed({"seeds/eu/userClusters/a": first})
    assert peerings(more) == peerings(gcp.changed({}))


def test_a_given_network_is_peered_with_a_made_one_from_there() -> None:
    changes = {
        "mesh/networks/us": {"peeredWith": ["pay"]},
        f"{gcp.WEB}/cloud/gcp/project": "acme-web",
    }
    there, back = peerings(gcp.changed(changes))[2:]
    assert (there.name, there.parent) == ("test-pay-peering.acme-host.core", "test-pay")
    assert back.name == "test-pay-peering-back.acme-host.core"
    assert there.args["peer_network"] == "projects/acme-host/global/networks/core"
    assert back.args["network"] == "projects/acme-host/global/networks/core"
    assert back.args["name"] == "test-acme-host-core-to-pay"


def test_a_peering_is_protected_as_long_as_both_ends_are() -> None:
    assert all(one.protect for one in peerings(gcp.changed({})))
    allowed = gcp.changed({"guards": {"protect": True, "allow": ["pay"]}})
    assert not any(one.protect for one in peerings(allowed))


def test_a_vpc_that_clusters_of_two_projects_are_given_is_peered_once() -> None:
    beside = gcp.cluster(7, region="us-west1", project="acme-beside", network=gcp.GIVEN)
    changes = {
        "mesh/networks/us": {"peeredWith": ["pay"]},
        "seeds/us/userClusters/beside": {**beside, "mesh": {"network": "us"}},
        "seeds/us/userClusters/beside/addresses/egress": ["203.0.113.7/32"],
    }
    names = [one.name for one in peerings(gcp.changed(changes))]
    assert names.count("test-pay-peering.acme-host.core") == 1
