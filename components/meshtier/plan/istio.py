"""The Helm releases of one member, and their values: what makes it this cluster of this mesh.

Deliberately leaves `base.validationFailurePolicy` alone. The charts install the validator open
and istiod closes it once it rejects a wrong object; closed from the start it would refuse our own
first policies in the moment between istiod being ready and its certificate being published.
It leaves out `global.platform` too: of the charts' settings for GKE all are those of istio-cni,
which is not installed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..spec.model import MeshSpec
from . import names
from .charts import OWN_CRD_CHART, upstream_chart
from .istio_crds import ISTIO_CRDS
from .labels import chart_labels, lasting_labels
from .model import ReleasePlan
from .topology import Member, by_network
from .values import overlay

NAMESPACE: Final = "istio-system"
GATEWAY_RELEASE: Final = "istio-eastwestgateway"
GATEWAY_SELECTOR: Final = {"app": GATEWAY_RELEASE, "istio": "eastwestgateway"}
"""Labels the gateway chart derives from the release's name."""
CROSS_NETWORK_PORT: Final = 15443
"""Port of a gateway on which the mesh traffic of other networks comes in."""


def crds_release(component: str, member: Member) -> ReleasePlan:
    """Return the release of Istio's custom resource definitions, from our own chart."""
    return ReleasePlan(
        logical_name=names.child(component, names.ISTIO_CRDS),
        name="istio-crds",
        namespace=NAMESPACE,
        chart=OWN_CRD_CHART,
        repository=None,
        version=None,
        values={"labels": chart_labels(member.labels)},
        labels=chart_labels(member.labels),
        wait=True,
    )


def base_release(component: str, mesh: MeshSpec, member: Member) -> ReleasePlan:
    """Return the release of chart `base`; it only brings the default validator."""
    return _upstream(
        names.child(component, names.ISTIO_BASE),
        ("istio-base", "base"),
        mesh,
        overlay(base_values(), mesh.istio.values.base),
        # An upgrade closes the validator whether istiod is there or not: no label is worth it.
        labels=lasting_labels(member.labels),
        wait=True,
    )


def istiod_release(
    component: str, mesh: MeshSpec, member: Member, members: Sequence[Member] = ()
) -> ReleasePlan:
    """Return the release of istiod; `members` are those whose fixed gateways it is told."""
    values = istiod_values(mesh, member)
    if fixed := mesh_networks(members):
        values["global"]["meshNetworks"] = fixed
    return _upstream(
        names.child(component, names.ISTIOD),
        ("istiod", "istiod"),
        mesh,
        overlay(values, mesh.istio.values.istiod),
        labels=chart_labels(member.labels),
        wait=member.settings.wait,
    )


def gateway_release(component: str, mesh: MeshSpec, member: Member) -> ReleasePlan:
    """Return the release of the east-west gateway's workload; its Service is ours."""
    return _upstream(
        names.child(component, names.EAST_WEST_GATEWAY),
        (GATEWAY_RELEASE, "gateway"),
        mesh,
        overlay(gateway_values(member), mesh.istio.values.gateway),
        labels=chart_labels(member.labels),
        wait=member.settings.wait,
    )


def base_values() -> dict[str, Any]:
    """Return values for chart `base`: no definitions, no reader account."""
    return {
        "base": {"excludedCRDs": list(ISTIO_CRDS)},
        "global": {"istioNamespace": NAMESPACE, "enableReaderRBAC": False},
    }


def istiod_values(mesh: MeshSpec, member: Member) -> dict[str, Any]:
    """Return values for chart `istiod`: the member's identity in the mesh."""
    labels = chart_labels(member.labels)
    return {
        "deploymentLabels": labels,
        "podLabels": labels,
        # Where the peers' reader accounts may not read Secrets, istiod must not ask for them.
        "env": {
            "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER": (
                "true" if mesh.peers_read_secrets else "false"
            )
        },
        "global": {
            "istioNamespace": NAMESPACE,
            "enableReaderRBAC": False,
            "hub": mesh.istio.hub,
            "tag": mesh.istio.version,
            "meshID": mesh.id,
            "network": member.settings.network,
            "multiCluster": {"clusterName": member.name},
            "proxy": {"clusterDomain": mesh.cluster_domain},
        },
        "meshConfig": {"trustDomain": mesh.trust_domain},
    }


def mesh_networks(members: Sequence[Member]) -> dict[str, Any]:
    """Return Istio's `meshNetworks`: the networks that have gateways with fixed addresses."""
    found: dict[str, Any] = {}
    for network, inside in by_network(members).items():
        gateways = [
            {"address": address, "port": CROSS_NETWORK_PORT}
            for member in members
            if member.name in inside and member.settings.gateway and member.fixed
            for address in member.fixed.addresses
        ]
        if gateways:
            endpoints = [{"fromRegistry": name} for name in inside]
            found[network] = {"endpoints": endpoints, "gateways": gateways}
    return found


def gateway_values(member: Member) -> dict[str, Any]:
    """Return values for chart `gateway`: a workload for cross-network traffic, no Service."""
    replicas = member.settings.gateway_replicas
    budget = {"minAvailable": 1} if replicas > 1 else {}
    return {
        "networkGateway": member.settings.network,
        "service": {"type": "None"},
        "labels": chart_labels(member.labels),
        # A fixed count: an autoscaler would need a metrics server in every cluster.
        "autoscaling": {"enabled": False},
        "replicaCount": replicas,
        "podDisruptionBudget": budget,
        # The chart's image is `auto` until istiod fills it in, and Kubernetes takes a name without
        # a version for one to pull at every start: a registry that is down would stop restarts.
        "imagePullPolicy": "IfNotPresent",
        "topologySpreadConstraints": [_spread()] if replicas > 1 else [],
    }


def _spread() -> dict[str, Any]:
    return {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(GATEWAY_SELECTOR)},
    }


def _upstream(
    logical_name: str,
    release_and_chart: tuple[str, str],
    mesh: MeshSpec,
    values: Mapping[str, Any],
    *,
    labels: Mapping[str, str],
    wait: bool,
) -> ReleasePlan:
    release, chart = release_and_chart
    source = upstream_chart(chart, mesh.istio)
    return ReleasePlan(
        logical_name=logical_name,
        name=release,
        namespace=NAMESPACE,
        chart=source.chart,
        repository=source.repository,
        version=source.version,
        values=values,
        labels=labels,
        wait=wait,
    )
