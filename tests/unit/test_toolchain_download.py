"""Releases are taken with their publisher's checksum or not at all."""

import contextlib
import hashlib
import io
import os
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lab.toolchain import Source
from lab.toolchain.download import ChecksumMismatchError, Downloader, UnreachableError
from lab.toolchain.model import Download
from tests.support.workbench import Workbench


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    made = Workbench(tmp_path)
    monkeypatch.setenv("PATH", f"{made.path}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "builds"))
    return made


def _archive(member: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as out:
        entry = tarfile.TarInfo(member)
        entry.size = len(content)
        out.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def release(tmp_path: Path) -> Callable[[str], Download]:
    """A release on a file: site; the argument is what the publisher says its sum is."""
    site = tmp_path / "site"
    site.mkdir()
    content = _archive("dir/thing", b"released\n")
    (site / "thing.tar.gz").write_bytes(content)
    right = hashlib.sha256(content).hexdigest()

    def publish(sums: str) -> Download:
        (site / "SUMS").write_text(sums.replace("RIGHT", right))
        base = site.as_uri()
        return Download(
            url=f"{base}/thing.tar.gz", checksum_url=f"{base}/SUMS", members={"dir/thing": "thing"}
        )

    return publish


@pytest.mark.parametrize(
    "sums", ["RIGHT", "RIGHT  thing.tar.gz\n", f"{'0' * 64}  a\nRIGHT *thing.tar.gz"]
)
def test_a_release_with_its_publishers_checksum_is_used(
    bench: Workbench, release: Callable[[str], Download], sums: str
) -> None:
    tool = replace(bench.tool, downloads=(release(sums),))
    found = bench.resolve(tool, Downloader())
    assert found.source is Source.DOWNLOAD
    assert found.binaries["thing"].read_text() == "released\n"
    assert os.access(found.binaries["thing"], os.X_OK)
    assert bench.builds == 0


@pytest.mark.parametrize("sums", ["0" * 64, f"{'0' * 64}  thing.tar.gz", "RIGHT  other.tar.gz", ""])
def test_a_release_without_the_right_checksum_is_refused_before_it_is_unpacked(
    tmp_path: Path, release: Callable[[str], Download], sums: str
) -> None:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    with pytest.raises(ChecksumMismatchError):
        Downloader().fetch(release(sums), binaries)
    assert list(binaries.iterdir()) == []


def test_a_refused_release_is_built_instead_and_said_so(
    bench: Workbench, release: Callable[[str], Download]
) -> None:
    tool = replace(bench.tool, downloads=(release("0" * 64),))
    found = bench.resolve(tool, Downloader())
    assert found.binaries["thing"].read_text() == "built\n"
    assert any("published 0000" in line for line in bench.lines)


def test_the_first_failed_connection_to_a_host_is_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(url: str, timeout: float) -> contextlib.AbstractContextManager[io.BytesIO]:
        asked.append(url)
        raise OSError("connection refused")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    downloader = Downloader()
    for host, name in (("a", "one"), ("a", "two"), ("b", "three")):
        url = f"https://{host}.example/{name}"
        with pytest.raises(UnreachableError, match=f"{host}.example: connection refused"):
            downloader.fetch(Download(url=url, checksum_url=f"{url}.sha256", members={}), tmp_path)
    assert asked == ["https://a.example/one.sha256", "https://b.example/three.sha256"]
