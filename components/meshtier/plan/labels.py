"""Labels by which every object that is ours is found again."""

from collections.abc import Mapping
from typing import Final

from ..spec.environment import ClusterSpec

ENVIRONMENT: Final = "meshtier.io/environment"
LEVEL: Final = "meshtier.io/level"
CLUSTER: Final = "meshtier.io/cluster"
MANAGED_BY: Final = "app.kubernetes.io/managed-by"
OWNER: Final = "meshtier"

_CHART_DOMAINS: Final = ("app.kubernetes.io", "helm.sh", "k8s.io", "istio.io", "operator.istio.io")
_CHART_KEYS: Final = ("app", "istio", "release")


def owner_labels(environment: str, cluster: str, level: str | None) -> dict[str, str]:
    """Return our own labels; `level` is None for a mesh that stands without a hierarchy."""
    labels = {ENVIRONMENT: environment, CLUSTER: cluster, MANAGED_BY: OWNER}
    return labels if level is None else {**labels, LEVEL: level}


def object_labels(environment: str, cluster: ClusterSpec) -> dict[str, str]:
    """Return the labels of an object of a cluster: the document's, and ours over them."""
    return {**cluster.labels, **owner_labels(environment, cluster.name, cluster.level.value)}


def lasting_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return those labels that stay what they are as long as the object is there."""
    return {key: labels[key] for key in (CLUSTER, ENVIRONMENT, LEVEL) if key in labels}


def chart_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that objects of charts may carry.

    The charts print them beside their own, and a key printed twice is refused by Helm: keys of
    the charts' own domains and the bare ones they use stay out.
    """
    return {key: value for key, value in sorted(labels.items()) if not _is_chart_key(key)}


def _is_chart_key(key: str) -> bool:
    domain, slash, _ = key.partition("/")
    if not slash:
        return key in _CHART_KEYS
    return any(domain == owned or domain.endswith(f".{owned}") for owned in _CHART_DOMAINS)


def cloud_marks(environment: str, cluster: str, level: str) -> dict[str, str]:
    """Return what the clouds' tags and labels say: their keys allow neither dots nor capitals."""
    return {
        "meshtier-cluster": cluster,
        "meshtier-environment": environment,
        "meshtier-level": level,
    }
