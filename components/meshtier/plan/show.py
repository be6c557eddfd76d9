"""A plan as a person reads it: what stands where, who talks to whom, what is installed."""

from collections.abc import Iterable, Sequence
from typing import Final

from ..spec.environment import Level
from ..spec.model import RootMode
from .inventory import planned_resources
from .model import (
    CertificatePlan,
    ClusterPlan,
    EnvironmentPlan,
    MemberPlan,
    MeshPlan,
    ReleasePlan,
)
from .show_clouds import CLOUD_COLUMNS, cloud_rows

Row = Sequence[str]

_NOTHING: Final = "-"
_INDENT: Final = {Level.MASTER: "", Level.SEED: "  ", Level.USER: "    "}
_CLUSTER_COLUMNS: Final = (
    *("cluster", "level", "parent", "provider"),
    *("network", "role", "peers", "gateway"),
)
_NETWORK_COLUMNS: Final = ("network", "members", "gateways", "description")
_HOURS_PER_DAY: Final = 24
_MOST_NAMES: Final = 6
"""In one cell; the JSON has them all."""
_MOST_CERTIFICATES: Final = 12
"""Intermediates that get a line each."""


def tables(plan: EnvironmentPlan) -> str:
    """Return the whole plan as text tables."""
    sections = [_headline(plan), table(_CLUSTER_COLUMNS, _cluster_rows(plan))]
    if plan.cloud:
        sections += [table(CLOUD_COLUMNS, cloud_rows(plan))]
    if plan.mesh is not None:
        sections += [
            table(_NETWORK_COLUMNS, _network_rows(plan.mesh)),
            table(("release", "chart", "version", "clusters"), _release_rows(plan.mesh)),
            table(("certificate", "signed by", "key", "valid for"), _trust_rows(plan.mesh)),
        ]
    return "\n\n".join(sections)


def table(columns: Row, rows: Iterable[Row]) -> str:
    """Return rows under their column names, each column as wide as its widest cell."""
    lines = [[column.upper() for column in columns], *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Row, widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _headline(plan: EnvironmentPlan) -> str:
    size = f"{len(plan.clusters)} clusters, {len(planned_resources(plan))} resources"
    if plan.mesh is None:
        return f"environment {plan.name}: {size}, no mesh"
    mesh = plan.mesh
    return (
        f"environment {plan.name}: {size}\n"
        f"mesh {mesh.mesh_id}: {len(mesh.members)} members, Istio {mesh.istio_version}, "
        f"trust domain {mesh.trust_domain}"
    )


def _cluster_rows(plan: EnvironmentPlan) -> Iterable[Row]:
    members = {member.cluster: member for member in plan.mesh.members} if plan.mesh else {}
    return [_cluster_row(cluster, members.get(cluster.name)) for cluster in plan.clusters]


def _cluster_row(cluster: ClusterPlan, member: MemberPlan | None) -> Row:
    place = (
        f"{_INDENT[cluster.level]}{cluster.name}",
        cluster.level.value,
        cluster.parent or _NOTHING,
        cluster.cloud.provider,
    )
    if member is None:
        return (*place, *(_NOTHING,) * 4)
    peers = _names(peer.cluster for peer in member.peers)
    return (*place, member.network, member.role.value, peers, _gateway(member))


def _gateway(member: MemberPlan) -> str:
    if member.gateway is None:
        return _NOTHING
    count = member.gateway.replicas
    words = ["1 replica" if count == 1 else f"{count} replicas"]
    fixed = len(member.gateway.addresses)
    words += [f"{fixed} fixed address{'' if fixed == 1 else 'es'}"] if fixed else []
    words += ["internal"] if member.gateway.is_internal else []
    return ", ".join(words)


def _network_rows(mesh: MeshPlan) -> Iterable[Row]:
    return [
        (
            *(network.name, _names(network.members), _names(network.gateways)),
            network.description or _NOTHING,
        )
        for network in mesh.networks
    ]


def _release_rows(mesh: MeshPlan) -> Iterable[Row]:
    clusters: dict[tuple[str, str, str], list[str]] = {}
    for member in mesh.members:
        for release in _releases(member):
            clusters.setdefault(_installed(release), []).append(member.cluster)
    return [(*installed, _names(where)) for installed, where in clusters.items()]


def _releases(member: MemberPlan) -> tuple[ReleasePlan, ...]:
    always = (member.crds, member.base, member.istiod)
    return always if member.gateway is None else (*always, member.gateway.release)


def _installed(release: ReleasePlan) -> tuple[str, str, str]:
    chart = release.chart
    if release.repository is not None:
        chart = f"{release.repository}/{release.chart}"
    return (release.name, chart, release.version or _NOTHING)


def _trust_rows(mesh: MeshPlan) -> Iterable[Row]:
    trust = mesh.trust
    if trust.mode is RootMode.PROVIDED:
        return [("root and intermediates", "provided", _NOTHING, _NOTHING)]
    key = trust.algorithm.value
    below = [
        _certificate_row(intermediate, trust.root.common_name, key)
        for intermediate in trust.intermediates.values()
    ]
    if len(below) > _MOST_CERTIFICATES:
        # They differ in their names alone.
        below = [(f"{len(below)} intermediates", *below[0][1:])]
    return [_certificate_row(trust.root, "itself", key), *below]


def _certificate_row(certificate: CertificatePlan, signer: str, key: str) -> Row:
    days = certificate.validity_hours // _HOURS_PER_DAY
    return (certificate.common_name, signer, key, f"{days} days")


def _names(names: Iterable[str]) -> str:
    every = tuple(names)
    if len(every) <= _MOST_NAMES:
        return ", ".join(every) or _NOTHING
    first = every[: _MOST_NAMES - 1]
    return f"{', '.join(first)} and {len(every) - len(first)} more"
