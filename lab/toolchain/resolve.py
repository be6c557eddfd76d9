"""How one tool is had: the machine's own, the cache, the official release, or made here."""

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache, digest
from .debian import Apt, debian_digest
from .download import ChecksumMismatchError, Downloader, UnreachableError
from .golang import Go, module_digest
from .model import Resolved, Source, Tool, ToolchainError
from .search import answers, on_path

# A Go build uses every core by itself; a second one fills the gaps while the first one links.
SIDE_BY_SIDE = threading.Semaphore(2)


@dataclass(slots=True)
class Resolver:
    """Resolves tools; safe to use from several threads."""

    checkout: Path
    cache: Cache
    go: Go
    apt: Apt
    downloader: Downloader
    progress: Callable[[str], None]

    def find(self, tool: Tool) -> Resolved | None:
        """The tool, if the machine or the cache has it."""
        begun = time.monotonic()
        if tool.wheel is not None:
            wheel = tool.wheel()
            return _resolved(tool, Source.WHEEL, begun, wheel, Path("/")) if wheel else None
        own = on_path(tool, self.cache.root)
        if own is not None:
            return _resolved(tool, Source.PATH, begun, own, Path("/"))
        key = cache_key(self.checkout, tool)
        if self.cache.has(key) and not self._works(tool, self.cache.entry(key)):
            self.progress(f"{tool.name}: what the cache holds doesn't run any more")
            self.cache.discard(key)
        return self._cached(tool, key, Source.CACHE, begun) if self.cache.has(key) else None

    def obtain(self, tool: Tool) -> Resolved:
        """The tool, made or fetched into the cache. Raises ToolchainError."""
        if tool.wheel is not None:
            raise ToolchainError(f"{tool.name}: wheel {tool.version} is not there; make venv")
        usually = f"usually {duration(tool.usual_seconds)}"
        self.progress(
            f"{tool.name} {tool.version}: neither on PATH nor in the cache; {_intention(tool)}, "
            f"{usually}{' once it begins' if tool.modules else ''}"
        )
        begun = time.monotonic()
        taken: list[tuple[Source, float]] = []
        key = cache_key(self.checkout, tool)
        self.cache.publish(key, lambda folder: taken.append(self._fill(tool, key, folder)))
        # Empty when another run made it while this one waited for the lock.
        source, begun = taken[0] if taken else (Source.CACHE, begun)
        found = self._cached(tool, key, source, begun)
        self.progress(f"{tool.name} {tool.version}: {source.value}, took {duration(found.seconds)}")
        return found

    def _fill(self, tool: Tool, key: str, folder: Path) -> tuple[Source, float]:
        """Fill the folder; from where, and since when: a build may have waited for its turn."""
        begun, binaries = time.monotonic(), folder / "bin"
        if tool.debian is not None:
            self.apt.unpack(tool.debian, folder, self.cache.entry(key))
            return Source.DEBIAN, begun
        binaries.mkdir()
        if tool.downloads and self._download(tool, binaries):
            return Source.DOWNLOAD, begun
        if tool.modules:
            begun = self._build(tool, binaries)
        for extra in tool.extras:
            self.go.copy(extra, folder)
        missing = [name for name in tool.provides if not (binaries / name).is_file()]
        if missing:
            raise ToolchainError(f"{tool.name}: the build made no {', '.join(missing)}")
        for name in tool.provides:
            (binaries / name).chmod(0o755)
        return Source.BUILD, begun

    def _build(self, tool: Tool, binaries: Path) -> float:
        with SIDE_BY_SIDE:
            self.progress(f"{tool.name} {tool.version}: its build begins")
            begun = time.monotonic()
            for module in tool.modules:
                self.go.build(module, binaries)
            return begun

    def _download(self, tool: Tool, binaries: Path) -> bool:
        try:
            for download in tool.downloads:
                self.downloader.fetch(download, binaries)
        except (UnreachableError, ChecksumMismatchError) as error:
            self.progress(f"{tool.name}: no official release ({error}); building it")
            shutil.rmtree(binaries)
            binaries.mkdir()
            return False
        return True

    def _works(self, tool: Tool, entry: Path) -> bool:
        # Only unpacked packages lean on the machine's libraries, which can go away.
        if tool.debian is None:
            return True
        return all(answers(entry / "bin" / name, probe) for name, probe in tool.probes.items())

    def _cached(self, tool: Tool, key: str, source: Source, begun: float) -> Resolved:
        entry = self.cache.entry(key)
        binaries = {name: entry / "bin" / name for name in tool.provides}
        return _resolved(tool, source, begun, binaries, entry)


def cache_key(checkout: Path, tool: Tool) -> str:
    """Folder name of a tool's cache entry: any change of what it is made from changes it."""
    parts = [module_digest(checkout, module) for module in tool.modules]
    for extra in tool.extras:
        # The module's version is in there; the sums only repeat it.
        parts.append((checkout / extra.folder / "go.mod").read_bytes())
        parts.append(repr((extra.module, extra.files, extra.replace)).encode())
    if tool.debian is not None:
        parts.append(debian_digest(tool.debian))
    version = tool.version.replace(" ", "-")
    return f"{tool.name}-{version}-{digest(*parts)}"


def duration(seconds: float) -> str:
    """Seconds for people: `40 s`, `5 min`."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _resolved(
    tool: Tool, source: Source, begun: float, binaries: Mapping[str, Path], tree: Path
) -> Resolved:
    return Resolved(
        tool=tool,
        source=source,
        version=tool.version,
        binaries=binaries,
        tree=tree,
        seconds=time.monotonic() - begun,
    )


def _intention(tool: Tool) -> str:
    if tool.debian is not None:
        return "unpacking the Debian package"
    if tool.downloads:
        return "downloading the release, or building its Go module"
    return "building its Go module" if tool.modules else "copying from its Go module"
