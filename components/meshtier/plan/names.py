"""Every name a resource has in the stack.

A logical name is identity: change one and the engine replaces what carries it, so a changed
line in the golden names comes with an alias. Names in the clusters live in `manifests`.

A name is `<prefix>-<cluster>-<role>`. Cluster names may hold dashes, so two clusters could spell
the same name with two roles. `<a>-<r>` equals `<b>-<s>` for different clusters only when one role
is the other with dashed words in front; no role below is, hence every name has one reading. For
the same reason a name never holds two clusters.
"""

from typing import Final

PROVIDER: Final = "provider"
RECORDS_NAMESPACE: Final = "records-namespace"
RECORD_IN_MASTER: Final = "record-in-master"
RECORD_IN_SEED: Final = "record-in-seed"

ISTIO_NAMESPACE: Final = "istio-namespace"
ISTIO_CRDS: Final = "istio-crds"
CACERTS: Final = "cacerts"
ISTIO_BASE: Final = "istio-base"
ISTIOD: Final = "istiod"
PEER_AUTHENTICATION: Final = "peer-authentication"
EAST_WEST_GATEWAY: Final = "east-west-gateway"
EAST_WEST_SERVICE: Final = "east-west-service"
CROSS_NETWORK_GATEWAY: Final = "cross-network-gateway"
READER_ACCOUNT: Final = "reader-account"
READER_ROLE: Final = "reader-role"
READER_BINDING: Final = "reader-binding"
READER_TOKEN: Final = "reader-token"
REMOTE_SECRET: Final = "remote-secret"

CA_KEY: Final = "ca-key"
CA_REQUEST: Final = "ca-request"
CA_CERTIFICATE: Final = "ca-certificate"
ROOT_KEY: Final = "root-key"
ROOT_CERTIFICATE: Final = "root-certificate"

TIER_ROLES: Final = (PROVIDER, RECORDS_NAMESPACE, RECORD_IN_MASTER, RECORD_IN_SEED)
"""Roles behind `<environment>-<cluster>`."""
MEMBER_ROLES: Final = (
    ISTIO_NAMESPACE,
    ISTIO_CRDS,
    CACERTS,
    ISTIO_BASE,
    ISTIOD,
    PEER_AUTHENTICATION,
    EAST_WEST_GATEWAY,
    EAST_WEST_SERVICE,
    CROSS_NETWORK_GATEWAY,
    READER_ACCOUNT,
    READER_ROLE,
    READER_BINDING,
    READER_TOKEN,
    REMOTE_SECRET,
)
"""Roles behind `<mesh>-<cluster>`."""
CERTIFICATE_ROLES: Final = (CA_KEY, CA_REQUEST, CA_CERTIFICATE)
"""Roles behind `<trust>-<cluster>`, each followed by its generation."""


def tier(environment: str, cluster: str) -> str:
    """Return the name of the component of one cluster of the hierarchy."""
    return f"{environment}-{cluster}"


def mesh(environment: str) -> str:
    """Return the name of the Mesh component of an environment."""
    return f"{environment}-mesh"


def member(mesh_name: str, cluster: str) -> str:
    """Return the name of the component that holds one member of the mesh."""
    return f"{mesh_name}-{cluster}"


def trust(mesh_name: str) -> str:
    """Return the name of the TrustRoot component."""
    return f"{mesh_name}-trust"


def tls_provider(mesh_name: str) -> str:
    """Return the name of the provider of keys and certificates."""
    return f"{mesh_name}-tls"


def child(component: str, role: str) -> str:
    """Return the name of a component's child."""
    return f"{component}-{role}"


def keyed(component: str, role: str, key: str) -> str:
    """Return the name of one of several children of a role, such as `…-nodes.general`.

    No cluster's name holds a dot, so the key can't run into anything.
    """
    return f"{component}-{role}.{key}"


def cloud_provider(environment: str, cloud: str, account: str) -> str:
    """Return the name of the provider of one account or project of a cloud."""
    return f"{environment}-{cloud}.{account}"


def generation(role: str, number: int) -> str:
    """Return the role of one generation of a key or certificate: `ca-key-g1`."""
    return f"{role}-g{number}"
