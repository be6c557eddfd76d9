"""The cache of tools: one folder per tool, version and recipe; it appears whole or not at all.

Nothing is ever changed inside a finished entry, so a reader needs no lock.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


def default_root() -> Path:
    """`$XDG_CACHE_HOME/meshtier`, or `~/.cache/meshtier`."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "meshtier"


def digest(*parts: bytes) -> str:
    """Twelve hex digits over the parts; where one part ends and the next begins counts too."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(len(part).to_bytes(8, "big"))
        seen.update(part)
    return seen.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Cache:
    """Finished entries below `root/tools`."""

    root: Path

    @property
    def tools(self) -> Path:
        """Folder of the entries."""
        return self.root / "tools"

    def entry(self, key: str) -> Path:
        """Where the entry is or will be."""
        return self.tools / key

    def has(self, key: str) -> bool:
        """Whether the entry is finished: it only ever appears by a rename."""
        return self.entry(key).is_dir()

    def publish(self, key: str, fill: Callable[[Path], None]) -> Path:
        """Make the entry by `fill(folder)`, unless somebody else did meanwhile.

        Holds the entry's lock, so that runs beside each other obtain a tool once. If `fill` raises,
        nothing is left.
        """
        with self.lock(key):
            final = self.entry(key)
            if final.is_dir():
                return final
            # Whoever left these was killed: their lock is ours now.
            for stale in self.tools.glob(f".{key}.*"):
                shutil.rmtree(stale, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=self.tools))
            try:
                folder.chmod(0o755)
                fill(folder)
                folder.rename(final)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return final

    def discard(self, key: str) -> None:
        """Remove a finished entry, for instance one whose libraries left the machine."""
        with self.lock(key):
            doomed = self.entry(key)
            if doomed.is_dir():
                aside = doomed.with_name(f".{key}.discarded")
                doomed.rename(aside)
                shutil.rmtree(aside)

    @contextlib.contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """An exclusive lock among threads and processes; the kernel drops it with its holder."""
        locks = self.root / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        self.tools.mkdir(parents=True, exist_ok=True)
        with (locks / key).open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
