"""Finding a secret again in any of the dresses in which programs write values."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_SECRET_MARK = "4dabf18193072939515e22adb298388d"
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\\?n?\s*([A-Za-z0-9+/=]+)")


def sealed(value: Any) -> Iterator[str]:
    """Texts that are marked secret in a state exported with `--show-secrets`."""
    if isinstance(value, list):
        for item in value:
            yield from sealed(item)
    elif isinstance(value, dict):
        if _SECRET_MARK in value:
            yield from texts(json.loads(value["plaintext"]))
            return
        for item in value.values():
            yield from sealed(item)


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def key_lines(found: Iterable[str]) -> set[str]:
    """First line of every private key: the part that survives any way of breaking lines."""
    return {line for text in found for line in _PRIVATE_KEY.findall(text)}


def credentials(kubeconfig: str) -> Iterator[str]:
    """What a kubeconfig proves who one is with."""
    for user in yaml.safe_load(kubeconfig)["users"]:
        for key in ("token", "client-key-data"):
            if key in user["user"]:
                yield user["user"][key]


def dresses(secret: str) -> set[bytes]:
    """A secret as such, inside JSON text, and inside base64, also of base64."""
    plain = {secret.encode(), json.dumps(secret)[1:-1].encode()}
    once = {shape for one in plain for shape in _encoded(one)}
    return plain | once | {shape for one in once for shape in _encoded(one)}


def _encoded(value: bytes) -> Iterator[bytes]:
    # What stands before it decides by how many bits it is shifted; the ends depend on neighbours.
    for shift in range(3):
        yield base64.b64encode(bytes(shift) + value)[4:-4]


def leaks(secrets: Iterable[str], artefacts: Iterable[Path]) -> list[str]:
    """Artefacts that hold a secret, in any dress; says where and which kind, never the secret."""
    # One look per file and dress; equal files, such as backups of a state, are read once.
    wanted = {dress for secret in secrets for dress in dresses(secret)}
    contents = {path.read_bytes(): path for path in artefacts}
    return sorted(
        str(path) for content, path in contents.items() if any(dress in content for dress in wanted)
    )
