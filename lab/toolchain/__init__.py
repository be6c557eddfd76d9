"""Every tool that the lab and the tests need, in its pinned version, without installing anything.

A tool on PATH in the pinned version is used as it is; else it comes from the cache, the official
release (checked against its publisher's checksum), or a build of the pinned Go module. It leaves
out what runs inside Python: those are wheels in requirements.lock.
"""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache, default_root
from .debian import Apt
from .download import Downloader
from .golang import Go
from .model import Resolved, Source, Tool, ToolchainError
from .resolve import Resolver, duration
from .table import GROUPS, TOOLS

__all__ = ["CHECKOUT", "Resolved", "Source", "Toolchain", "ToolchainError", "ensure"]

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Tools that are there, by name."""

    resolved: tuple[Resolved, ...]

    def path(self, name: str) -> Path:
        """A binary; for the name of a tool that is several (`cni`), their folder."""
        for one in self.resolved:
            if name in one.binaries:
                return one.binaries[name]
        one = self._tool(name)
        if not one.binaries:
            raise ToolchainError(f"{name}: is files, no binary; ask for its tree")
        return next(iter(one.binaries.values())).parent

    @property
    def places(self) -> dict[str, Path]:
        """Every binary by name, and the tree of every tool as `<tool>-files`."""
        trees = {f"{one.tool.name.removesuffix('-files')}-files": one.tree for one in self.resolved}
        files = {one.tool.name: one.tree for one in self.resolved if not one.binaries}
        binaries = {name: path for one in self.resolved for name, path in one.binaries.items()}
        return {**trees, **files, **binaries}

    @property
    def bin_dirs(self) -> list[Path]:
        """Folders of all binaries, each once: what goes in front of PATH."""
        places = (path.parent for one in self.resolved for path in one.binaries.values())
        return list(dict.fromkeys(places))

    def version(self, name: str) -> str:
        """The pinned version of a tool or binary."""
        return self._tool(name).version

    def source(self, name: str) -> Source:
        """Where a tool or binary came from."""
        return self._tool(name).source

    def tree(self, name: str) -> Path:
        """Folder of all files of a tool: libraries of an unpacked package lie below it.

        / for a tool of the machine itself.
        """
        return self._tool(name).tree

    def module_dir(self, name: str) -> Path:
        """Files that the tool's Go module carries; for istio: `charts/{base,istiod,gateway}`,
        `crd-all.gen.yaml` and `envoy_bootstrap.json`.
        """
        return self.tree(f"{name}-files")

    def _tool(self, name: str) -> Resolved:
        for one in self.resolved:
            if name == one.tool.name or name in one.binaries:
                return one
        raise ToolchainError(f"{name}: not among the tools that were asked for")


def to_stderr(line: str) -> None:
    """Default progress: one line on standard error, at once."""
    # In one piece: print writes a line and its end, and other threads come between.
    sys.stderr.write(f"tools: {line}\n")
    sys.stderr.flush()


def ensure(
    names: Iterable[str] | None = None, progress: Callable[[str], None] = to_stderr
) -> Toolchain:
    """Have the named tools, binaries or groups (default: all); independent ones at once.

    Names of groups: control-plane, node, engine, mesh. Nothing is printed about tools that are
    there already. MESHTIER_OFFLINE leaves the official release sites out. Raises ToolchainError
    with one paragraph per tool that can't be had; an optional one is only missed by its name.
    """
    wanted = select(names)
    cache = Cache(default_root())
    resolver = Resolver(
        checkout=CHECKOUT,
        cache=cache,
        go=Go(CHECKOUT, cache),
        apt=Apt(cache),
        downloader=Downloader(offline=bool(os.environ.get("MESHTIER_OFFLINE"))),
        progress=progress,
    )
    # One thread each: they wait for locks and processes; builds have a limit of their own.
    with ThreadPoolExecutor(max_workers=len(wanted) or 1) as pool:
        found = {tool.name: pool.submit(resolver.find, tool) for tool in wanted}
        missing = [tool for tool in wanted if found[tool.name].result() is None]
        if missing:
            progress(_announcement(missing))
        found |= {tool.name: pool.submit(resolver.obtain, tool) for tool in missing}
    failures: list[str] = []
    for tool in missing:
        error = found[tool.name].exception()
        if error is None:
            continue
        if not isinstance(error, ToolchainError):
            raise error
        if tool.optional and names is None:
            progress(f"{tool.name}: {tool.optional} ({error})")
        else:
            failures.append(str(error))
    if failures:
        raise ToolchainError("\n".join(failures))
    had = [one.result() for one in found.values() if one.exception() is None]
    return Toolchain(tuple(one for one in had if one is not None))


def _announcement(missing: Sequence[Tool]) -> str:
    # One after the other: what runs side by side shares the cores.
    seconds = sum(tool.usual_seconds for tool in missing)
    return (
        f"{len(missing)} to get: usually {duration(seconds)} where nothing can be downloaded, "
        "most of it builds"
    )


def select(names: Iterable[str] | None) -> list[Tool]:
    """The tools behind names of tools, binaries and groups, each once, slowest first."""
    if names is None:
        return list(TOOLS)
    chosen: set[str] = set()
    for name in names:
        found = set(GROUPS.get(name, ()))
        found |= {tool.name for tool in TOOLS if name == tool.name or name in tool.provides}
        if not found:
            known = ", ".join([*GROUPS, *(tool.name for tool in TOOLS)])
            raise ToolchainError(f"{name}: no such tool; allowed {known}")
        chosen |= found
    return [tool for tool in TOOLS if tool.name in chosen]
