"""Every resource a plan will register, as (type, logical name): what `names` has to keep apart."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..spec.environment import Level
from ..spec.model import RootMode
from .model import (
    CertificatePlan,
    ClusterPlan,
    EnvironmentPlan,
    GatewayPlan,
    MemberPlan,
    MeshPlan,
    ObjectPlan,
    ReleasePlan,
    TrustPlan,
)

TIERS: Final = {
    Level.MASTER: "meshtier:index:Master",
    Level.SEED: "meshtier:index:Seed",
    Level.USER: "meshtier:index:UserCluster",
}
ENVIRONMENT: Final = "meshtier:index:Environment"
MESH: Final = "meshtier:index:Mesh"
MEMBER: Final = "meshtier:index:MeshMember"
TRUST_ROOT: Final = "meshtier:index:TrustRoot"
KUBERNETES_PROVIDER: Final = "pulumi:providers:kubernetes"
TLS_PROVIDER: Final = "pulumi:providers:tls"
RELEASE: Final = "kubernetes:helm.sh/v3:Release"


class Planned(NamedTuple):
    """One resource to be registered."""

    type: str
    """Pulumi type token."""
    name: str
    """Logical name."""


def planned_resources(plan: EnvironmentPlan) -> tuple[Planned, ...]:
    """Return every resource of the plan, components and providers included, in plan order."""
    return tuple(_environment(plan))


def _environment(plan: EnvironmentPlan) -> Iterator[Planned]:
    yield Planned(ENVIRONMENT, plan.name)
    below: dict[str, list[Planned]] = {}
    for resource in plan.cloud:
        below.setdefault(resource.parent, []).append(Planned(resource.type, resource.name))
    yield from below.get(plan.name, ())
    for cluster in plan.clusters:
        yield Planned(TIERS[cluster.level], cluster.component_name)
        yield from below.get(cluster.component_name, ())
        yield from _cluster(cluster)
    if plan.mesh is not None:
        yield from _mesh(plan.mesh)


def _cluster(cluster: ClusterPlan) -> Iterator[Planned]:
    yield Planned(KUBERNETES_PROVIDER, cluster.provider_name)
    for wanted in cluster.inside.objects:
        yield _object(wanted)
    for release in cluster.inside.releases:
        yield _release(release)
    if cluster.namespace is not None:
        yield _object(cluster.namespace)
    for record in cluster.records:
        yield _object(record.config_map)


def _mesh(mesh: MeshPlan) -> Iterator[Planned]:
    yield Planned(MESH, mesh.name)
    yield Planned(TRUST_ROOT, mesh.trust_name)
    if mesh.trust.mode is RootMode.GENERATED:
        yield Planned(TLS_PROVIDER, mesh.tls_provider_name)
        yield from _trust(mesh.trust)
    for member in mesh.members:
        yield from _member(member)


def _trust(trust: TrustPlan) -> Iterator[Planned]:
    yield Planned("tls:index/privateKey:PrivateKey", trust.root.key_name)
    yield Planned("tls:index/selfSignedCert:SelfSignedCert", trust.root.certificate_name)
    for intermediate in trust.intermediates.values():
        yield from _intermediate(intermediate)


def _intermediate(certificate: CertificatePlan) -> Iterator[Planned]:
    yield Planned("tls:index/privateKey:PrivateKey", certificate.key_name)
    if certificate.request_name is not None:
        yield Planned("tls:index/certRequest:CertRequest", certificate.request_name)
    yield Planned("tls:index/locallySignedCert:LocallySignedCert", certificate.certificate_name)


def _member(member: MemberPlan) -> Iterator[Planned]:
    yield Planned(MEMBER, member.component_name)
    yield _object(member.namespace)
    yield _release(member.crds)
    yield _object(member.cacerts)
    yield _release(member.base)
    yield _release(member.istiod)
    yield _object(member.peer_authentication)
    if member.gateway is not None:
        yield from _gateway(member.gateway)
    for reader in member.reader:
        yield _object(reader)
    yield _object(member.reader_token)
    yield _object(member.remote_secret)


def _gateway(gateway: GatewayPlan) -> Iterator[Planned]:
    yield _release(gateway.release)
    yield _object(gateway.service)
    yield _object(gateway.cross_network)


def _release(release: ReleasePlan) -> Planned:
    return Planned(RELEASE, release.logical_name)


def _object(planned: ObjectPlan) -> Planned:
    version = str(planned.manifest["apiVersion"])
    group = version if "/" in version else f"core/{version}"
    return Planned(f"kubernetes:{group}:{planned.manifest['kind']}", planned.logical_name)
