"""What is secret stands in Secrets: anybody who may look around reads ConfigMaps.

A heuristic over shapes that are hardly ever anything else. Only key and shape are told.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from .rule import Resource, Rule, Settings, decoded, line, walk

_SHAPES: Final = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    "a kubeconfig with credentials": re.compile(
        r"\b(?:client-key-data|token|password)[\"']?\s*:\s*[\"']?[A-Za-z0-9+/._=-]{16,}"
    ),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
}
_NAMES: Final = re.compile(r"(?:^|[._-])(?:password|passwd|token|secret|private[._-]?key)$", re.I)


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type != "kubernetes:core/v1:ConfigMap":
        return
    for path, key, value in walk(resource.get("data"), "data"):
        yield from _judge(path, key, value)
    for path, key, value in walk(resource.get("binaryData"), "binaryData"):
        yield from _judge(path, key, decoded(value) if isinstance(value, str) else value)


def _judge(path: str, key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        return
    shapes = [what for what, shape in _SHAPES.items() if shape.search(value)]
    if not shapes and _NAMES.search(key):
        shapes = ["a value under a secret's name"]
    for what in shapes:
        yield line(path, what, "what everybody may read", "put it into a Secret")


NO_SECRETS_IN_CONFIG_MAPS: Final = Rule(
    name="no-secrets-in-config-maps",
    description="What is secret stands in Secrets.",
    check=_check,
)
