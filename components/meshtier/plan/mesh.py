"""One mesh over its members, with or without a hierarchy around them."""

from collections.abc import Sequence
from typing import Any

from ..spec.model import MeshSpec
from . import manifests, names
from .istio import base_release, crds_release, gateway_release, istiod_release
from .model import (
    GatewayPlan,
    MemberPlan,
    MeshPlan,
    NetworkPlan,
    ObjectPlan,
    PeerPlan,
)
from .topology import Member, by_network, edges
from .trust import plan_trust


def plan_mesh(
    mesh: MeshSpec, members: Sequence[Member], *, name: str, protect_trust: bool = False
) -> MeshPlan:
    """Return everything the Mesh component called `name` makes for `members`."""
    chosen = tuple(sorted(members, key=lambda member: member.name))
    trust_name = names.trust(name)
    return MeshPlan(
        name=name,
        mesh_id=mesh.id,
        trust_domain=mesh.trust_domain,
        istio_version=mesh.istio.version,
        trust_name=trust_name,
        tls_provider_name=names.tls_provider(name),
        trust=plan_trust(trust_name, mesh, chosen, protect=protect_trust),
        networks=_networks(mesh, chosen),
        members=tuple(_member(name, mesh, member, chosen) for member in chosen),
    )


def _networks(mesh: MeshSpec, members: Sequence[Member]) -> tuple[NetworkPlan, ...]:
    gateways = {member.name for member in members if member.settings.gateway}
    return tuple(
        NetworkPlan(
            name=network,
            members=inside,
            gateways=tuple(cluster for cluster in inside if cluster in gateways),
            description=_described(mesh, network),
        )
        for network, inside in by_network(members).items()
    )


def _described(mesh: MeshSpec, network: str) -> str:
    declared = mesh.networks.get(network)
    return " ".join(declared.description.split()) if declared else ""


def _member(
    mesh_name: str, mesh: MeshSpec, member: Member, members: Sequence[Member]
) -> MemberPlan:
    component = names.member(mesh_name, member.name)
    labels = member.labels

    def planned(role: str, manifest: dict[str, Any]) -> ObjectPlan:
        return ObjectPlan(logical_name=names.child(component, role), manifest=manifest)

    return MemberPlan(
        cluster=member.name,
        component_name=component,
        role=member.role,
        network=member.settings.network,
        wait=member.settings.wait,
        protect=member.protect,
        namespace=planned(
            names.ISTIO_NAMESPACE, manifests.istio_namespace(member.settings.network, labels)
        ),
        crds=crds_release(component, member),
        cacerts=planned(names.CACERTS, manifests.cacerts(labels)),
        base=base_release(component, mesh, member),
        istiod=istiod_release(component, mesh, member, members),
        peer_authentication=planned(
            names.PEER_AUTHENTICATION, manifests.peer_authentication(labels)
        ),
        gateway=_gateway(component, mesh, member) if member.settings.gateway else None,
        reader=(
            planned(names.READER_ACCOUNT, manifests.reader_account(labels)),
            planned(
                names.READER_ROLE, manifests.reader_role(labels, secrets=mesh.peers_read_secrets)
            ),
            planned(names.READER_BINDING, manifests.reader_binding(labels)),
        ),
        reader_token=planned(names.READER_TOKEN, manifests.reader_token(labels)),
        remote_secret=planned(names.REMOTE_SECRET, manifests.remote_secrets(labels)),
        peers=_peers(member, members),
    )


def _gateway(component: str, mesh: MeshSpec, member: Member) -> GatewayPlan:
    settings = member.settings
    service = manifests.gateway_service(
        settings.network,
        settings.gateway_annotations,
        member.labels,
        wait=settings.wait,
        fixed=member.fixed,
    )
    crossing = manifests.cross_network_gateway(mesh.cluster_domain, member.labels)
    return GatewayPlan(
        release=gateway_release(component, mesh, member),
        service=ObjectPlan(
            logical_name=names.child(component, names.EAST_WEST_SERVICE),
            manifest=service,
            replacing=member.fixed.replacing if member.fixed else (),
        ),
        cross_network=ObjectPlan(
            logical_name=names.child(component, names.CROSS_NETWORK_GATEWAY), manifest=crossing
        ),
        addresses=member.fixed.addresses if member.fixed else (),
        is_internal=bool(member.fixed and member.fixed.is_internal),
        replicas=settings.gateway_replicas,
    )


def _peers(member: Member, members: Sequence[Member]) -> tuple[PeerPlan, ...]:
    servers = {peer.name: peer.api_server for peer in members}
    return tuple(
        PeerPlan(cluster=target, server=servers[target])
        for reader, target in edges(members)
        if reader == member.name
    )
