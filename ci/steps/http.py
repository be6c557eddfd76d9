"""Requests to a forge's API: encrypted, bounded in time, and never followed elsewhere unasked."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from .refusal import Refusal

_SECONDS: Final = 30
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """By name, in lower case."""
    body: bytes

    def json(self) -> Any:
        """Return the body's content."""
        return json.loads(self.body)


def request(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """Return the answer, whatever its status. A redirect is an answer like any other.

    Raises Refusal when the address is not https (loopback may be plain) or nobody answers.
    """
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.hostname}"
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise Refusal("API", place, "https://", "use the encrypted address")
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port)
        connection.request(method, target, body, {"User-Agent": "meshtier-ci", **headers})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=found, body=response.read())
    except (OSError, http.client.HTTPException) as error:
        raise Refusal(place, type(error).__name__, "an answer", "try again") from None


def expect(method: str, url: str, answer: Answer) -> Answer:
    """Return the answer if it is one of success; raises Refusal, without the body, if not."""
    if 200 <= answer.status < 300:
        return answer
    where = f"{method} {urlsplit(url).path}"
    raise Refusal(where, f"status {answer.status}", "2xx", "check the token's permissions")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=_SECONDS)
