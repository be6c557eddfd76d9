"""One Istio mesh: over the clusters of an environment, or over given ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi

from ..args import MeshArgs
from ..clouds import provision
from ..clouds.handle import ClusterHandle
from ..plan.model import MeshPlan
from .alone import planned_mesh
from .member import MeshMember
from .trust_root import TrustRoot

TOKEN: Final = "meshtier:index:Mesh"


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshOutputs:
    """What a mesh tells; all of it is public."""

    mesh_id: pulumi.Output[str]
    networks: pulumi.Output[Mapping[str, Sequence[str]]]
    gateways: pulumi.Output[Mapping[str, str]]
    root_certificate: pulumi.Output[str]
    root_fingerprint: pulumi.Output[str]
    expiry: pulumi.Output[Mapping[str, str]]


class Mesh(pulumi.ComponentResource):
    """One Istio mesh over given clusters, each of them a primary."""

    mesh_id: pulumi.Output[str]
    """Mesh id, equal in every member."""
    networks: pulumi.Output[Mapping[str, Sequence[str]]]
    """Names of the members on each network."""
    gateways: pulumi.Output[Mapping[str, str]]
    """Address of the east-west gateway by member, as far as the clouds have given one."""
    root_certificate: pulumi.Output[str]
    """PEM certificate of the root of trust."""
    root_fingerprint: pulumi.Output[str]
    """SHA-256 of the root certificate, as `openssl x509 -fingerprint -sha256` prints it."""
    expiry: pulumi.Output[Mapping[str, str]]
    """End of validity (RFC 3339) of `root` and each intermediate; empty when they are provided."""

    def __init__(
        self, name: str, args: MeshArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the mesh; `pulumi.RunError` with every problem before anything is made."""
        asked = planned_mesh(name, args)
        super().__init__(TOKEN, name, _inputs(asked.plan), opts)
        for warning in asked.warnings:
            pulumi.log.warn(str(warning), self)
        trust = TrustRoot(plan=asked.plan, given=asked.trust, parent=self)
        clusters = {
            cluster.name: provision(cluster, asked.kubeconfigs, parent=self)
            for cluster in asked.clusters
        }
        outputs = _register(asked.plan, clusters, trust, self)
        self.mesh_id = outputs.mesh_id
        self.networks = outputs.networks
        self.gateways = outputs.gateways
        self.root_certificate = outputs.root_certificate
        self.root_fingerprint = outputs.root_fingerprint
        self.expiry = outputs.expiry
        self.register_outputs(_published(outputs))


class EnvironmentMesh(pulumi.ComponentResource):
    """The mesh inside an environment: the same resource, over clusters that are there already."""

    outputs: MeshOutputs

    def __init__(
        self,
        *,
        plan: MeshPlan,
        clusters: Mapping[str, ClusterHandle],
        trust: TrustRoot,
        parent: pulumi.Resource,
    ) -> None:
        """Register the members of `plan` over `clusters`, under an existing chain of trust."""
        super().__init__(TOKEN, plan.name, _inputs(plan), pulumi.ResourceOptions(parent=parent))
        self.outputs = _register(plan, clusters, trust, self)
        self.register_outputs(_published(self.outputs))


def _inputs(plan: MeshPlan) -> dict[str, Any]:
    return {
        "meshId": plan.mesh_id,
        "trustDomain": plan.trust_domain,
        "istioVersion": plan.istio_version,
        "networks": {member.cluster: member.network for member in plan.members},
    }


def _register(
    plan: MeshPlan,
    clusters: Mapping[str, ClusterHandle],
    trust: TrustRoot,
    parent: pulumi.Resource,
) -> MeshOutputs:
    members = {
        member.cluster: MeshMember(
            plan=member, cluster=clusters[member.cluster], trust=trust, parent=parent
        )
        for member in plan.members
    }
    readers = {name: member.reader for name, member in members.items()}
    for member in members.values():
        member.connect(readers)
    addresses = {name: m.gateway for name, m in members.items() if m.gateway is not None}
    return MeshOutputs(
        mesh_id=pulumi.Output.from_input(plan.mesh_id),
        networks=pulumi.Output.from_input(
            {network.name: list(network.members) for network in plan.networks}
        ),
        gateways=_together(addresses).apply(_given),
        root_certificate=trust.root_certificate,
        root_fingerprint=trust.fingerprint,
        expiry=_together(trust.expiry),
    )


def _together(outputs: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    # Unlike Output.all, this stays a mapping when there is nothing in it.
    return cast("pulumi.Output[Mapping[str, str]]", pulumi.Output.from_input(dict(outputs)))


def _given(addresses: Mapping[str, str]) -> Mapping[str, str]:
    return {name: address for name, address in addresses.items() if address}


def _published(outputs: MeshOutputs) -> dict[str, Any]:
    return {
        "meshId": outputs.mesh_id,
        "networks": outputs.networks,
        "gateways": outputs.gateways,
        "rootCertificate": outputs.root_certificate,
        "rootFingerprint": outputs.root_fingerprint,
        "expiry": outputs.expiry,
    }
