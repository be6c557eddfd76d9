"""The one Kubernetes provider of a cluster, the same however the cluster is reached."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from ..plan.model import ClusterPlan
from .resources import protected


def register_provider(
    plan: ClusterPlan,
    kubeconfig: pulumi.Output[str],
    *,
    parent: pulumi.Resource,
    context: str | None = None,
    depends_on: Sequence[pulumi.Resource] = (),
) -> k8s.Provider:
    """Register the provider; `depends_on` is what the API server answers nobody without."""
    return k8s.Provider(
        plan.provider_name,
        kubeconfig=kubeconfig,
        context=context,
        # Without it, a kubeconfig that changes or is unknown in a preview would plan the
        # replacement of the provider, and with it of everything in the cluster.
        cluster_identifier=plan.identifier,
        # Where the document doesn't say so, the user's switch for one run does.
        upsert_existing_objects=plan.adopt or None,
        # A replaced cacerts or remote Secret is gone for a moment, and with it the mesh's trust.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
        opts=pulumi.ResourceOptions(
            parent=parent, depends_on=list(depends_on), protect=protected(plan.protect)
        ),
    )
