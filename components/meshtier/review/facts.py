"""A plan as facts: each thing a reviewer has a word for, and what is true of it.

Comparing two plans is then comparing two maps. Deliberately says each thing once: what follows
from a fact that stands elsewhere (a Helm value computed from the network's name) is left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel

from ..plan.model import (
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
from ..plan.resources import ResourcePlan
from ..spec.model import RootMode
from .leaves import leaves, without
from .model import Facts, Key, Section

ROOT: Final = "root certificate"
INTERMEDIATE: Final = "intermediate certificate"
PROTECTED: Final = "protected"
"""Whether the engine refuses to replace or delete it: a switch that replaces nothing itself."""

_DERIVED_VALUES: Final = (
    *("deploymentLabels", "podLabels", "labels"),
    *("global.meshID", "global.network", "global.meshNetworks", "global.tag"),
    *("global.multiCluster", "meshConfig.trustDomain", "networkGateway"),
    *("replicaCount", "podDisruptionBudget", "topologySpreadConstraints"),
)
"""Helm values that say again what clusters, networks, gateways and the mesh say."""
_DERIVED_FIELDS: Final = ("metadata.labels", "metadata.name", "metadata.namespace")
_MARKS: Final = ("labels", "resource_labels", "tag_specifications", "tags")
"""Arguments of the clouds that repeat who and what a cluster is."""
_HOURS_PER_DAY: Final = 24


def facts_of(plan: EnvironmentPlan) -> dict[Key, Facts]:
    """Return every fact of a plan."""
    found: dict[Key, Facts] = {}
    for cluster in plan.clusters:
        found[Key(Section.CLUSTERS, "cluster", cluster.name)] = _cluster(plan, cluster)
        found.update(_inside(cluster))
    for resource in plan.cloud:
        found[Key(Section.CLOUD, resource.type, resource.name)] = _resource(resource)
    if plan.mesh is not None:
        found.update(_mesh(plan.mesh))
    return found


def generation(name: str) -> str:
    """Return the generation that the name of a key or certificate ends with."""
    return name.rpartition("-g")[2]


def _cluster(plan: EnvironmentPlan, cluster: ClusterPlan) -> Facts:
    members = {member.cluster: member for member in plan.mesh.members} if plan.mesh else {}
    member = members.get(cluster.name)
    return {
        "level": cluster.level.value,
        "parent": cluster.parent or "none",
        "provider": cluster.cloud.provider,
        "network": member.network if member else "not in the mesh",
        "existing objects": "adopted" if cluster.adopt else "refused",
        PROTECTED: str(cluster.protect).lower(),
        **leaves({"cloud": _asked(cluster.cloud)}),
        **leaves({"labels": cluster.labels} if cluster.labels else {}),
    }


def _asked(cloud: BaseModel) -> dict[str, Any]:
    asked = cloud.model_dump(mode="json", by_alias=True, exclude_none=True)
    # Has a section of its own, for it is the peers who feel it.
    asked.pop("apiServerForPeers", None)
    return asked


def _mesh(mesh: MeshPlan) -> Iterator[tuple[Key, Facts]]:
    yield (
        Key(Section.MESH, "mesh", ""),
        {
            "mesh id": mesh.mesh_id,
            "trust domain": mesh.trust_domain,
            "Istio": mesh.istio_version,
        },
    )
    for network in mesh.networks:
        facts = {"members": ", ".join(network.members)}
        facts |= {"description": network.description} if network.description else {}
        yield Key(Section.NETWORKS, "network", network.name), facts
    yield from _trust(mesh.trust)
    for member in mesh.members:
        yield from _member(member)
    servers = {peer.cluster: peer.server for member in mesh.members for peer in member.peers}
    for target, server in servers.items():
        address = {"address": server or "known once the cluster is made"}
        yield Key(Section.ENDPOINTS, "API address", target), address


def _member(member: MemberPlan) -> Iterator[tuple[Key, Facts]]:
    for peer in member.peers:
        yield Key(Section.PEERS, "peer", f"{member.cluster} -> {peer.cluster}"), {}
    releases = [member.crds, member.base, member.istiod]
    objects = [
        *(member.namespace, member.cacerts, member.peer_authentication, *member.reader),
        *(member.reader_token, member.remote_secret),
    ]
    if member.gateway is not None:
        yield Key(Section.GATEWAYS, "gateway", member.cluster), _gateway(member, member.gateway)
        releases.append(member.gateway.release)
        objects.append(member.gateway.cross_network)
    yield from _installed(member.cluster, releases, objects)


def _inside(cluster: ClusterPlan) -> Iterator[tuple[Key, Facts]]:
    return _installed(cluster.name, cluster.inside.releases, cluster.inside.objects)


def _installed(
    cluster: str, releases: Iterable[ReleasePlan], objects: Iterable[ObjectPlan]
) -> Iterator[tuple[Key, Facts]]:
    for release in releases:
        yield Key(Section.RELEASES, f"release {release.name}", cluster), _release(release)
    for planned in objects:
        what = f"{planned.manifest['kind']} {planned.name}"
        yield Key(Section.OBJECTS, what, cluster), _object(planned)


def _resource(resource: ResourcePlan) -> Facts:
    asked = without(leaves(resource.args), *_MARKS, *resource.ignore_changes)
    return {**asked, PROTECTED: str(resource.protect).lower()}


def _gateway(member: MemberPlan, gateway: GatewayPlan) -> Facts:
    service = gateway.service.manifest
    notes = service["metadata"].get("annotations")
    return {
        "network": member.network,
        "replicas": str(gateway.replicas),
        "addresses": _addresses(gateway),
        "reached from": "peered networks" if gateway.is_internal else "anywhere it is let in from",
        **leaves({"annotations": notes} if notes else {}),
        **without(leaves(service["spec"]), "selector", "ports"),
    }


def _addresses(gateway: GatewayPlan) -> str:
    known = [address for address in gateway.addresses if isinstance(address, str)]
    late = len(gateway.addresses) - len(known)
    told = [*known, *([f"{late} fixed, known once made"] if late else [])]
    return ", ".join(told) or "from the load balancer"


def _release(release: ReleasePlan) -> Facts:
    return {
        "chart": release.chart,
        "repository": release.repository or "none",
        "version": release.version or "the chart's own",
        "waits": str(release.wait).lower(),
        **without(leaves(release.values), *_DERIVED_VALUES),
    }


def _object(planned: ObjectPlan) -> Facts:
    return without(leaves(planned.manifest), *_DERIVED_FIELDS)


def _trust(trust: TrustPlan) -> Iterator[tuple[Key, Facts]]:
    if trust.mode is RootMode.PROVIDED:
        yield Key(Section.TRUST, ROOT, ""), {"from": trust.mode.value}
        for name in trust.intermediates:
            yield Key(Section.TRUST, INTERMEDIATE, name), {"from": trust.mode.value}
        return
    algorithm = trust.algorithm.value
    yield Key(Section.TRUST, ROOT, ""), _certificate(trust.root, algorithm)
    for name, certificate in trust.intermediates.items():
        yield Key(Section.TRUST, INTERMEDIATE, name), _certificate(certificate, algorithm)


def _certificate(certificate: CertificatePlan, algorithm: str) -> Facts:
    return {
        "from": RootMode.GENERATED.value,
        "generation": generation(certificate.key_name),
        "algorithm": algorithm,
        "valid for": _life(certificate.validity_hours),
        "made out to": f"{certificate.common_name}, {certificate.organization}",
        PROTECTED: str(certificate.protect).lower(),
    }


def _life(hours: int) -> str:
    days, rest = divmod(hours, _HOURS_PER_DAY)
    return f"{hours} hours" if rest else f"{days} days"
