"""Which resources carry traffic, so that replacing or deleting them is noticed by somebody."""

import re
from dataclasses import dataclass
from typing import Final

from ..plan import names
from ..plan.inventory import KUBERNETES_PROVIDER, RELEASE, TLS_PROVIDER
from .model import Carrier

TRUST: Final = "trust"
"""Name in `guards.allow` for the chain of trust."""

_SERVICE: Final = "kubernetes:core/v1:Service"
_ISTIO_GATEWAY: Final = "kubernetes:networking.istio.io/v1:Gateway"
_SECRET: Final = "kubernetes:core/v1:Secret"
_GATEWAY_ADDRESS: Final = "gateway-address"


@dataclass(frozen=True, slots=True)
class Carried:
    """A kind of resource that carries traffic."""

    type: str
    """Type token, or its beginning."""
    role: str
    """Part of the logical name behind the cluster's; empty for any."""
    carrier: Carrier
    what: str


CARRIED: Final = (
    Carried("aws:eks/cluster:Cluster", "", Carrier.CONTROL_PLANE, "EKS cluster"),
    Carried("gcp:container/cluster:Cluster", "", Carrier.CONTROL_PLANE, "GKE cluster"),
    Carried(RELEASE, names.ISTIOD, Carrier.CONTROL_PLANE, "istiod"),
    Carried(RELEASE, names.ISTIO_CRDS, Carrier.CONTROL_PLANE, "Istio's definitions"),
    Carried(RELEASE, names.EAST_WEST_GATEWAY, Carrier.GATEWAY, "east-west gateway"),
    Carried(_SERVICE, names.EAST_WEST_SERVICE, Carrier.GATEWAY, "address of the gateway"),
    Carried(_ISTIO_GATEWAY, names.CROSS_NETWORK_GATEWAY, Carrier.GATEWAY, "listener"),
    Carried("aws:ec2/eip:Eip", _GATEWAY_ADDRESS, Carrier.GATEWAY, "fixed address"),
    Carried("gcp:compute/address:Address", _GATEWAY_ADDRESS, Carrier.GATEWAY, "fixed address"),
    Carried(_SECRET, names.CACERTS, Carrier.CA, "istiod's certificate authority"),
    Carried("tls:", names.ROOT_KEY, Carrier.CA, "root key"),
    Carried("tls:", names.ROOT_CERTIFICATE, Carrier.CA, "root certificate"),
    Carried("tls:", names.CA_KEY, Carrier.CA, "intermediate key"),
    Carried("tls:", names.CA_CERTIFICATE, Carrier.CA, "intermediate certificate"),
    Carried(TLS_PROVIDER, "", Carrier.PROVIDER, "provider of keys and certificates"),
    Carried(KUBERNETES_PROVIDER, "", Carrier.PROVIDER, "Kubernetes provider"),
    Carried("aws:eks/nodeGroup:NodeGroup", "", Carrier.NODES, "node group"),
    Carried("gcp:container/nodePool:NodePool", "", Carrier.NODES, "node pool"),
    Carried("aws:ec2/vpc:Vpc", "", Carrier.NETWORK, "VPC"),
    Carried("gcp:compute/network:Network", "", Carrier.NETWORK, "VPC"),
    Carried("aws:ec2/subnet:Subnet", "", Carrier.NETWORK, "subnet"),
    Carried("gcp:compute/subnetwork:Subnetwork", "", Carrier.NETWORK, "subnet"),
    Carried("aws:ec2/natGateway:NatGateway", "", Carrier.NETWORK, "NAT gateway"),
    Carried("gcp:compute/routerNat:RouterNat", "", Carrier.NETWORK, "NAT gateway"),
    Carried("aws:ec2/eip:Eip", "", Carrier.NETWORK, "address of NAT"),
    Carried("gcp:compute/address:Address", "", Carrier.NETWORK, "address of NAT"),
)
"""First match wins. A cloud's own provider is not among them: replacing it replaces clusters."""
GUARDED: Final = frozenset({Carrier.CONTROL_PLANE, Carrier.GATEWAY, Carrier.CA, Carrier.PROVIDER})
"""Carriers for which a run stops; of nodes and networks readers are only told."""


def carried(kind: str, name: str) -> Carried | None:
    """Return what a resource of a type and logical name carries; None when nothing notices it."""
    return next((one for one in CARRIED if kind.startswith(one.type) and _plays(name, one)), None)


def _plays(name: str, one: Carried) -> bool:
    # Behind the role stands a generation or the key of one of several, or nothing.
    return not one.role or re.search(rf"-{one.role}(-g\d+|\..+)?$", name) is not None
