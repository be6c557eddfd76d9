"""How the stack and the peers reach the API server, and what has to be there as long as they do."""

from typing import Final

from ..late import Ref
from ..resources import AccessPlan, ExecPlan
from . import roles
from .addons import addons_after_nodes
from .control_plane import admin_of, api_rules
from .ground import ways_in
from .identity import controller_grants
from .nodes import node_groups
from .resource import AwsCluster

HINT: Final = "install the AWS command line, version 2: https://aws.amazon.com/cli/"


def access(cluster: AwsCluster) -> AccessPlan:
    """Return how the API server is reached; nothing AWS has signed is in it."""
    control_plane = cluster.name(roles.CONTROL_PLANE)
    server = Ref(resource=control_plane, output="endpoint")
    return AccessPlan(
        control_plane=control_plane,
        server=server,
        authority=Ref(resource=control_plane, output="certificate_authority.data"),
        login=_login(cluster),
        # One name for all: a private endpoint resolves to private addresses everywhere.
        peers_server=server,
        ready=(*_way_in(cluster), *_ready(cluster)),
        way_in=_way_in(cluster),
    )


def _login(cluster: AwsCluster) -> ExecPlan:
    where = ("--region", cluster.cloud.region, "--output", "json")
    who = ("--cluster-name", cluster.physical_name, "--role-arn", admin_of(cluster))
    return ExecPlan(
        command="aws",
        args=(*where, "eks", "get-token", *who),
        provide_cluster_info=False,
        install_hint=HINT,
    )


def _way_in(cluster: AwsCluster) -> tuple[str, ...]:
    return (cluster.name(roles.ADMIN_POLICY), *api_rules(cluster))


def _ready(cluster: AwsCluster) -> tuple[str, ...]:
    # Routes, NAT and policies stand behind the nodes, which wait for them.
    addons = (cluster.keyed(roles.ADDON, addon) for addon in addons_after_nodes(cluster))
    return (
        *node_groups(cluster),
        *addons,
        *controller_grants(cluster),
        *_of_gateway(cluster),
    )


def _of_gateway(cluster: AwsCluster) -> tuple[str, ...]:
    if not cluster.gateway:
        return ()
    # The internet gateway can't be detached from under a load balancer's public addresses, and
    # without NAT nothing else keeps it as long.
    public = () if cluster.gateway_is_internal else ways_in(cluster)
    return (cluster.name(roles.GATEWAY_GUARD), *public)
