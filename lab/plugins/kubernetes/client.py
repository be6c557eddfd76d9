"""HTTP to one API server: JSON in, JSON out, and errors with the server's own words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from .. import wire
from .credentials import Authorization
from .kubeconfig import Access, KubeconfigError

_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
_TRIES = 5
_BUSY = frozenset({429, 502, 503, 504})
_LOOPBACK = ("127.", "localhost", "[::1]")

APPLY = "application/apply-patch+yaml"
"""Content type of a server-side apply (JSON is YAML)."""
JSON_PATCH = "application/json-patch+json"


class ApiError(Exception):
    """The API server refused; the text is its message."""

    def __init__(self, code: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason


class Unreachable(Exception):
    """No answer from the API server; the text says which address and why."""


class Client:
    """Requests to one API server, as one user."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._authorization = Authorization(access)
        self._http: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def _client(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._http is None:
                host = urlsplit(self.access.server).netloc
                self._http = httpx.AsyncClient(
                    verify=await self._authorization.context(),
                    proxy=self.access.proxy or None,
                    # A proxy from the environment never applies to this machine.
                    trust_env=not self.access.proxy and not host.startswith(_LOOPBACK),
                    timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
                    limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
                )
        return self._http

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: wire.Value = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> tuple[int, wire.Object]:
        """Send one request; returns the status and the object.

        Raises `ApiError` for a refusal and `Unreachable` when nobody answers. An answer that
        says "later" (429, 502, 503, 504) is waited for a few times.
        """
        content = None if body is None else json.dumps(body).encode()
        headers = {"accept": "application/json", "content-type": content_type}
        for attempt in range(_TRIES):
            response = await self._send(method, path, headers, content, query)
            if response.status_code not in _BUSY or attempt == _TRIES - 1:
                break
            await asyncio.sleep(_pause(response, attempt))
        return _answer(response)

    async def _send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        content: bytes | None,
        query: Mapping[str, str] | None,
    ) -> httpx.Response:
        try:
            client = await self._client()
        except KubeconfigError as error:
            raise Unreachable(f'{method} "{self.access.server}{path}": {error}') from None
        url = self.access.server + path
        extensions: dict[str, Any] = {}
        if self.access.tls_server_name:
            extensions["sni_hostname"] = self.access.tls_server_name
        for renew in (False, True):
            try:
                if authorization := await self._authorization.header(renew=renew):
                    headers["authorization"] = authorization
                response = await client.request(
                    method,
                    url,
                    headers=headers,
                    content=content,
                    params=dict(query or {}),
                    extensions=extensions,
                )
            except httpx.RemoteProtocolError:
                if renew:
                    raise Unreachable(f'{method} "{url}": the server hung up') from None
                continue  # an idle connection that the server had closed
            except KubeconfigError as error:
                raise Unreachable(f'{method} "{url}": {error}') from None
            except httpx.TransportError as error:
                raise Unreachable(f'{method} "{url}": {_cause(error)}') from None
            if response.status_code != 401 or self.access.exec is None:
                return response
        return response  # pyright: ignore[reportPossiblyUnboundVariable]

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> wire.Object:
        """GET an object or a list."""
        return (await self.request("GET", path, query=query))[1]


def _pause(response: httpx.Response, attempt: int) -> float:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), 10.0) if asked.isdigit() else 0.2 * 2**attempt


def _cause(error: BaseException) -> str:
    """The innermost reason of a transport error, such as "connection refused"."""
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {_CONNECT_SECONDS:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {_ANSWER_SECONDS:g} s"
    text = str(error) or type(error).__name__
    return "connection refused" if "All connection attempts failed" in text else text


def _answer(response: httpx.Response) -> tuple[int, wire.Object]:
    try:
        document: Any = response.json()
    except ValueError:
        document = {}
    if not isinstance(document, dict):
        document = {}
    if response.is_success:
        return response.status_code, document
    message = document.get("message") or response.text[:500] or response.reason_phrase
    raise ApiError(response.status_code, str(message), str(document.get("reason", "")))
