"""What comes in to the nodes beyond what GKE lets in itself: the mesh's own traffic.

The gateway has no rule here: GKE makes one from the source ranges of its Service.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..resources import ResourcePlan
from . import names
from .ground import network_link, network_project, node_range
from .names import GcpCluster, api_name, compute_name, node_tag, provider_name
from .provider import COMPUTE

_WEBHOOK_PORT: Final = "15017"
"""Where istiod answers the API server; GKE's own rule lets it reach 443 and 10250 only."""


def rules(cluster: GcpCluster) -> tuple[ResourcePlan, ...]:
    """Return the firewall rules of a member of the mesh; none for other clusters."""
    return tuple(_rules(cluster))


def _rules(cluster: GcpCluster) -> Iterator[ResourcePlan]:
    if cluster.spec.member is None:
        return
    # Without a range of its own the control plane calls from the nodes' subnet.
    control_plane = cluster.cloud.control_plane_range or node_range(cluster)
    webhooks = {"protocol": "tcp", "ports": [_WEBHOOK_PORT]}
    yield _rule(cluster, names.WEBHOOKS_RULE, [control_plane], webhooks)
    if cluster.flat_sources:
        # On one network of the mesh pods call pods, on whatever port they listen.
        yield _rule(cluster, names.FLAT_RULE, cluster.flat_sources, {"protocol": "tcp"})


def _rule(
    cluster: GcpCluster, role: str, sources: Sequence[str], allowed: dict[str, Any]
) -> ResourcePlan:
    project = network_project(cluster)
    return ResourcePlan(
        type="gcp:compute/firewall:Firewall",
        name=cluster.name(role),
        args={
            "name": compute_name(cluster, role.removesuffix("-rule")),
            "network": network_link(cluster),
            **({"project": project} if project != cluster.cloud.project else {}),
            "direction": "INGRESS",
            "allows": [allowed],
            "source_ranges": list(sources),
            "target_tags": [node_tag(cluster)],
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
    )
