"""Official release files, taken only with their publisher's checksum.

A machine that reaches registries only must not wait for every tool in turn: the first connection
that fails to a host is the last one made to it.
"""

import hashlib
import http.client
import re
import shutil
import tarfile
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .model import Download

CONNECT_SECONDS = 5
READ_SECONDS = 60


class UnreachableError(Exception):
    """The release site doesn't answer, or doesn't have the file."""


class ChecksumMismatchError(Exception):
    """What came isn't what the publisher published; it was thrown away."""


@dataclass(slots=True)
class Downloader:
    """Fetches releases; remembers the hosts that didn't answer."""

    offline: bool = False
    _unreachable: dict[str, str] = field(default_factory=dict)
    _probing: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, download: Download, binaries: Path) -> None:
        """Put the binaries of one release file into a folder.

        Raises UnreachableError, or ChecksumMismatchError before anything is unpacked.
        """
        name = download.url.rsplit("/", 1)[1]
        expected = expected_sha256(self._read(download.checksum_url), name)
        with tempfile.TemporaryDirectory(dir=binaries.parent) as scratch:
            archive = Path(scratch) / "download"
            got = self._save(download.url, archive)
            if got != expected:
                raise ChecksumMismatchError(
                    f"{download.url}: got sha256 {got}; published {expected}"
                )
            unpack(archive, download, binaries)

    def _read(self, url: str) -> str:
        host = urllib.parse.urlsplit(url).netloc
        # One at a time: else every tool would wait for the same dead host at once.
        with self._probing:
            if self.offline:
                raise UnreachableError("MESHTIER_OFFLINE is set")
            if host in self._unreachable:
                raise UnreachableError(self._unreachable[host])
            try:
                with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as answer:
                    return answer.read(1 << 20).decode()
            except urllib.error.HTTPError as error:
                if error.code in (404, 410):
                    raise UnreachableError(f"{url}: {error.code}") from error
                self._unreachable[host] = f"{host}: {error.code}"
            except (OSError, http.client.HTTPException) as error:
                self._unreachable[host] = f"{host}: {getattr(error, 'reason', error)}"
            raise UnreachableError(self._unreachable[host])

    def _save(self, url: str, target: Path) -> str:
        seen = hashlib.sha256()
        try:
            with (
                urllib.request.urlopen(url, timeout=READ_SECONDS) as answer,
                target.open("wb") as out,
            ):
                while block := answer.read(1 << 20):
                    seen.update(block)
                    out.write(block)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"{url}: {error}") from error
        return seen.hexdigest()


def expected_sha256(published: str, name: str) -> str:
    """The sum of one file, from a bare sum or from the lines that sha256sum writes.

    Raises ChecksumMismatchError when the publisher lists no such file.
    """
    for line in published.splitlines():
        match = re.match(r"^([0-9a-fA-F]{64})(?:\s+\*?(?:\./)?(\S+))?\s*$", line)
        if match and match.group(2) in (None, name):
            return match.group(1).lower()
    raise ChecksumMismatchError(f"{name}: no sha256 among the published checksums")


def unpack(archive: Path, download: Download, binaries: Path) -> None:
    """Copy the wanted members, and nothing else, out of a release file."""
    if "" in download.members:
        _place(archive, binaries / download.members[""])
        return
    with tarfile.open(archive) as content:
        wanted = dict(download.members)
        for member in content:
            target = wanted.pop(member.name.removeprefix("./"), None)
            handle = content.extractfile(member) if target else None
            if target and handle:
                with (binaries / target).open("wb") as out:
                    shutil.copyfileobj(handle, out)
                (binaries / target).chmod(0o755)
    if wanted:
        raise UnreachableError(f"{download.url}: lacks {', '.join(sorted(wanted))}")


def _place(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o755)
