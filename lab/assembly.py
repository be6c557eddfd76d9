"""From what a lab remembers to the objects that act on it, and the lock they act under."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .cluster import Cluster
from .control_plane import Endpoint
from .record import Record
from .site import Site
from .spec import Mode

_LOCK = ".lock"


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the lab's lock; it falls when this process ends, however it ends."""
    path = directory / _LOCK
    while True:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # `unlock_for_good` deletes the file it holds; then the lock of the new one counts.
            if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
                yield
                return


def unlock_for_good(directory: Path) -> None:
    """Delete the lock that the caller holds, and the directory if nothing else is in it."""
    (directory / _LOCK).unlink()
    with contextlib.suppress(OSError):
        directory.rmdir()


def site(known: Record) -> Site | None:
    """The network of the lab; None in control-plane mode, which needs none."""
    if known.spec.mode is Mode.CONTROL_PLANE:
        return None
    tools = known.tools
    return Site(known.spec, known.spec.directory / "site", ip=tools["ip"], nft=tools["nft"])


def clusters(known: Record) -> list[Cluster]:
    """The lab's clusters in the order of the description; claims addresses of new ones."""
    spec = known.spec
    found: list[Cluster] = []
    for about in spec.clusters:
        index, port = known.index(about), known.port(about.name, "api")
        if spec.mode is Mode.NODES:
            endpoint = Endpoint(address=spec.machine(index))
        else:
            endpoint = Endpoint(
                address="127.0.0.1",
                port=port,
                etcd_port=known.port(about.name, "etcd"),
                etcd_peer_port=known.port(about.name, "etcd-peer"),
            )
        found.append(
            Cluster(
                spec=spec,
                about=about,
                index=index,
                directory=spec.directory / "clusters" / about.name,
                tools=known.tools,
                host_port=port,
                endpoint=endpoint,
            )
        )
    return found
