"""Ports on the host's loopback that labs keep for themselves.

Claims are files in the user's cache, read and changed under one lock, so two labs that start or
end at once never take the same port; a claim whose lab is gone is free again.
"""

import contextlib
import fcntl
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


@contextlib.contextmanager
def _claims() -> Iterator[Path]:
    """The folder with one file per claim, nobody else in it; the lock falls with the process."""
    directory = cache_directory() / "ports"
    directory.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield directory


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
    with _claims() as claims:
        for step in range(_LAST - _FIRST):
            port = _FIRST + (start + step) % (_LAST - _FIRST)
            if not _is_taken(claims / str(port)) and is_free(port):
                (claims / str(port)).write_text(str(owner))
                return port
    raise LabError(f"no free port between {_FIRST} and {_LAST} on 127.0.0.1")


def _is_taken(claim: Path) -> bool:
    try:
        return Path(claim.read_text() or "/missing").exists()
    except FileNotFoundError:
        return False


def of(owner: Path) -> list[int]:
    """The ports the lab in this directory has claimed."""
    with _claims() as claims:
        return [int(path.name) for path in claims.iterdir() if path.read_text() == str(owner)]


def release(owner: Path) -> None:
    """Give back all ports of the lab in this directory."""
    with _claims() as claims:
        for path in claims.iterdir():
            if path.read_text() == str(owner):
                path.unlink()
