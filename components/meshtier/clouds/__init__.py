"""Registers what a cloud block asks for; a cloud's SDK is imported only when it is used."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, Final, Protocol, cast

import pulumi

from ..errors import Problem
from ..plan.model import ClusterPlan
from ..spec.show import spell
from .handle import ClusterHandle
from .late import Made

Kubeconfigs = Mapping[str, pulumi.Input[str]]
"""Kubeconfigs that came beside the document, by `kubeconfigKey`."""

_MODULES: Final = {"existing": ".existing", "aws": ".made", "gcp": ".made"}
"""Cloud provider -> module of this package."""


class _Cloud(Protocol):
    """What the module of a cloud offers; the maps are by place in the document."""

    problems: Callable[[Mapping[str, ClusterPlan], Kubeconfigs], Iterable[Problem]]
    block_problems: Callable[[str, Mapping[str, Any]], Iterable[Problem]]
    provision: Callable[[ClusterPlan, Kubeconfigs, Made, pulumi.Resource], ClusterHandle]


def _module(provider: str) -> _Cloud:
    return cast(_Cloud, import_module(_MODULES[provider], __package__))


def problems(clusters: Mapping[str, ClusterPlan], kubeconfigs: Kubeconfigs) -> Iterator[Problem]:
    """Yield what keeps clusters from being provisioned, seen before anything is registered.

    `clusters` are by the place of their cloud block in the document.
    """
    by_provider: dict[str, dict[str, ClusterPlan]] = {}
    for path, cluster in clusters.items():
        by_provider.setdefault(cluster.cloud.provider, {})[path] = cluster
    for provider, alike in by_provider.items():
        yield from _module(provider).problems(alike, kubeconfigs)


def document_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what can be seen of the clouds in a document that is wrong in other ways."""
    by_provider: dict[str, dict[str, Any]] = {}
    for (*above, provider), block in _blocks(document, ()):
        by_provider.setdefault(provider, {})[spell(tuple(above))] = block
    for provider, alike in by_provider.items():
        yield from _module(provider).block_problems(provider, alike)


def _blocks(document: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the cloud blocks of clusters, with their place, however wrong the rest is."""
    if not isinstance(document, Mapping):
        return
    for key, value in cast("Mapping[str, Any]", document).items():
        below = (*at, str(key))
        if at[-1:] == ("cloud",) and at[-2:-1] != ("defaults",) and key in _MODULES:
            yield below, value
        else:
            yield from _blocks(value, below)


def provision(
    plan: ClusterPlan,
    kubeconfigs: Kubeconfigs,
    *,
    parent: pulumi.Resource,
    made: Made | None = None,
) -> ClusterHandle:
    """Register the cluster's only Kubernetes provider below `parent`; `SpecError` when it can't.

    `made` holds what the clouds were asked for before.
    """
    return _module(plan.cloud.provider).provision(plan, kubeconfigs, made or {}, parent)
