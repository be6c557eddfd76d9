"""What AWS is asked for: one module per concern, each a function from a cluster to data."""

from .access import access
from .cluster import cluster
from .gateway import fixed_gateway
from .inside import inside
from .network import egress, network
from .peering import peering
from .provider import providers
from .quotas import beyond_default, too_many

__all__ = [
    "access",
    "beyond_default",
    "cluster",
    "egress",
    "fixed_gateway",
    "inside",
    "network",
    "peering",
    "providers",
    "too_many",
]
