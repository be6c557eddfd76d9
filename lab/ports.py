"""Ports on the host's loopback that labs keep for themselves.

Claims are files in the user's cache, made in one step, so two labs that start at once never take
the same port; a claim whose lab is gone is free again.
"""

import os
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

from .errors import LabError

# Below the kernel's usual range for outgoing connections, which could take one at any moment.
_FIRST, _LAST = 21000, 29999


def cache_directory() -> Path:
    """Where the lab keeps what outlives one lab."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "meshtier"


def _claims() -> Path:
    directory = cache_directory() / "ports"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def is_free(port: int) -> bool:
    """True when nobody listens on the port of the host's loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def claim(owner: Path) -> int:
    """A free port for the lab in directory `owner`; it stays claimed until `release`."""
    start = zlib.crc32(str(owner).encode()) % (_LAST - _FIRST)
    for step in range(_LAST - _FIRST):
        port = _FIRST + (start + step) % (_LAST - _FIRST)
        if _take(port, owner) and is_free(port):
            return port
    raise LabError(f"no free port between {_FIRST} and {_LAST} on 127.0.0.1")


def _take(port: int, owner: Path) -> bool:
    path = _claims() / str(port)
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        holder = path.read_text()
        if holder and not Path(holder).exists():
            # One of two who see this loses the exclusive creation in its next round.
            path.unlink(missing_ok=True)
            return _take(port, owner)
        return False
    with os.fdopen(file, "w") as claimed:
        claimed.write(str(owner))
    return True


def of(owner: Path) -> Iterator[int]:
    """The ports the lab in this directory has claimed."""
    for path in _claims().iterdir():
        if path.read_text() == str(owner):
            yield int(path.name)


def release(owner: Path) -> None:
    """Give back all ports of the lab in this directory."""
    for port in list(of(owner)):
        (_claims() / str(port)).unlink(missing_ok=True)
