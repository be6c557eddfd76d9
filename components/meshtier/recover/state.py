"""Reads from a stack's state which Helm releases a killed run was making.

Helm keeps a release it was killed in locked, and the kubernetes plugin refuses a release that the
state doesn't hold (`cannot re-use a name that is still in use`). The engine writes down what it
begins before it begins it, so the state says which releases these may be.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

RELEASE: Final = "kubernetes:helm.sh/v3:Release"
KUBERNETES_PROVIDER: Final = "pulumi:providers:kubernetes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfinished:
    """A release whose creation was begun and never recorded."""

    cluster: str
    """The cluster, as `<environment>/<cluster>`."""
    name: str
    namespace: str
    kubeconfig: str = field(repr=False)
    """Secret: how the stack reaches the cluster."""
    context: str | None


def unfinished_releases(export: Mapping[str, Any]) -> tuple[Unfinished, ...]:
    """Return what `pulumi stack export --show-secrets` says of releases that were being created.

    A release that the state holds as well was finished, and is left out.
    """
    deployment = cast("Mapping[str, Any]", export.get("deployment") or {})
    resources = cast("Sequence[Mapping[str, Any]]", deployment.get("resources") or ())
    known = {resource["urn"] for resource in resources}
    providers = {
        f"{resource['urn']}::{resource['id']}": cast("Mapping[str, Any]", resource["inputs"])
        for resource in resources
        if resource["type"] == KUBERNETES_PROVIDER
    }
    found = (
        _unfinished(resource["inputs"], providers[resource["provider"]])
        for resource in _creating(deployment)
        if resource["urn"] not in known and resource.get("provider") in providers
    )
    # Two runs that were killed at the same release have both written it down.
    return tuple(dict.fromkeys(found))


def _creating(deployment: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    pending = cast("Sequence[Mapping[str, Any]]", deployment.get("pending_operations") or ())
    for operation in pending:
        resource = cast("Mapping[str, Any]", operation["resource"])
        if operation.get("type") == "creating" and resource["type"] == RELEASE:
            yield resource


def _unfinished(release: Mapping[str, Any], provider: Mapping[str, Any]) -> Unfinished:
    context = _shown(provider.get("context"))
    return Unfinished(
        cluster=str(_shown(provider["clusterIdentifier"])),
        name=str(release["name"]),
        namespace=str(release["namespace"]),
        kubeconfig=str(_shown(provider["kubeconfig"])),
        context=None if context is None else str(context),
    )


def _shown(value: Any) -> Any:
    """Return a value without the wrapping of a secret that is shown."""
    if not isinstance(value, Mapping):
        return value
    wrapping = cast("Mapping[str, Any]", value)
    return json.loads(wrapping["plaintext"]) if "plaintext" in wrapping else wrapping
