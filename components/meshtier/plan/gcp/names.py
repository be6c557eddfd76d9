"""Names of what is made in Google Cloud: logical ones, and those in the cloud with their limits.

Roles follow the rule of `plan.names`: none ends in another one behind a dash.
"""

from collections.abc import Mapping
from typing import Final

from ...spec.gcp import GcpCloud
from .. import names
from ..cloud_cluster import CloudCluster
from ..physical import fit

NETWORK: Final = "network"
SUBNET: Final = "node-subnet"
ROUTER: Final = "router"
NAT: Final = "nat"
NAT_ADDRESS: Final = "nat-address"
GATEWAY_ADDRESS: Final = "gateway-address"
PEERING: Final = "peering"
PEERING_BACK: Final = "peering-back"
NODE_ACCOUNT: Final = "node-account"
NODE_ROLE: Final = "node-role"
CONTROL_PLANE: Final = "control-plane"
NODE_POOL: Final = "node-pool"
WEBHOOKS_RULE: Final = "webhooks-rule"
FLAT_RULE: Final = "flat-rule"
ENABLED_API: Final = "gcp-api"
KEY_GRANT: Final = "gcp-key-grant"

ROLES: Final = (
    NETWORK,
    SUBNET,
    ROUTER,
    NAT,
    NAT_ADDRESS,
    GATEWAY_ADDRESS,
    PEERING,
    PEERING_BACK,
    NODE_ACCOUNT,
    NODE_ROLE,
    CONTROL_PLANE,
    NODE_POOL,
    WEBHOOKS_RULE,
    FLAT_RULE,
)
"""Roles behind `<environment>-<cluster>`."""
PROJECT_ROLES: Final = (ENABLED_API, KEY_GRANT)
"""Roles behind `<environment>`, each followed by what it is for."""

POOL_LIMIT: Final = 40
"""Characters of a node pool's name (REST reference of GKE, `NodePool.name`)."""
COMPUTE_LIMIT: Final = 63
"""Characters of a name in Compute Engine (RFC 1035, as its REST reference asks everywhere)."""
ACCOUNT_LIMIT: Final = 30
"""Characters of a service account's id, at least 6 (IAM, `CreateServiceAccountRequest`)."""

GcpCluster = CloudCluster[GcpCloud]


def provider_name(cluster: GcpCluster) -> str:
    """Return the logical name of the provider of the cluster's project."""
    return names.cloud_provider(cluster.environment, "gcp", cluster.cloud.project)


def api_name(cluster: GcpCluster, api: str) -> str:
    """Return the logical name of an API that is enabled in the cluster's project."""
    return names.keyed(cluster.environment, ENABLED_API, f"{cluster.cloud.project}.{api}")


def key_grant_name(cluster: GcpCluster, key: str) -> str:
    """Return the logical name of GKE's right to use a key, of which there is one per project."""
    # projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>
    parts = ".".join(key.split("/")[1::2])
    return names.keyed(cluster.environment, KEY_GRANT, f"{cluster.cloud.project}.{parts}")


def compute_name(cluster: GcpCluster, role: str) -> str:
    """Return the name of one of the cluster's parts in Compute Engine."""
    return fit(f"{cluster.physical_name}-{role}", COMPUTE_LIMIT)


def node_tag(cluster: GcpCluster) -> str:
    """Return the network tag of the cluster's nodes, by which firewall rules find them."""
    return compute_name(cluster, "nodes")


def account_id(cluster: GcpCluster) -> str:
    """Return the id of the account that the cluster's nodes run as."""
    return fit(f"{cluster.physical_name}-nodes", ACCOUNT_LIMIT)


def labels(cluster: GcpCluster) -> Mapping[str, str]:
    """Return the labels of everything of the cluster that can carry any; ours win."""
    return {**cluster.cloud.labels, **cluster.marks}
