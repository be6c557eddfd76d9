"""Headers and TLS that authenticate to an API server, exec plugins included."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import time
from datetime import datetime
from pathlib import Path

from .. import wire
from .kubeconfig import Access, KubeconfigError

_EXEC_SECONDS = 60
_EXPIRY_MARGIN_SECONDS = 30


def tls(access: Access, certificate: bytes = b"", key: bytes = b"") -> ssl.SSLContext:
    """The TLS context for `access`, with its client certificate or the one given."""
    authority = access.certificate_authority.decode() or None
    try:
        context = ssl.create_default_context(cadata=authority)
        certificate = certificate or access.client_certificate
        if certificate:
            _use_certificate(context, certificate, key or access.client_key)
    except (ssl.SSLError, ValueError) as error:
        raise KubeconfigError(f"cluster {access.name!r}: unusable certificate: {error}") from None
    return context


def _use_certificate(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    # The ssl module reads files only; an anonymous one in memory leaves no key on a disk.
    descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, certificate.rstrip() + b"\n" + key)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


async def run_exec(access: Access) -> wire.Object:
    """Run the kubeconfig's exec plugin; returns the `status` of its ExecCredential."""
    spec = access.exec or {}
    version = spec.get("apiVersion", "client.authentication.k8s.io/v1")
    asked: wire.Object = {"interactive": False}
    if spec.get("provideClusterInfo"):
        asked["cluster"] = _cluster_info(access)
    info = {"apiVersion": version, "kind": "ExecCredential", "spec": asked}
    variables = {item["name"]: item["value"] for item in spec.get("env") or []}
    environment = {**os.environ, **variables, "KUBERNETES_EXEC_INFO": json.dumps(info)}
    command = str(spec.get("command", ""))
    try:
        process = await asyncio.create_subprocess_exec(
            command,
            *[str(argument) for argument in spec.get("args") or []],
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise KubeconfigError(f"exec: {command}: {error.strerror}") from None
    try:
        out, err = await asyncio.wait_for(process.communicate(), _EXEC_SECONDS)
    except TimeoutError:
        process.kill()
        raise KubeconfigError(f"exec: {command}: no answer in {_EXEC_SECONDS} s") from None
    if process.returncode:
        raise KubeconfigError(
            f"exec: {command}: exit code {process.returncode}: {err.decode(errors='replace')[:500]}"
        )
    try:
        return json.loads(out)["status"]
    except (ValueError, KeyError, TypeError):
        raise KubeconfigError(f"exec: {command}: did not print an ExecCredential") from None


def _cluster_info(access: Access) -> wire.Object:
    """What a plugin that serves many clusters is told about this one."""
    info: wire.Object = {"server": access.server}
    if access.certificate_authority:
        encoded = base64.b64encode(access.certificate_authority).decode()
        info["certificate-authority-data"] = encoded
    if access.tls_server_name:
        info["tls-server-name"] = access.tls_server_name
    return info


class Authorization:
    """The `Authorization` header of an API server's user, renewed when it runs out."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._status: wire.Object = {}
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def header(self, *, renew: bool = False) -> str:
        """The header's value, empty when the user has none; `renew` asks an exec plugin again."""
        access = self._access
        if access.exec is not None:
            return await self._from_exec(renew)
        token = access.token
        if access.token_file:
            token = Path(access.token_file).read_text().strip()
        if token:
            return f"Bearer {token}"
        if access.username:
            pair = f"{access.username}:{access.password}".encode()
            return "Basic " + base64.b64encode(pair).decode()
        return ""

    async def _from_exec(self, renew: bool) -> str:
        async with self._lock:
            if renew or time.time() > self._until:
                self._status = await run_exec(self._access)
                self._until = _expiry(self._status)
        token = self._status.get("token", "")
        return f"Bearer {token}" if token else ""

    async def context(self) -> ssl.SSLContext:
        """The TLS context, with a client certificate from the exec plugin if it gives one."""
        if self._access.exec is None:
            return tls(self._access)
        await self.header()
        certificate = self._status.get("clientCertificateData", "").encode()
        return tls(self._access, certificate, self._status.get("clientKeyData", "").encode())


def _expiry(status: wire.Object) -> float:
    stamp = status.get("expirationTimestamp")
    if not stamp:
        return float("inf")
    moment = datetime.fromisoformat(str(stamp).replace("Z", "+00:00"))
    return moment.timestamp() - _EXPIRY_MARGIN_SECONDS
