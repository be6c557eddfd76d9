"""The kubeconfigs by which istiods read each other's API servers."""

import base64
import json
from collections.abc import Mapping


def remote_kubeconfig(*, cluster: str, server: str, ca_pem: str, token: str) -> str:
    """Return the kubeconfig of `cluster` for its peers: one of everything, named after it.

    `ca_pem` and `token` are texts, not base64. The result is JSON, which is YAML too.
    """
    authority = base64.b64encode(ca_pem.encode()).decode()
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": cluster,
                "cluster": {"certificate-authority-data": authority, "server": server},
            }
        ],
        "users": [{"name": cluster, "user": {"token": token}}],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
        "current-context": cluster,
    }
    return json.dumps(content, sort_keys=True)


def remote_secret_data(kubeconfigs: Mapping[str, str]) -> dict[str, str]:
    """Return the `data` (base64) of the remote Secret: cluster name -> kubeconfig."""
    return {
        cluster: base64.b64encode(kubeconfigs[cluster].encode()).decode()
        for cluster in sorted(kubeconfigs)
    }
