"""Routes between the VPCs of two clusters: a peering has one side in each of them."""

import re
from collections.abc import Sequence
from typing import Any

from ..late import LateText
from ..physical import fit
from ..resources import ResourcePlan
from . import names
from .ground import network_link, network_project
from .names import COMPUTE_LIMIT, GcpCluster, provider_name


def peering(pairs: Sequence[tuple[GcpCluster, GcpCluster]]) -> tuple[ResourcePlan, ...]:
    """Return both sides, one by one: Google takes one operation on a network at a time.

    A peering leads to every subnet, and so to all clusters in either network.

    With other peerings of the same networks the provider waits for its turn by itself.
    """
    made, far = sorted(pairs[0], key=_place)
    there = made.of_network_keyed(names.PEERING, _key(far))
    back = made.of_network_keyed(names.PEERING_BACK, _key(far))
    return (
        _side(made, made, far, name=there),
        _side(made, far, made, name=back, depends_on=(there,)),
    )


def _place(cluster: GcpCluster) -> tuple[bool, str]:
    """Return what puts two sides into the same order always: the one that is made here first."""
    return (cluster.cloud.network.given is not None, cluster.owner.name)


def _key(cluster: GcpCluster) -> str:
    """Return the name of a network, the same for all clusters in it."""
    given = cluster.cloud.network.given
    if given is None:
        return cluster.owner.name
    return f"{network_project(cluster)}.{given.network.rpartition('/')[2]}"


def _side(
    home: GcpCluster,
    near: GcpCluster,
    far: GcpCluster,
    *,
    name: str,
    depends_on: tuple[str, ...] = (),
) -> ResourcePlan:
    sides: dict[str, LateText] = {
        "network": network_link(near),
        "peer_network": network_link(far),
    }
    physical = re.sub(r"[^a-z0-9]", "-", f"{near.environment}-{_key(near)}-to-{_key(far)}")
    args: dict[str, Any] = {"name": fit(physical, COMPUTE_LIMIT), **sides}
    return ResourcePlan(
        type="gcp:compute/networkPeering:NetworkPeering",
        name=name,
        args=args,
        parent=home.owner_component,
        provider=provider_name(near),
        depends_on=depends_on,
        # It goes with either of its ends.
        protect=near.protect and far.protect,
    )
