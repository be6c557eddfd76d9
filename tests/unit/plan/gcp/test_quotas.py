"""What Google Cloud takes only so many of is refused before anything is made."""

from typing import Any

import pytest
from meshtier.errors import SpecError

from tests.support import gcp_clouds as gcp


def allowing(count: int) -> dict[str, Any]:
    """The document with a control plane that so many ranges may reach, beside its peers'."""
    ranges = [f"198.51.100.{number}/32" for number in range(count)]
    return gcp.changed({f"{gcp.PAY}/cloud/gcp/endpoint": {"ranges": ranges}})


def test_a_control_plane_takes_a_hundred_ranges_with_its_peers_and_no_more() -> None:
    peers = gcp.args(allowing(1), "test-pay-control-plane")
    count = len(peers["master_authorized_networks_config"]["cidr_blocks"]) - 1
    assert count > 0, "peers count among them"
    gcp.planned(allowing(100 - count))
    with pytest.raises(SpecError) as refused:
        gcp.planned(allowing(101 - count))
    assert str(refused.value) == (
        f"{gcp.PAY.replace('/', '.')}.cloud.gcp.endpoint.ranges: got 101 ranges with the addresses "
        "that peers come from; allowed at most 100; write fewer, or wider ones in their place"
    )


def sharing(count: int, region: str) -> dict[str, Any]:
    """The document with so many more clusters of another region in a VPC."""
    shared = {"region": region, "network": {"sharedWith": "eu"}}
    blocks = {
        f"{gcp.EU}/userClusters/more-{number}": {
            **gcp.cluster(20 + number, **shared),
            "mesh": {"network": "eu"},
        }
        for number in range(count)
    }
    return gcp.changed(blocks)


def test_a_vpc_takes_five_routers_in_a_region() -> None:
    gcp.planned(sharing(9, "europe-west3"))
    gcp.planned(sharing(5, "europe-west4"))
    with pytest.raises(SpecError) as refused:
        gcp.planned(sharing(6, "europe-west4"))
    assert str(refused.value) == (
        "seeds.eu.userClusters.more-5.cloud.gcp.network: got Cloud Router 6 of one VPC in "
        "europe-west4; allowed at most 5, one of them for all in the owner's region; let a "
        "cluster in that region own the VPC, or some have another one"
    )
