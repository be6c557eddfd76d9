"""A cluster, in the order in which its parts can be made."""

from collections.abc import Iterator

from ..resources import ResourcePlan
from .addons import addons, addons_after_nodes, addons_before_nodes
from .control_plane import access_entries, control_plane
from .gateway import gateway_guard
from .identity import controller_identity, issuer
from .nodes import node_groups, nodes
from .resource import AwsCluster


def cluster(wanted: AwsCluster) -> tuple[ResourcePlan, ...]:
    """Return the control plane, who may reach it, its nodes and what they need."""
    return tuple(_parts(wanted))


def _parts(wanted: AwsCluster) -> Iterator[ResourcePlan]:
    yield from control_plane(wanted)
    yield from access_entries(wanted)
    yield from issuer(wanted)
    yield from addons(wanted, addons_before_nodes(wanted))
    yield from nodes(wanted)
    yield from addons(wanted, addons_after_nodes(wanted), node_groups(wanted))
    yield from controller_identity(wanted)
    yield from gateway_guard(wanted)
