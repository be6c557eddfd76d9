"""How the stack and the peers reach the API server."""

from typing import Final

from ..late import text
from ..resources import AccessPlan, ExecPlan
from .control_plane import authority, server
from .firewall import rules
from .gateway import address_name
from .identity import node_roles
from .names import CONTROL_PLANE, GcpCluster
from .network import ways_out
from .nodes import pool_names

_LOGIN: Final = ExecPlan(
    command="gke-gcloud-auth-plugin",
    # Whoever makes the cluster also calls it. By itself the command asks gcloud for its active
    # account, which may be another one, and keeps that one's token.
    args=("--use_application_default_credentials",),
    provide_cluster_info=True,
    install_hint=(
        "install gke-gcloud-auth-plugin, see https://cloud.google.com/kubernetes-engine/docs/"
        "how-to/cluster-access-for-kubectl#install_plugin"
    ),
)


def access(cluster: GcpCluster) -> AccessPlan:
    """Return the addresses of the API server, and what stands while anything is inside.

    Peers use the same address as the stack: the public one, or without it the one in the VPC.
    """
    address = text("https://", server(cluster))
    return AccessPlan(
        control_plane=cluster.name(CONTROL_PLANE),
        server=address,
        authority=authority(cluster),
        login=_LOGIN,
        peers_server=address,
        ready=(
            *pool_names(cluster),
            *node_roles(cluster),
            *(rule.name for rule in rules(cluster)),
            *ways_out(cluster),
            # The Service names the address, and doesn't depend on it otherwise.
            *((address_name(cluster),) if cluster.gateway else ()),
        ),
    )
