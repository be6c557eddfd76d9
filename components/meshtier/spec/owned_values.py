"""Helm values that the package sets itself, chart by chart: overrides of them are refused.

A path owns everything below it. What the charts read under two names, or print again after a value,
is owned under each of them. What weakens a mesh but leaves it this mesh is the user's to tune.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnedValue:
    """One value, or block of values, that is not the user's to override."""

    path: tuple[str, ...]
    fix: str
    """What to do instead."""


def _owned(path: str, fix: str) -> OwnedValue:
    return OwnedValue(path=tuple(path.split(".")), fix=fix)


def _variables(path: str, fixes: Mapping[str, str]) -> tuple[OwnedValue, ...]:
    return tuple(_owned(f"{path}.{name}", fix) for name, fix in fixes.items())


_NAMESPACE: Final = "remove it; Istio is installed into istio-system"
_READER: Final = "remove it; peers read with an account of their own, without Secrets"
_REVISION: Final = "remove it; a member runs one istiod without revision"
_TOPOLOGY: Final = "remove it; every member is a primary"
_INTERNAL: Final = "remove it; write the value at the top instead"
_CERTIFICATES: Final = "remove it; certificates come from mesh.trust"
_POLICIES: Final = "remove it; istiod reads the mesh's policies from its own cluster"
_CLUSTER: Final = "remove it; the cluster's name is its id"
_NETWORK: Final = "write mesh.network of the cluster"

_PROXY: Final = MappingProxyType(
    {
        "CA_ADDR": _CERTIFICATES,
        "ISTIO_META_CLUSTER_ID": _CLUSTER,
        "ISTIO_META_MESH_ID": "write mesh.id",
        "ISTIO_META_NETWORK": _NETWORK,
        "PILOT_CERT_PROVIDER": _CERTIFICATES,
        "TRUST_DOMAIN": "write mesh.trustDomain",
    }
)
"""Variables that tell a proxy who it is; those of its `ProxyConfig` and its pod come last."""

_BASE: Final = (
    _owned("base.excludedCRDs", "remove it; the definitions come with a release of their own"),
    _owned(
        "base.enableCRDTemplates", "remove it; the definitions come with a release of their own"
    ),
    _owned("global.istioNamespace", _NAMESPACE),
    _owned("global.enableReaderRBAC", _READER),
    _owned("defaultRevision", _REVISION),
    _owned("revision", _REVISION),
    _owned("profile", _TOPOLOGY),
    _owned("global.profile", _TOPOLOGY),
    _owned("_internal_defaults_do_not_set", _INTERNAL),
)

_ISTIOD: Final = (
    _owned("global.meshID", "write mesh.id"),
    _owned("global.multiCluster", _CLUSTER),
    _owned("global.network", _NETWORK),
    _owned("global.meshNetworks", "remove it; write mesh.gateway.addresses of the cluster"),
    _owned("global.proxy.clusterDomain", "write mesh.clusterDomain"),
    _owned("global.hub", "write mesh.istio.hub"),
    _owned("global.tag", "write mesh.istio.version"),
    _owned("hub", "write mesh.istio.hub"),
    _owned("tag", "write mesh.istio.version"),
    _owned("image", "write mesh.istio.hub and mesh.istio.version"),
    _owned("global.istioNamespace", _NAMESPACE),
    _owned("global.enableReaderRBAC", _READER),
    _owned("global.readerServiceAccount", _READER),
    _owned("env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", _READER),
    _owned("env.CLUSTER_ID", _CLUSTER),
    _owned("env.ENABLE_CA_SERVER", _CERTIFICATES),
    _owned("env.EXTERNAL_CA", _CERTIFICATES),
    _owned("env.EXTERNAL_ISTIOD", _TOPOLOGY),
    _owned("env.PILOT_CERT_PROVIDER", _CERTIFICATES),
    _owned("env.POD_NAMESPACE", _NAMESPACE),
    _owned("env.REVISION", _REVISION),
    _owned("env.ROOT_CA_DIR", _CERTIFICATES),
    _owned("global.caAddress", _CERTIFICATES),
    _owned("global.caName", _CERTIFICATES),
    _owned("global.mountMtlsCerts", _CERTIFICATES),
    _owned("global.pilotCertProvider", _CERTIFICATES),
    # Without it istiod knows neither the trust domain nor the mesh's networks.
    _owned("configMap", "remove it; the mesh's configuration is the chart's"),
    _owned("meshConfig.trustDomain", "write mesh.trustDomain"),
    # Only here does Istio take a PeerAuthentication for the whole mesh's.
    _owned(
        "meshConfig.rootNamespace",
        "remove it; the policy that demands mutual TLS is in istio-system",
    ),
    # istiod reads a field's other spelling where this one is absent: where the chart prints none.
    _owned("meshConfig.configSources", _POLICIES),
    _owned("meshConfig.config_sources", _POLICIES),
    _owned("meshConfig.defaultConfig.meshId", "write mesh.id"),
    _owned("meshConfig.defaultConfig.discoveryAddress", _TOPOLOGY),
    *_variables("meshConfig.defaultConfig.proxyMetadata", _PROXY),
    *_variables("meshConfig.defaultConfig.proxy_metadata", _PROXY),
    _owned("revision", _REVISION),
    _owned("revisionTags", _REVISION),
    _owned("profile", _TOPOLOGY),
    _owned("global.profile", _TOPOLOGY),
    _owned("istiodRemote", _TOPOLOGY),
    _owned("global.externalIstiod", _TOPOLOGY),
    _owned("global.configCluster", _TOPOLOGY),
    _owned("global.remotePilotAddress", _TOPOLOGY),
    _owned("_internal_defaults_do_not_set", _INTERNAL),
    # The chart lays everything below it over the values at the top.
    _owned("pilot", _INTERNAL),
)

_GATEWAY: Final = (
    _owned("name", "remove it; the gateway is istio-eastwestgateway"),
    _owned("networkGateway", _NETWORK),
    _owned("env.ISTIO_META_REQUESTED_NETWORK_VIEW", _NETWORK),
    *_variables("env", _PROXY),
    _owned("networkGatewayPorts", "remove it; the Service is not the chart's"),
    _owned("service", "write mesh.gateway.annotations; the Service is not the chart's"),
    _owned("replicaCount", "write mesh.gateway.replicas"),
    _owned("labels.istio", "remove it; the cross-network Gateway selects by it"),
    _owned("labels.app", "remove it; the gateway's Service selects by it"),
    _owned("revision", _REVISION),
    _owned("profile", _TOPOLOGY),
    _owned("global.profile", _TOPOLOGY),
    _owned("_internal_defaults_do_not_set", _INTERNAL),
)

OWNED: Final[Mapping[str, tuple[OwnedValue, ...]]] = MappingProxyType(
    {"base": _BASE, "istiod": _ISTIOD, "gateway": _GATEWAY}
)
"""Owned values by chart (`base`, `istiod`, `gateway`)."""

OWNED_ARGUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--domain": "write mesh.clusterDomain",
        "--clusterID": _CLUSTER,
        "--namespace": _NAMESPACE,
        "-n": _NAMESPACE,
        "--clusterRegistriesNamespace": _NAMESPACE,
        "--kubeconfig": _TOPOLOGY,
        "--configDir": _POLICIES,
        "--meshConfig": "remove it; the mesh's configuration is the chart's",
        "--networksConfig": "remove it; write mesh.gateway.addresses of the cluster",
    }
)
"""Arguments of istiod that say what owned values say, with what to do instead."""
