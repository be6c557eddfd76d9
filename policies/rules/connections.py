"""Nothing is told to talk to a server that it doesn't verify.

Looks at every setting of that meaning, wherever it stands, and into kubeconfigs, given to a
provider or kept in a Secret; of those only the place is told.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from .rule import Resource, Rule, Settings, decoded, line, walk

_LAX: Final = frozenset(
    {"insecureskiptlsverify", "insecureskipverify", "skiptlsverify", "plainhttp", "insecure"}
)
"""Names of such settings, without case, dashes and underscores."""
_LAX_TEXT: Final = re.compile(
    r"insecure-skip-tls-verify[\"']?\s*:\s*[\"']?(?:true|yes|on|y)\b", re.IGNORECASE
)
"""Truth in each spelling that Kubernetes' YAML has for it."""
_PLAIN_SERVER: Final = re.compile(r"\bserver[\"']?\s*:\s*[\"']?http://", re.IGNORECASE)
_ENCODED: Final = {"Secret": "data.", "ConfigMap": "binaryData."}
"""Where objects hold base64."""
_REPOSITORIES: Final = ("chart", "repositoryOpts.repo")


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    for path, key, value in walk(resource.props):
        if re.sub("[-_]", "", key).lower() in _LAX and _is_true(value):
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
    held = _ENCODED.get(resource.kind)
    return decoded(value) if held and path.startswith(held) else value


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _is_plain(place: Any) -> bool:
    return isinstance(place, str) and place.lower().startswith("http://")


VERIFIED_CONNECTIONS: Final = Rule(
    name="verified-connections",
    description="Nothing talks to a server that it doesn't verify.",
    check=_check,
    severity="critical",
)
