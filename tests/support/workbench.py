"""A toolchain that is complete and tiny: one tool, and a Go that only writes its file."""

from dataclasses import dataclass, field
from pathlib import Path

from lab.toolchain.cache import Cache
from lab.toolchain.debian import Apt
from lab.toolchain.download import Downloader
from lab.toolchain.golang import Go
from lab.toolchain.model import GoModule, Probe, Resolved, Tool
from lab.toolchain.resolve import Resolver, cache_key

PROBED = {"thing": Probe(arguments=("version",), contains="thing 1.2.3\n")}


@dataclass
class Workbench:
    """A checkout with one module, an empty cache, and a Go that only writes what it was asked."""

    root: Path
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.module = self.root / "checkout" / "thing"
        self.module.mkdir(parents=True)
        (self.module / "go.mod").write_text("module thing\n")
        (self.module / "go.sum").write_text("")
        self.path = self.root / "path"
        self.path.mkdir()
        self.cache = Cache(self.root / "cache")
        # Its output names the binary: a test can tell whose it runs.
        script(
            self.path / "go",
            'case $1 in version) echo go1.26.0;; build) shift; while [ "$1" '
            '!= -o ]; do shift; done; echo built > "$2/thing"; echo >> "$LOG";; esac',
        )
        self.tool = Tool(
            name="thing",
            version="1.2.3",
            provides=("thing",),
            usual_seconds=1,
            probes=PROBED,
            modules=(GoModule(folder="thing"),),
        )

    def resolve(self, tool: Tool | None = None, downloader: Downloader | None = None) -> Resolved:
        """A tool, default: this one's, from the first place that has it."""
        tool, checkout = tool or self.tool, self.root / "checkout"
        resolver = Resolver(
            checkout=checkout,
            cache=self.cache,
            go=Go(checkout, self.cache),
            apt=Apt(self.cache),
            downloader=downloader or Downloader(offline=True),
            progress=self.lines.append,
        )
        return resolver.find(tool) or resolver.obtain(tool)

    @property
    def builds(self) -> int:
        log = self.root / "builds"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def key(self, tool: Tool | None = None) -> str:
        return cache_key(self.root / "checkout", tool or self.tool)


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
