"""Nothing is told to talk to a server that it doesn't verify.

Looks at every setting of that meaning, wherever it stands, and into kubeconfigs, given to a
provider or kept in a Secret; of those only the place is told.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final

from .rule import Resource, Rule, Settings, line, walk

_LAX: Final = frozenset(
    {"insecureskiptlsverify", "insecureskipverify", "skiptlsverify", "plainhttp", "insecure"}
)
"""Names of such settings, without case and dashes."""
_LAX_TEXT: Final = re.compile(r"insecure-skip-tls-verify[\"']?\s*:\s*[\"']?true")
_PLAIN_SERVER: Final = re.compile(r"\bserver[\"']?\s*:\s*[\"']?http://")
_REPOSITORIES: Final = ("chart", "repositoryOpts.repo")


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    for path, key, value in walk(resource.props):
        if key.replace("-", "").lower() in _LAX and value in (True, "true"):
            yield line(path, "true", "false", "give the server's authority instead")
        elif isinstance(value, str):
            yield from _kubeconfig(path, _text(resource, path, value))
    for path in _REPOSITORIES:
        place = resource.get(path)
        if resource.type.startswith("kubernetes:helm.sh/") and _is_plain(place):
            yield line(path, "an http:// address", "https:// or oci://", "use TLS")


def _kubeconfig(path: str, text: str) -> Iterator[str]:
    if _LAX_TEXT.search(text):
        fix = "put the authority's certificate into it"
        yield line(path, "a kubeconfig that skips verification", "one that verifies", fix)
    if _PLAIN_SERVER.search(text):
        yield line(path, "a kubeconfig with an http:// server", "https://", "use TLS")


def _text(resource: Resource, path: str, value: str) -> str:
    if resource.kind != "Secret" or not path.startswith("data."):
        return value
    try:
        return base64.b64decode(value, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return value


def _is_plain(place: Any) -> bool:
    return isinstance(place, str) and place.startswith("http://")


VERIFIED_CONNECTIONS: Final = Rule(
    name="verified-connections",
    description="Nothing talks to a server that it doesn't verify.",
    check=_check,
    severity="critical",
)
