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
