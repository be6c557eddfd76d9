"""Registers what a cloud block asks for; one module per cloud, imported only when it is used."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Final, Protocol, cast

import pulumi

from ..errors import Problem
from ..plan.model import ClusterPlan
from .handle import ClusterHandle

Kubeconfigs = Mapping[str, pulumi.Input[str]]
"""Kubeconfigs that came beside the document, by `kubeconfigKey`."""

_MODULES: Final = {"existing": ".existing"}
"""Cloud provider -> module of this package."""


class _Cloud(Protocol):
    """What a cloud's module offers."""

    problems: Callable[[ClusterPlan, str, Kubeconfigs], tuple[Problem, ...]]
    provision: Callable[[ClusterPlan, Kubeconfigs, pulumi.Resource], ClusterHandle]


def _module(plan: ClusterPlan) -> _Cloud:
    return cast(_Cloud, import_module(_MODULES[plan.cloud.provider], __package__))


def problems(plan: ClusterPlan, path: str, kubeconfigs: Kubeconfigs) -> tuple[Problem, ...]:
    """Return what keeps the cluster from being provisioned, seen before anything is registered.

    `path` is where the cluster stands in the document.
    """
    return _module(plan).problems(plan, path, kubeconfigs)


def document_problems(document: Mapping[str, Any]) -> Iterable[Problem]:
    """Return what can be seen of the clouds in a document that is wrong in other ways."""
    existing = import_module(_MODULES["existing"], __package__)
    return cast("Iterable[Problem]", existing.file_problems(document))


def provision(
    plan: ClusterPlan, kubeconfigs: Kubeconfigs, *, parent: pulumi.Resource
) -> ClusterHandle:
    """Register the cluster and its only Kubernetes provider below `parent`."""
    return _module(plan).provision(plan, kubeconfigs, parent)
