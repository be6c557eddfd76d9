"""The provider's own configuration.

Everything but the kubeconfig arrives as a JSON string, booleans included; the environment
variables and defaults are those of the official plugin. Options that nothing here reads
(rendering to a directory, client rate limits) are accepted and ignored.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from .. import wire


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a `kubernetes.Provider` was given."""

    kubeconfig: str = ""
    """Contents or a path; empty means `KUBECONFIG` or the default file."""
    context: str = ""
    cluster: str = ""
    namespace: str = ""
    cluster_identifier: str = ""
    delete_unreachable: bool = False
    skip_update_unreachable: bool = False
    patch_force: bool = False
    configmap_mutable: bool = False
    secret_mutable: bool = False
    upsert_existing: bool = False
    helm_release: wire.Object | None = None
    """`helmReleaseSettings`, as given."""


def _flag(config: wire.Object, key: str, variable: str) -> bool:
    value = config.get(key)
    if value is None:
        value = os.environ.get(variable, "")
    return value if isinstance(value, bool) else str(value) == "true"


def _structure(value: Any) -> wire.Object | None:
    parsed = json.loads(value) if isinstance(value, str) and value else value
    return parsed if isinstance(parsed, dict) else None


def _text(value: Any) -> str:
    if value is None or isinstance(value, wire.Unknown):
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def settings(config: wire.Object) -> Settings:
    """Read a decoded provider configuration."""
    plain = wire.reveal(config)
    return Settings(
        kubeconfig=_text(plain.get("kubeconfig")),
        context=_text(plain.get("context")),
        cluster=_text(plain.get("cluster")),
        namespace=_text(plain.get("namespace")),
        cluster_identifier=_text(plain.get("clusterIdentifier")),
        delete_unreachable=_flag(plain, "deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
        skip_update_unreachable=_flag(
            plain, "skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"
        ),
        patch_force=_flag(plain, "enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
        configmap_mutable=_flag(
            plain, "enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"
        ),
        secret_mutable=_flag(plain, "enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
        upsert_existing=_flag(plain, "upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
        helm_release=_structure(plain.get("helmReleaseSettings")),
    )
