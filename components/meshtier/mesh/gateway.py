"""The east-west gateway of one member: where other networks enter its network."""

# Annotations stay texts, for the typed resources they name load slowly.
from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pulumi
import pulumi_kubernetes as k8s

from ..clouds.handle import ClusterHandle
from ..clouds.late import text_output
from ..clouds.registration import register_object, register_release
from ..plan.late import LateText, text
from ..plan.model import GatewayPlan
from .control_plane import ControlPlane


def register_gateway(
    plan: GatewayPlan,
    *,
    cluster: ClusterHandle,
    control_plane: ControlPlane,
    protect: bool,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """Register the gateway and return its addresses, separated by commas.

    Fixed ones are those of the plan; otherwise it is what the Service got, empty while the cloud
    has given none.
    """
    # istiod's webhook puts the proxy's image into the gateway's pods.
    workload = register_release(
        plan.release,
        cluster=cluster,
        parent=parent,
        depends_on=[control_plane.istiod],
        protect=protect,
    )
    service = register_object(
        plan.service,
        cluster=cluster,
        parent=parent,
        # A Service that outlives what makes load balancers leaves its own behind.
        depends_on=[workload, *cluster.load_balancing],
        protect=protect,
    )
    register_object(
        plan.cross_network,
        cluster=cluster,
        parent=parent,
        depends_on=[control_plane.crds, control_plane.istiod],
    )
    if plan.addresses:
        return text_output(joined(plan.addresses), cluster.made)
    return cast(k8s.core.v1.Service, service).status.apply(gateway_address)


def joined(addresses: Sequence[LateText]) -> LateText:
    """Return addresses as one text, separated by commas."""
    first, *others = addresses
    return text(first, *(part for address in others for part in (",", address)))


def gateway_address(status: k8s.core.v1.outputs.ServiceStatus | None) -> str:
    """Return the first address of a load balancer, an IP or a host name; empty without one."""
    balancer = status.load_balancer if status is not None else None
    addresses = (balancer.ingress if balancer is not None else None) or ()
    found = (entry.ip or entry.hostname for entry in addresses)
    return next((address for address in found if address), "")
