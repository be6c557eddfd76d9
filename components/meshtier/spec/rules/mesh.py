"""Rules about the mesh: its names, its networks, their gateways, and its chain of trust."""

import re
from collections.abc import Iterable
from typing import Final

from ...errors import Problem
from ..model import RootMode
from ..show import one_of, show, spell
from .subject import Subject

_LABEL: Final = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_RFC_1123: Final = re.compile(_LABEL)
_DNS_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_LABEL_ALLOWED: Final = "lower-case letters, digits and '-' inside, at most 63"


def mesh_exists(subject: Subject) -> Iterable[Problem]:
    """Who is to join a mesh needs one."""
    if subject.document.mesh is not None:
        return
    for path, settings in subject.written_settings():
        if settings.mesh.member:
            yield Problem(
                path=f"{path}.mesh.member",
                got="true in an environment without a mesh",
                allowed="members where there is a mesh",
                fix="write `mesh` at the top, or remove it here",
            )


def mesh_names(subject: Subject) -> Iterable[Problem]:
    """Mesh id, trust domain and cluster domain go into certificates, DNS names and labels."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    if not _RFC_1123.fullmatch(mesh.id):
        yield Problem(
            path="mesh.id", got=show(mesh.id), allowed=_LABEL_ALLOWED, fix="choose such an id"
        )
    domains = {"trustDomain": mesh.trust_domain, "clusterDomain": mesh.cluster_domain}
    for key, value in domains.items():
        if not _DNS_NAME.fullmatch(value):
            yield Problem(
                path=f"mesh.{key}",
                got=show(value),
                allowed="a DNS name in lower case such as acme.example",
                fix="write a name without scheme, port or path",
            )


def network_names(subject: Subject) -> Iterable[Problem]:
    """A network's name is a label value and part of Istio's own settings."""
    mesh = subject.document.mesh
    declared = mesh.networks if mesh else {}
    places = [(spell(("mesh", "networks", name)), name) for name in declared]
    for path, settings in subject.written_settings():
        network = settings.mesh.network
        if network is not None and network not in declared:
            places.append((f"{path}.mesh.network", network))
    for path, name in places:
        if not _RFC_1123.fullmatch(name):
            yield Problem(
                path=path,
                got=f"the name {show(name)}",
                allowed=_LABEL_ALLOWED,
                fix="rename the network",
            )


def networks_declared(subject: Subject) -> Iterable[Problem]:
    """Where networks are declared, no other name is used: a typing error would make a new one."""
    mesh = subject.document.mesh
    if mesh is None or not mesh.networks:
        return
    for path, settings in subject.written_settings():
        network = settings.mesh.network
        if network is not None and network not in mesh.networks:
            yield Problem(
                path=f"{path}.mesh.network",
                got=show(network),
                allowed=one_of(sorted(mesh.networks)),
                fix="write one of them, or declare it under mesh.networks",
            )


def members_have_networks(subject: Subject) -> Iterable[Problem]:
    """A member without a network would be taken for a neighbour of all others without one."""
    for cluster in subject.environment.members():
        if cluster.member and not cluster.member.network:
            yield Problem(
                path=f"{cluster.path}.mesh.network",
                got="nothing",
                allowed="the name of the network the cluster's pods are on",
                fix="write it here or in the defaults above, or set mesh.member to false",
            )


def networks_have_gateways(subject: Subject) -> Iterable[Problem]:
    """In a mesh of several networks each needs a gateway.

    Without one, istiod hands the pods' own addresses to the other networks: requests time out.
    """
    gateways: dict[str, bool] = {}
    first: dict[str, str] = {}
    for cluster in subject.environment.members():
        member = cluster.member
        if member and member.network:
            first.setdefault(member.network, cluster.path)
            gateways[member.network] = gateways.get(member.network, False) or member.gateway
    if len(gateways) < 2:
        return
    for network, has_gateway in gateways.items():
        if not has_gateway:
            yield Problem(
                path=f"{first[network]}.mesh.gateway.enabled",
                got=f"network {network} without a gateway in a mesh of {len(gateways)} networks",
                allowed="at least one gateway on each network",
                fix=f"enable it on one member of {network}",
            )


def intermediate_within_root(subject: Subject) -> Iterable[Problem]:
    """An intermediate that outlives its root is worth nothing from the day the root ends."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    trust = mesh.trust
    if trust.intermediate_validity_hours >= trust.root_validity_hours:
        yield Problem(
            path="mesh.trust.intermediateValidityHours",
            got=str(trust.intermediate_validity_hours),
            allowed=f"less than the root's {trust.root_validity_hours}",
            fix="shorten it, or raise mesh.trust.rootValidityHours",
        )


def new_root_needs_restarts(subject: Subject) -> Iterable[Problem]:
    """Running istiods refuse a changed root; the first that restarts is alone with the new one.

    1.31 logs `Multi root is disabled, updating new ROOT-CA not supported` and goes on. When the
    root changed can't be seen here, so this stays true of one that all have taken since.
    """
    mesh = subject.document.mesh
    if mesh is None or mesh.trust.root is not RootMode.GENERATED:
        return
    if mesh.trust.root_generation > 1:
        yield Problem(
            path="mesh.trust.rootGeneration",
            got=f"{mesh.trust.root_generation}, and an istiod takes a new root only when it "
            "restarts",
            allowed="any number, though calls between workloads under different roots fail",
            fix="after raising it restart all istiods at once, then all gateways and workloads",
        )


def mesh_has_members(subject: Subject) -> Iterable[Problem]:
    """A mesh that nobody joins is most likely a mistake."""
    if subject.document.mesh is not None and not subject.environment.members():
        yield Problem(
            path="mesh",
            got="a mesh without members, which makes nothing",
            allowed="a mesh that clusters join",
            fix="add user clusters, or set mesh.member where clusters are to join",
        )


def networks_are_used(subject: Subject) -> Iterable[Problem]:
    """A declared network without members is most likely a leftover."""
    mesh = subject.document.mesh
    used = set(subject.networks.values())
    for name in mesh.networks if mesh else {}:
        if name not in used:
            yield Problem(
                path=spell(("mesh", "networks", name)),
                got="a network that no cluster is on",
                allowed="networks that clusters are on",
                fix="remove it, or name it as some cluster's mesh.network",
            )
