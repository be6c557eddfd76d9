"""The API servers behind clusters: real ones of the lab, told by the cluster's physical name."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from lab.plugins.contract import PluginError

from .store import Cloud


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiServer:
    """One API server of the lab, and its administrator's credentials."""

    server: str
    authority: str
    """Base64 of PEM."""
    certificate: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        """Address and port."""
        return self.server.removeprefix("https://")

    def credential(self, version: str) -> dict[str, Any]:
        """What an exec plugin answers."""
        status = {
            "clientCertificateData": base64.b64decode(self.certificate).decode(),
            "clientKeyData": base64.b64decode(self.key).decode(),
        }
        return {"apiVersion": version, "kind": "ExecCredential", "status": status}


def api_server(cloud: Cloud, name: str) -> ApiServer:
    """The API server behind a cluster; raises PluginError where the lab has none."""
    served = cloud.served()
    if name not in served:
        known = ", ".join(sorted(served)) or "none"
        raise PluginError(
            f"the lab has no API server for the cluster {name!r} (it has: {known}); "
            f"name its kubeconfig in {cloud.folder / 'endpoints.json'}"
        )
    kubeconfig = json.loads(served[name].read_text())
    cluster, user = kubeconfig["clusters"][0]["cluster"], kubeconfig["users"][0]["user"]
    return ApiServer(
        server=cluster["server"],
        authority=cluster["certificate-authority-data"],
        certificate=user["client-certificate-data"],
        key=user["client-key-data"],
    )
