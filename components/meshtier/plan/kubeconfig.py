"""Kubeconfigs: by which the stack reaches clusters that clouds make, and istiods each other's."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from .resources import ExecPlan


def stack_kubeconfig(*, cluster: str, server: str, authority: str | None, login: ExecPlan) -> str:
    """Return the kubeconfig of a cluster that a cloud makes, with nothing secret in it.

    `authority` is base64, None for a server whose authority is publicly known. Credentials come
    from the command `login` names, whenever they are needed: a cloud's tokens live for minutes.
    """
    endpoint = {"server": server}
    if authority is not None:
        endpoint["certificate-authority-data"] = authority
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": login.command,
        "args": list(login.args),
        "provideClusterInfo": login.provide_cluster_info,
        "installHint": login.install_hint,
        # There is nobody to ask: the engine's plugins have no terminal.
        "interactiveMode": "Never",
    }
    return _one_of_everything(cluster, endpoint, {"exec": command})


def remote_kubeconfig(*, cluster: str, server: str, ca_pem: str, token: str) -> str:
    """Return the kubeconfig of `cluster` for its peers: one of everything, named after it.

    `ca_pem` and `token` are texts, not base64. The result is JSON, which is YAML too.
    """
    authority = base64.b64encode(ca_pem.encode()).decode()
    endpoint = {"certificate-authority-data": authority, "server": server}
    return _one_of_everything(cluster, endpoint, {"token": token})


def remote_secret_data(kubeconfigs: Mapping[str, str]) -> dict[str, str]:
    """Return the `data` (base64) of the remote Secret: cluster name -> kubeconfig."""
    return {
        cluster: base64.b64encode(kubeconfigs[cluster].encode()).decode()
        for cluster in sorted(kubeconfigs)
    }


def _one_of_everything(name: str, cluster: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    return json.dumps(content, sort_keys=True)
