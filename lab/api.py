"""A small client of one API server over the standard library, for the lab's own few requests."""

import http.client
import json
import ssl
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Object = dict[str, Any]
"""A Kubernetes object as JSON."""


class ApiError(Exception):
    """The API server answered, but not with success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Api:
    """One API server, as one of its clients."""

    def __init__(self, server: str, credentials: Path, client: str = "admin") -> None:
        """`credentials` is the directory with ca.crt, CLIENT.crt and CLIENT.key."""
        self.server = server
        self._credentials = credentials
        self._client = client

    def _connect(self, timeout: float) -> http.client.HTTPSConnection:
        # Read at each connection: the authority may be replaced while we run.
        context = ssl.create_default_context(cafile=str(self._credentials / "ca.crt"))
        context.load_cert_chain(
            self._credentials / f"{self._client}.crt", self._credentials / f"{self._client}.key"
        )
        url = urllib.parse.urlsplit(self.server)
        return http.client.HTTPSConnection(
            url.hostname or "", url.port or 443, timeout=timeout, context=context
        )

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        content_type: str,
        timeout: float,
    ) -> http.client.HTTPResponse:
        connection = self._connect(timeout)
        content = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, content, {"Content-Type": content_type})
        response = connection.getresponse()
        if response.status >= 300:
            with response:
                raise ApiError(response.status, response.read(2000).decode(errors="replace"))
        return response

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        content_type: str = "application/json",
        timeout: float = 10,
    ) -> Object:
        """The answer as JSON; raise ApiError on a refusal, OSError when nobody answers."""
        with self._send(method, path, body, content_type, timeout) as response:
            return json.loads(response.read())

    def get(self, path: str) -> Object:
        """The object or list at the path."""
        return self.request("GET", path)

    def apply(self, path: str, value: Mapping[str, object]) -> Object:
        """Server-side apply of the object at its own path, as field manager `lab`."""
        query = "?fieldManager=lab&force=true"
        return self.request("PATCH", path + query, value, "application/apply-patch+yaml")

    def events(self, path: str, seconds: int) -> Iterator[Object]:
        """Watch events at the path for at most `seconds`."""
        query = f"{path}{'&' if '?' in path else '?'}watch=true&timeoutSeconds={seconds}"
        with self._send("GET", query, None, "application/json", seconds + 10) as response:
            for line in response:
                yield json.loads(line)

    def is_ready(self) -> bool:
        """True when the API server says that all its parts are ready."""
        try:
            with self._send("GET", "/readyz", None, "application/json", 3) as response:
                return response.read() == b"ok"
        except (OSError, ApiError, http.client.HTTPException):
            return False
