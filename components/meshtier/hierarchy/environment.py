"""A whole environment: the hierarchy of clusters, and one mesh over those that join it."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import pulumi
import pulumi_kubernetes as k8s

from ..args import ClusterSummary, EnvironmentArgs
from ..boundary import PlannedEnvironment, planned_environment
from ..clouds.handle import ClusterHandle
from ..mesh.mesh import EnvironmentMesh, MeshOutputs
from ..mesh.trust_root import TrustRoot
from ..plan.model import EnvironmentPlan
from .tiers import Late, register_tiers


class Environment(pulumi.ComponentResource):
    """One environment: a master cluster, its seeds, their user clusters, and the mesh."""

    clusters: pulumi.Output[Mapping[str, ClusterSummary]]
    """Level, parent, provider and network of every cluster, by name."""
    kubeconfigs: pulumi.Output[Mapping[str, str]]
    """Secret: kubeconfig of every cluster, by name."""
    mesh_id: pulumi.Output[Optional[str]]  # noqa: UP045 - the schema is inferred from Optional
    """Mesh id; nothing without a mesh."""
    networks: pulumi.Output[Mapping[str, Sequence[str]]]
    """Names of the mesh members on each network."""
    gateways: pulumi.Output[Mapping[str, str]]
    """Address of the east-west gateway by member, as far as the clouds have given one."""
    root_certificate: pulumi.Output[Optional[str]]  # noqa: UP045
    """PEM certificate of the root of trust; nothing without a mesh."""
    root_fingerprint: pulumi.Output[Optional[str]]  # noqa: UP045
    """SHA-256 of the root certificate, as `openssl x509 -fingerprint -sha256` prints it."""
    expiry: pulumi.Output[Mapping[str, str]]
    """End of validity (RFC 3339) of `root` and each intermediate; empty when they are provided."""

    def __init__(
        self, name: str, args: EnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the environment; `pulumi.RunError` with every problem before anything is made.

        `name` is the environment's name, in every label and in front of every logical name.
        """
        asked = planned_environment(name, args)
        super().__init__(
            "meshtier:index:Environment", name, {"environment": dict(args["environment"])}, opts
        )
        for warning in asked.plan.warnings:
            pulumi.log.warn(str(warning), self)
        self._handles, mesh = _register(asked, self)
        self.clusters = pulumi.Output.from_input(_summaries(asked.plan))
        self.kubeconfigs = pulumi.Output.all(
            **{name: handle.kubeconfig for name, handle in self._handles.items()}
        )
        self.mesh_id = pulumi.Output.from_input(mesh.mesh_id if mesh else None)
        self.networks = pulumi.Output.from_input(mesh.networks if mesh else {})
        self.gateways = pulumi.Output.from_input(mesh.gateways if mesh else {})
        self.root_certificate = pulumi.Output.from_input(mesh.root_certificate if mesh else None)
        self.root_fingerprint = pulumi.Output.from_input(mesh.root_fingerprint if mesh else None)
        self.expiry = pulumi.Output.from_input(mesh.expiry if mesh else {})
        self.register_outputs(self._published())

    @property
    def providers(self) -> Mapping[str, k8s.Provider]:
        """Return each cluster's Kubernetes provider, to register more into the clusters."""
        return {name: handle.provider for name, handle in self._handles.items()}

    def _published(self) -> dict[str, Any]:
        return {
            "clusters": self.clusters,
            "kubeconfigs": self.kubeconfigs,
            "meshId": self.mesh_id,
            "networks": self.networks,
            "gateways": self.gateways,
            "rootCertificate": self.root_certificate,
            "rootFingerprint": self.root_fingerprint,
            "expiry": self.expiry,
        }


def _register(
    asked: PlannedEnvironment, parent: pulumi.Resource
) -> tuple[Mapping[str, ClusterHandle], MeshOutputs | None]:
    plan = asked.plan.mesh
    # The root comes before the levels, for their records tell its fingerprint.
    trust = TrustRoot(plan=plan, given=asked.trust, parent=parent) if plan else None
    late = Late(kubeconfigs=asked.kubeconfigs, fingerprint=trust.fingerprint if trust else None)
    handles = register_tiers(asked.plan, late, parent=parent)
    if plan is None or trust is None:
        return handles, None
    mesh = EnvironmentMesh(plan=plan, clusters=handles, trust=trust, parent=parent)
    return handles, mesh.outputs


def _summaries(plan: EnvironmentPlan) -> dict[str, ClusterSummary]:
    networks = {member.cluster: member.network for member in plan.mesh.members} if plan.mesh else {}
    return {
        cluster.name: ClusterSummary(
            level=cluster.level.value,
            parent=cluster.parent or "",
            provider=cluster.cloud.provider,
            network=networks.get(cluster.name, ""),
        )
        for cluster in plan.clusters
    }
