"""What Google Cloud is asked for: one module per concern, each a function from a cluster to data.

Deliberately leaves out Autopilot, whose nodes Istio's tested path can't have, and the deletion of
what Google never deletes (keys, enabled services).
"""

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
