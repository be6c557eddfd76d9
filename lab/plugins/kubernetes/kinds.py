"""What is known of kinds without asking a server: their names, scopes and immutable fields."""

from __future__ import annotations

from .. import wire
from ..compare import Path, parse
from ..contract import PluginError

_CLUSTER_SCOPED = frozenset(
    {
        ("v1", "ComponentStatus"),
        ("v1", "Namespace"),
        ("v1", "Node"),
        ("v1", "PersistentVolume"),
    }
)
_CLUSTER_SCOPED_GROUPS = {
    "admissionregistration.k8s.io": None,
    "apiextensions.k8s.io": None,
    "apiregistration.k8s.io": None,
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "flowcontrol.apiserver.k8s.io": None,
    "networking.k8s.io": {"IngressClass", "IPAddress", "ServiceCIDR"},
    "node.k8s.io": None,
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "ResourceSlice"},
    "scheduling.k8s.io": None,
    "storage.k8s.io": {
        *("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass")
    },
}
"""Per built-in group the kinds without a namespace; None stands for all of them."""
_NAMESPACED_GROUPS = frozenset(
    {"apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"}
    | {"policy"}
)

_LABEL_SELECTOR = ["spec.selector"]
_JOB = ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"]
_CLAIM = ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"]
_STATEFUL_SET = [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
]
_MUTABLE_IN_PODS = ("spec.activeDeadlineSeconds", "spec.tolerations")
_REPLACING = {
    ("apps", "DaemonSet"): _LABEL_SELECTOR,
    ("apps", "Deployment"): _LABEL_SELECTOR,
    ("apps", "StatefulSet"): _STATEFUL_SET,
    ("", "PersistentVolumeClaim"): _CLAIM,
    ("", "ResourceQuota"): ["spec.scopes"],
    ("", "Secret"): ["type"],
    ("", "Service"): ["spec.clusterIP"],
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ["roleRef"],
    ("rbac.authorization.k8s.io", "RoleBinding"): ["roleRef"],
    ("storage.k8s.io", "StorageClass"): ["parameters", "provisioner"],
    ("batch", "Job"): _JOB,
}


def gvk(type: str) -> tuple[str, str]:
    """apiVersion and kind of a type token (`kubernetes:core/v1:ConfigMap`)."""
    package, _, rest = type.partition(":")
    group_version, _, kind = rest.partition(":")
    group, slash, version = group_version.partition("/")
    if package != "kubernetes" or not slash or not kind:
        raise PluginError(f"unrecognized resource type: {type!r} for this provider")
    return (version if group == "core" else group_version), kind


def group(api_version: str) -> str:
    """The group of an apiVersion, empty for the core one."""
    return api_version.rpartition("/")[0]


def namespaced(api_version: str, kind: str) -> bool | None:
    """Whether a built-in kind lives in namespaces; None for a kind that isn't built in."""
    if "/" not in api_version:
        return (api_version, kind) not in _CLUSTER_SCOPED
    name = group(api_version)
    if name in _NAMESPACED_GROUPS:
        return True
    if name not in _CLUSTER_SCOPED_GROUPS:
        return None
    without = _CLUSTER_SCOPED_GROUPS[name]
    return without is not None and kind not in without


def replacing_paths(
    plain: wire.Object, *, secret_mutable: bool, configmap_mutable: bool
) -> list[Path]:
    """The paths whose change only a replacement can make, as the official plugin sees them."""
    kind, name = plain.get("kind", ""), group(plain.get("apiVersion", ""))
    fixed = plain.get("immutable") is True
    paths = ["metadata.name", "metadata.namespace"]
    if (name, kind) == ("", "Secret") and (fixed or not secret_mutable):
        paths += ["type", "stringData", "data"]
    elif (name, kind) == ("", "ConfigMap") and (fixed or not configmap_mutable):
        paths += ["binaryData", "data"]
    else:
        paths += _REPLACING.get((name, kind), [])
    return [parse(path) for path in paths]


def replaces_pod(plain: wire.Object, path: Path) -> bool:
    """Whether a changed path of a Pod needs a new Pod (nearly all of its spec does)."""
    if (group(plain.get("apiVersion", "")), plain.get("kind")) != ("", "Pod"):
        return False
    head = ".".join(str(step) for step in path[:2])
    return path[0] == "spec" and head not in _MUTABLE_IN_PODS
