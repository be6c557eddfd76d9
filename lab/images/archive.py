"""Container images as docker archives, written by hand: one layer, one configuration.

The same input gives the same bytes, so an archive is found again by what it holds.
"""

import hashlib
import io
import json
import os
import platform
import tarfile
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_KEEP_UNUSED = 7 * 24 * 3600
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """One image to build."""

    name: str
    """With registry and tag."""

    entrypoint: tuple[str, ...]
    files: dict[str, Path]
    """Path in the image -> file of this machine."""

    texts: dict[str, str] = field(default_factory=dict)
    """Path in the image -> content."""

    links: dict[str, str] = field(default_factory=dict)
    """Path in the image -> what the symbolic link says."""

    user: str = ""
    """Numeric user; empty for root."""

    def fingerprint(self) -> str:
        """Changes whenever the image may have; cheap, reads no file."""
        parts = [repr((self.name, self.entrypoint, self.user, self.texts, self.links))]
        for target, source in sorted(self.files.items()):
            state = source.stat()
            parts.append(f"{target} {source} {state.st_size} {state.st_mtime_ns}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def key(self) -> str:
        """Digest of all the image holds."""
        parts = [repr((self.name, self.entrypoint, self.user, self.texts, self.links))]
        for target, source in sorted(self.files.items()):
            with source.open("rb") as file:
                parts.append(f"{target} {hashlib.file_digest(file, 'sha256').hexdigest()}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def build(image: Image, cache: Path) -> Path:
    """The image's archive, written below `cache` unless it is there already."""
    cache.mkdir(parents=True, exist_ok=True)
    stem = PurePosixPath(image.name).name.replace(":", "-")
    archive = cache / f"{stem}-{image.key()[:24]}.tar"
    if archive.exists():
        os.utime(archive)
        return archive
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        layer = Path(scratch) / "layer.tar"
        _write_layer(image, layer)
        complete = Path(scratch) / "image.tar"
        _write_archive(image, layer, complete)
        complete.replace(archive)
    for old in cache.glob(f"{stem}-*.tar"):
        if time.time() - old.stat().st_mtime > _KEEP_UNUSED:
            old.unlink(missing_ok=True)
    return archive


def _write_layer(image: Image, path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.addfile(_entry("tmp", tarfile.DIRTYPE, 0o1777))
        every = [*image.files, *image.texts, *image.links]
        folders = {str(p) for target in every for p in PurePosixPath(target).parents}
        for folder in sorted(folders - {"/", "/tmp"}):
            tar.addfile(_entry(folder, tarfile.DIRTYPE, 0o755))
        for target, source in sorted(image.files.items()):
            executable = os.access(source, os.X_OK)
            entry = _entry(target, tarfile.REGTYPE, 0o755 if executable else 0o644)
            entry.size = source.stat().st_size
            with source.open("rb") as file:
                tar.addfile(entry, file)
        for target, text in sorted(image.texts.items()):
            entry = _entry(target, tarfile.REGTYPE, 0o644)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
        for target, says in sorted(image.links.items()):
            entry = _entry(target, tarfile.SYMTYPE, 0o777)
            entry.linkname = says
            tar.addfile(entry)


def _entry(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path.strip("/"))
    entry.type, entry.mode = kind, mode
    return entry


def _write_archive(image: Image, layer: Path, path: Path) -> None:
    with layer.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    machine = platform.machine()
    settings = {
        "Entrypoint": list(image.entrypoint),
        "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        **({"User": image.user} if image.user else {}),
    }
    configuration = {
        "architecture": _ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [{"created_by": "lab"}],
    }
    content = json.dumps(configuration, sort_keys=True).encode()
    name = f"{hashlib.sha256(content).hexdigest()}.json"
    member = f"{digest}/layer.tar"
    manifest = [{"Config": name, "RepoTags": [image.name], "Layers": [member]}]
    with tarfile.open(path, "w") as tar:
        for target, data in ((name, content), ("manifest.json", json.dumps(manifest).encode())):
            entry = _entry(target, tarfile.REGTYPE, 0o644)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        entry = _entry(member, tarfile.REGTYPE, 0o644)
        entry.size = layer.stat().st_size
        with layer.open("rb") as file:
            tar.addfile(entry, file)
