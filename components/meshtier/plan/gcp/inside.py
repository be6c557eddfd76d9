"""What GKE needs inside the cluster: nothing, for it brings storage and load balancers itself."""

from ..model import InsidePlan
from .names import GcpCluster


def inside(cluster: GcpCluster) -> InsidePlan:
    """Return what comes before anything of ours; the same nothing for every cluster."""
    return InsidePlan()
