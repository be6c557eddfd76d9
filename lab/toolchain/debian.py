"""Debian packages without installing them: downloaded by apt with the machine's own sources and
keys, then unpacked into the cache.

apt works on a state folder of ours, so that neither root nor fresh package lists are needed and the
machine's own are left alone. A package's libraries come along only where the machine lacks them.
"""

import platform
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

from .cache import Cache, digest
from .model import DebianPackages, ToolchainError

LIST_SECONDS = 180
DOWNLOAD_SECONDS = 180


@dataclass(slots=True)
class Apt:
    """apt-get on a private state folder."""

    cache: Cache
    _updated: bool = False
    _updating: threading.Lock = field(default_factory=threading.Lock)

    def unpack(self, wanted: DebianPackages, folder: Path, final: Path) -> None:
        """Put the packages and what they need below `folder`, and a wrapper per command in bin/.

        `final` is where the folder will lie in the end: the wrappers name it. Raises ToolchainError
        where there is no apt, or a package can't be had.
        """
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise ToolchainError(
                f"{wanted.packages[0]}: not on PATH, and there is no apt-get to fetch it with; "
                "install it with this machine's package manager"
            )
        archives = folder / "archives"
        (archives / "partial").mkdir(parents=True)
        with self._updating:
            if not self._updated:
                self._apt(["update"], archives, LIST_SECONDS)
                self._updated = True
        install = ["install", "--yes", "--no-install-recommends", "--download-only"]
        self._apt([*install, *wanted.packages], archives, DOWNLOAD_SECONDS)
        for package in sorted(archives.glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(folder)], 60)
        shutil.rmtree(archives)
        write_wrappers(wanted, folder, final)

    def _apt(self, arguments: list[str], archives: Path, seconds: int) -> None:
        state = self.cache.root / "apt"
        for name in ("lists/partial", "cache"):
            (state / name).mkdir(parents=True, exist_ok=True)
        options = {
            "Dir::State::lists": state / "lists",
            "Dir::Cache": state / "cache",
            "Dir::Cache::archives": archives,
            # apt would become a user who can't enter a private home.
            "APT::Sandbox::User": "root",
            # The lock it leaves out is the machine's; ours is held below.
            "Debug::NoLocking": "true",
        }
        flags = [text for name, value in options.items() for text in ("-o", f"{name}={value}")]
        with self.cache.lock("apt"):
            _run(["apt-get", "-q", *flags, *arguments], seconds)


def write_wrappers(wanted: DebianPackages, folder: Path, final: Path) -> None:
    """One shell script per command that finds the libraries beside it.

    Raises ToolchainError when none of a command's candidates is among the files.
    """
    binaries = folder / "bin"
    # A package can bring a bin/ of its own only on systems without a merged /usr.
    binaries.mkdir(exist_ok=True)
    libraries = sorted(
        {path.parent.relative_to(folder) for path in folder.rglob("lib*.so*") if path.is_file()}
    )
    searched = ":".join(str(final / path) for path in libraries if path.name != "xtables")
    extensions = [path for path in libraries if path.name == "xtables"]
    for name, candidates in wanted.commands.items():
        inside = next((path for path in candidates if (folder / path).exists()), None)
        if inside is None:
            raise ToolchainError(f"{name}: none of {', '.join(candidates)} in {wanted.packages}")
        lines = ["#!/bin/sh"]
        if searched:
            lines.append(
                f'export LD_LIBRARY_PATH="{searched}${{LD_LIBRARY_PATH:+:}}$LD_LIBRARY_PATH"'
            )
        lines += [f'export XTABLES_LIBDIR="{final / path}"' for path in extensions]
        lines.append(f'exec "{final / inside}" "$@"')
        (binaries / name).write_text("\n".join(lines) + "\n")
        (binaries / name).chmod(0o755)


def debian_digest(wanted: DebianPackages) -> bytes:
    """What the unpacked files depend on: packages, commands, release, machine."""
    release = Path("/etc/os-release")
    parts = [
        release.read_bytes() if release.exists() else b"",
        platform.machine().encode(),
        *(name.encode() for name in wanted.packages),
        *(f"{name}={paths}".encode() for name, paths in sorted(wanted.commands.items())),
    ]
    return digest(*parts).encode()


def _run(command: list[str], seconds: int) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ToolchainError(f"{command[0]}: no answer within {seconds} s") from error
    if done.returncode:
        raise ToolchainError(f"{command[0]}: exit {done.returncode}\n{done.stderr[-2000:]}")
