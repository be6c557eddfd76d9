"""Everything of the cluster itself, in the order in which it is made."""

from ..resources import ResourcePlan
from .control_plane import control_plane
from .firewall import rules
from .identity import identity
from .names import GcpCluster
from .nodes import pools


def cluster(cluster: GcpCluster) -> tuple[ResourcePlan, ...]:
    """Return the control plane, its nodes, and what they need."""
    return (*identity(cluster), *rules(cluster), control_plane(cluster), *pools(cluster))
