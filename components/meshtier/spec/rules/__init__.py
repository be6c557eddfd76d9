"""Everything a well-formed document must also be, one function per rule, by topic.

That there is one master and three levels is part of the shape, see `unknown` and `parse`.
"""

from typing import Final

from . import (
    addresses,
    aws,
    aws_networks,
    gcp,
    guards,
    istio,
    labels,
    made,
    mesh,
    names,
    peers,
    reach,
)
from .subject import Rule, Subject

__all__ = ["ERRORS", "WARNINGS", "Rule", "Subject"]

ERRORS: Final[tuple[Rule, ...]] = (
    names.environment_name,
    names.cluster_names,
    names.unique_names,
    mesh.mesh_exists,
    mesh.mesh_names,
    mesh.network_names,
    mesh.networks_declared,
    mesh.members_have_networks,
    mesh.networks_have_gateways,
    mesh.intermediate_within_root,
    istio.supported_version,
    istio.version_without_crash,
    istio.chart_source,
    istio.image_hub,
    istio.owned_values,
    addresses.range_syntax,
    addresses.own_overlap,
    addresses.overlap_in_network,
    peers.one_kubeconfig,
    peers.kubeconfig_is_a_path,
    peers.kubeconfig_key_name,
    peers.distinct_clusters,
    peers.api_server_known,
    peers.api_server_form,
    peers.api_server_not_loopback,
    peers.api_server_unique,
    labels.label_keys,
    labels.label_values,
    labels.labels_not_reserved,
    labels.annotation_keys,
    made.nodes_exist,
    made.node_counts,
    made.members_have_nodes,
    made.ranges_known,
    made.one_network_source,
    made.shared_network,
    made.public_endpoint_has_ranges,
    made.range_forms,
    made.gateway_addresses,
    made.kubernetes_version,
    aws.account_and_region,
    aws.zones_of_region,
    aws.arns,
    aws.admin_known,
    aws.one_entry_per_principal,
    aws.addons_pinned,
    aws.node_groups,
    aws.vpc_size,
    aws.services_range,
    aws.tags,
    aws_networks.zones_have_room,
    aws_networks.given_subnets,
    aws_networks.pods_range,
    aws_networks.one_role_per_account,
    gcp.project_and_region,
    gcp.zones_of_region,
    gcp.control_plane_range,
    gcp.encryption_key,
    gcp.node_pools,
    gcp.labels,
    reach.peered_networks,
    reach.one_cloud_per_flat_network,
    reach.private_endpoint_reached,
    reach.sources_known,
)
"""Rules that refuse a document."""

WARNINGS: Final[tuple[Rule, ...]] = (
    mesh.mesh_has_members,
    mesh.networks_are_used,
    addresses.overlap_across_networks,
    istio.version_without_leaks,
    istio.watches_of_a_full_mesh,
    guards.allowed_names,
)
"""Rules that only warn."""
