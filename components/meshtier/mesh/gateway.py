"""The east-west gateway of one member: where other networks enter its network."""

# Annotations stay texts, for the typed resources they name load slowly.
from __future__ import annotations

from typing import cast

import pulumi
import pulumi_kubernetes as k8s

from ..clouds.handle import ClusterHandle
from ..clouds.registration import register_object, register_release
from ..plan.model import GatewayPlan
from .control_plane import ControlPlane


def register_gateway(
    plan: GatewayPlan,
    *,
    cluster: ClusterHandle,
    control_plane: ControlPlane,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """Register the gateway and return its address, empty while the cloud has given none."""
    # istiod's webhook puts the proxy's image into the gateway's pods.
    workload = register_release(
        plan.release, cluster=cluster, parent=parent, depends_on=[control_plane.istiod]
    )
    service = register_object(plan.service, cluster=cluster, parent=parent, depends_on=[workload])
    register_object(
        plan.cross_network,
        cluster=cluster,
        parent=parent,
        depends_on=[control_plane.crds, control_plane.istiod],
    )
    return cast(k8s.core.v1.Service, service).status.apply(gateway_address)


def gateway_address(status: k8s.core.v1.outputs.ServiceStatus | None) -> str:
    """Return the first address of a load balancer, an IP or a host name; empty without one."""
    balancer = status.load_balancer if status is not None else None
    addresses = (balancer.ingress if balancer is not None else None) or ()
    found = (entry.ip or entry.hostname for entry in addresses)
    return next((address for address in found if address), "")
