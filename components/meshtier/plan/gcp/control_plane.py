"""The GKE cluster itself: VPC-native, private nodes, nobody in but by range."""

from typing import Any, Final

from ..late import LateText, Ref
from ..resources import ResourcePlan
from . import names
from .ground import network_link, range_names, subnet_link
from .identity import node_roles
from .names import GcpCluster, api_name, key_grant_name, provider_name
from .network import ways_out
from .nodes import first_node
from .provider import CONTAINER

_FIRST_POOL: Final = ("initial_node_count", "node_config", "node_pools")
"""Of the pool that goes at once: none of it exists any more when it changes."""


def control_plane(cluster: GcpCluster) -> ResourcePlan:
    """Return the cluster without nodes of its own; everything that replaces it is in `spec`."""
    key = cluster.cloud.encryption_key
    return ResourcePlan(
        type="gcp:container/cluster:Cluster",
        name=cluster.name(names.CONTROL_PLANE),
        args={
            "name": cluster.physical_name,
            **_place(cluster),
            **_addresses(cluster),
            **_endpoints(cluster),
            **_software(cluster),
            **_security(cluster),
            "initial_node_count": 1,
            "remove_default_node_pool": True,
            "node_config": first_node(cluster),
            "resource_labels": names.labels(cluster),
            # Google's own guard beside ours: it also stops whoever comes by another way.
            "deletion_protection": cluster.protect,
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(
            api_name(cluster, CONTAINER),
            *node_roles(cluster),
            *ways_out(cluster),
            *((key_grant_name(cluster, key),) if key else ()),
        ),
        protect=cluster.protect,
        ignore_changes=_FIRST_POOL,
    )


def server(cluster: GcpCluster) -> Ref:
    """Return the API server's address: the public one where there is one."""
    return Ref(resource=cluster.name(names.CONTROL_PLANE), output="endpoint")


def authority(cluster: GcpCluster) -> Ref:
    """Return the API server's authority, in base64."""
    output = "master_auth.cluster_ca_certificate"
    return Ref(resource=cluster.name(names.CONTROL_PLANE), output=output)


def _place(cluster: GcpCluster) -> dict[str, Any]:
    cloud = cluster.cloud
    # A zonal control plane's own zone has nodes anyway, and GKE refuses to hear it twice.
    others = [zone for zone in cloud.zones if zone != cloud.zone]
    return {
        "location": cloud.zone or cloud.region,
        **({"node_locations": others} if others else {}),
    }


def _addresses(cluster: GcpCluster) -> dict[str, Any]:
    pods, services = range_names(cluster)
    return {
        "network": network_link(cluster),
        "subnetwork": subnet_link(cluster),
        "networking_mode": "VPC_NATIVE",
        "ip_allocation_policy": {
            "cluster_secondary_range_name": pods,
            "services_secondary_range_name": services,
        },
        "default_max_pods_per_node": cluster.cloud.max_pods_per_node,
        "datapath_provider": (
            "ADVANCED_DATAPATH" if cluster.cloud.dataplane_v2 else "LEGACY_DATAPATH"
        ),
        # Load balancers of the classes that the gateway asks for.
        "enable_l4_ilb_subsetting": True,
    }


def _endpoints(cluster: GcpCluster) -> dict[str, Any]:
    cloud = cluster.cloud
    own = {"master_ipv4_cidr_block": cloud.control_plane_range} if cloud.control_plane_range else {}
    return {
        "private_cluster_config": {
            "enable_private_nodes": True,
            "enable_private_endpoint": not cloud.endpoint.public,
            **own,
            # Peers in other regions reach it too.
            "master_global_access_config": {"enabled": True},
        },
        "master_authorized_networks_config": {
            "cidr_blocks": [{"cidr_block": block} for block in _allowed(cluster)],
            "gcp_public_cidrs_access_enabled": False,
            # The ranges are those of the private endpoint too, not only of the public one.
            "private_endpoint_enforcement_enabled": True,
        },
    }


def _allowed(cluster: GcpCluster) -> tuple[LateText, ...]:
    return tuple(dict.fromkeys((*cluster.cloud.endpoint.ranges, *cluster.api_sources)))


def _software(cluster: GcpCluster) -> dict[str, Any]:
    cloud = cluster.cloud
    return {
        "release_channel": {"channel": cloud.channel.value.upper()},
        **({"min_master_version": cloud.version} if cloud.version else {}),
        # The mesh brings the definitions it was tested with; Google's may be older.
        "gateway_api_config": {"channel": "CHANNEL_DISABLED"},
    }


def _security(cluster: GcpCluster) -> dict[str, Any]:
    key = cluster.cloud.encryption_key
    return {
        "workload_identity_config": {"workload_pool": f"{cluster.cloud.project}.svc.id.goog"},
        "enable_shielded_nodes": True,
        "security_posture_config": {
            "mode": "BASIC",
            "vulnerability_mode": "VULNERABILITY_DISABLED",
        },
        # No rights for everybody who has any Google account, or none.
        "rbac_binding_config": {
            "enable_insecure_binding_system_authenticated": False,
            "enable_insecure_binding_system_unauthenticated": False,
        },
        **({"database_encryption": {"state": "ENCRYPTED", "key_name": key}} if key else {}),
    }
