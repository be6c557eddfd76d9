"""Helm values that the package sets itself, chart by chart: overrides of them are refused.

A path owns everything below it.
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


_NAMESPACE: Final = "remove it; Istio is installed into istio-system"
_READER: Final = "remove it; peers read with an account of their own, without Secrets"
_REVISION: Final = "remove it; a member runs one istiod without revision"
_TOPOLOGY: Final = "remove it; every member is a primary"
_INTERNAL: Final = "remove it; write the value at the top instead"

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
    _owned("global.multiCluster", "remove it; the cluster's name is its id"),
    _owned("global.network", "write mesh.network of the cluster"),
    _owned("global.meshNetworks", "remove it; write mesh.gateway.addresses of the cluster"),
    _owned("global.proxy.clusterDomain", "write mesh.clusterDomain"),
    _owned("global.hub", "write mesh.istio.hub"),
    _owned("global.tag", "write mesh.istio.version"),
    _owned("hub", "write mesh.istio.hub"),
    _owned("tag", "write mesh.istio.version"),
    _owned("global.istioNamespace", _NAMESPACE),
    _owned("global.enableReaderRBAC", _READER),
    _owned("global.readerServiceAccount", _READER),
    _owned("env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", _READER),
    _owned("meshConfig.trustDomain", "write mesh.trustDomain"),
    _owned("revision", _REVISION),
    _owned("revisionTags", _REVISION),
    _owned("profile", _TOPOLOGY),
    _owned("global.profile", _TOPOLOGY),
    _owned("istiodRemote", _TOPOLOGY),
    _owned("global.externalIstiod", _TOPOLOGY),
    _owned("global.configCluster", _TOPOLOGY),
    _owned("global.remotePilotAddress", _TOPOLOGY),
    _owned("_internal_defaults_do_not_set", _INTERNAL),
)

_GATEWAY: Final = (
    _owned("name", "remove it; the gateway is istio-eastwestgateway"),
    _owned("networkGateway", "write mesh.network of the cluster"),
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
