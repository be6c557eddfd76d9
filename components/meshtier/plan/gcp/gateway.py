"""The address of the cluster's east-west gateway, and what its Service says to get it."""

from typing import Any, Final

from ..late import Ref
from ..resources import FixedGateway, ResourcePlan
from . import names
from .ground import node_range, subnet_link
from .names import GcpCluster, api_name, compute_name, provider_name
from .provider import COMPUTE

_ADDRESSES: Final = "networking.gke.io/load-balancer-ip-addresses"
_GLOBAL: Final = "networking.gke.io/internal-load-balancer-allow-global-access"
_EXTERNAL_CLASS: Final = "networking.gke.io/l4-regional-external"
_INTERNAL_CLASS: Final = "networking.gke.io/l4-regional-internal"
"""Classes of GKE >= 1.33.1; a Service's class can't be changed, so none leaks a load balancer."""


def gateway_address(cluster: GcpCluster) -> ResourcePlan:
    """Return the address, which is there before the Service and stays when that is replaced."""
    return ResourcePlan(
        type="gcp:compute/address:Address",
        name=address_name(cluster),
        args={
            "name": _physical_name(cluster),
            "region": cluster.cloud.region,
            **_kind(cluster),
            "labels": names.labels(cluster),
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
        protect=cluster.protect,
    )


def address_name(cluster: GcpCluster) -> str:
    """Return the address's logical name, which says its kind.

    So one of the other kind is made while the old one is still in use, and that goes at the end.
    """
    role = names.GATEWAY_ADDRESS
    return cluster.keyed(role, "internal") if cluster.gateway_is_internal else cluster.name(role)


def fixed_gateway(cluster: GcpCluster) -> FixedGateway:
    """Return the gateway's address, and the fields and annotations of its Service.

    Google turns the source ranges into firewall rules of the VPC, for the gateway's ports only.
    """
    notes = {_ADDRESSES: _physical_name(cluster)}
    if cluster.gateway_is_internal:
        notes |= {_GLOBAL: "true"}
    return FixedGateway(
        addresses=(Ref(resource=address_name(cluster), output="address"),),
        is_internal=cluster.gateway_is_internal,
        annotations=notes,
        spec={
            "loadBalancerClass": (
                _INTERNAL_CLASS if cluster.gateway_is_internal else _EXTERNAL_CLASS
            ),
            # No range at all would let everybody in.
            "loadBalancerSourceRanges": list(cluster.gateway_sources) or [node_range(cluster)],
        },
        # Kubernetes refuses to change it.
        replacing=("spec.loadBalancerClass",),
    )


def _physical_name(cluster: GcpCluster) -> str:
    kind = "gateway-internal" if cluster.gateway_is_internal else "gateway"
    return compute_name(cluster, kind)


def _kind(cluster: GcpCluster) -> dict[str, Any]:
    if cluster.gateway_is_internal:
        # Google chooses the address: one of ours could be a node's already, and would change with
        # the subnet's range.
        return {"address_type": "INTERNAL", "subnetwork": subnet_link(cluster)}
    return {"address_type": "EXTERNAL", "network_tier": "PREMIUM"}
