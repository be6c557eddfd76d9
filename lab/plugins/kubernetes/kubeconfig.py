"""Reading a kubeconfig: contents or a path, one context of it, and how to authenticate."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import wire


class KubeconfigError(Exception):
    """The kubeconfig can't be used; the text says why and never quotes its contents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """One cluster of a kubeconfig and the user to reach it as."""

    name: str
    """The cluster's name in the kubeconfig."""
    server: str
    namespace: str = ""
    certificate_authority: bytes = b""
    """PEM; empty means the system's trust store."""
    tls_server_name: str = ""
    proxy: str = ""
    token: str = field(default="", repr=False)
    token_file: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    client_certificate: bytes = field(default=b"", repr=False)
    client_key: bytes = field(default=b"", repr=False)
    exec: wire.Object | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    """The whole kubeconfig, for tools that read one themselves."""


def _load(text: str) -> wire.Object:
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        import yaml  # slow to import, and a generated kubeconfig is JSON

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            parsed = yaml.load(text, loader)
        except yaml.YAMLError as error:
            problem = getattr(error, "problem", None) or "not YAML"
            raise KubeconfigError(f"can't be parsed: {problem}") from None
    if not isinstance(parsed, dict):
        raise KubeconfigError("is neither a kubeconfig nor the path of one")
    return parsed


def contents(value: str) -> str:
    """The text of a kubeconfig given as its contents or as a path (default places if empty)."""
    if value and ("\n" in value or value.lstrip().startswith("{")):
        return value
    path = Path(value or os.environ.get("KUBECONFIG", "").split(os.pathsep)[0] or "~/.kube/config")
    try:
        return path.expanduser().read_text()
    except OSError as error:
        if value and ":" in value:
            return value
        raise KubeconfigError(f"{path}: {error.strerror}") from None


def parse(value: str, *, context: str = "", cluster: str = "") -> Access:
    """Choose the context (the current one by default) of the kubeconfig `value`.

    Raises `KubeconfigError`.
    """
    text = contents(value)
    config = _load(text)
    chosen = context or config.get("current-context") or ""
    contexts = _named(config, "contexts", "context")
    if chosen not in contexts:
        if chosen or len(contexts) != 1:
            raise KubeconfigError(f"context {chosen!r} does not exist")
        chosen = next(iter(contexts))
    place = contexts[chosen]
    name = cluster or place.get("cluster", "")
    clusters = _named(config, "clusters", "cluster")
    if name not in clusters:
        raise KubeconfigError(f"cluster {name!r} does not exist")
    user = _named(config, "users", "user").get(place.get("user", ""), {})
    return _access(name, clusters[name], user, place.get("namespace", ""), text)


def _access(name: str, at: wire.Object, user: wire.Object, namespace: str, text: str) -> Access:
    if at.get("insecure-skip-tls-verify"):
        raise KubeconfigError(
            f"cluster {name!r} sets insecure-skip-tls-verify, which this plugin refuses; "
            "give the certificate authority instead"
        )
    if not at.get("server"):
        raise KubeconfigError(f"cluster {name!r} has no server")
    return Access(
        name=name,
        server=str(at["server"]).rstrip("/"),
        namespace=namespace,
        certificate_authority=_material(at, "certificate-authority"),
        tls_server_name=at.get("tls-server-name", ""),
        proxy=at.get("proxy-url", ""),
        token=user.get("token", ""),
        token_file=user.get("tokenFile", ""),
        username=user.get("username", ""),
        password=user.get("password", ""),
        client_certificate=_material(user, "client-certificate"),
        client_key=_material(user, "client-key"),
        exec=user.get("exec"),
        text=text,
    )


def _named(config: wire.Object, group: str, inner: str) -> dict[str, wire.Object]:
    return {str(item.get("name")): item.get(inner) or {} for item in config.get(group) or []}


def _material(of: wire.Object, key: str) -> bytes:
    """PEM from `KEY-data` (base64) or the file named by `KEY`."""
    if data := of.get(f"{key}-data"):
        try:
            return base64.b64decode(data, validate=True)
        except binascii.Error:
            raise KubeconfigError(f"{key}-data is not base64") from None
    if path := of.get(key):
        try:
            return Path(path).expanduser().read_bytes()
        except OSError as error:
            raise KubeconfigError(f"{key}: {path}: {error.strerror}") from None
    return b""


def identity(value: str, *, context: str = "", cluster: str = "") -> tuple[object, ...] | None:
    """What tells one cluster from another in a kubeconfig, or None when it can't be read."""
    try:
        found = parse(value, context=context, cluster=cluster)
    except KubeconfigError:
        return None
    return (found.server, found.certificate_authority, found.tls_server_name, found.proxy)
