"""Keeps the chart `istio-crds` on the definitions of the pinned Istio.

`python -m lab.crds` copies them again, `python -m lab.crds --check` fails if they differ.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Final

from .errors import LabError
from .toolchain import CHECKOUT, ToolchainError, ensure, select
from .toolchain.cache import Cache, default_root
from .toolchain.resolve import cache_key

COPY: Final = CHECKOUT / "components/meshtier/charts/istio-crds/files/crd-all.gen.yaml"
_TOOL: Final = "istio-files"


def pinned() -> Path:
    """The definitions of the pinned Istio, as the toolchain's cache has them.

    Raises:
        LabError: the cache hasn't got them; nothing is built or downloaded here.
    """
    cache = Cache(default_root())
    for tool in select((_TOOL,)):
        key = cache_key(CHECKOUT, tool)
        if cache.has(key):
            return cache.entry(key) / COPY.name
    raise LabError(f"{_TOOL}: not in the cache of tools; run `make tools`")


def differs(original: Path, copy: Path = COPY) -> bool:
    """Whether the chart's file isn't byte for byte the pinned one."""
    return not copy.is_file() or copy.read_bytes() != original.read_bytes()


def main(arguments: list[str]) -> int:
    """Copy or check; the exit code is 1 for a copy that is out of date or can't be made."""
    parser = argparse.ArgumentParser(prog="python -m lab.crds", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    checks: bool = parser.parse_args(arguments).check
    try:
        original = pinned() if checks else ensure((_TOOL,)).tree(_TOOL) / COPY.name
    except (LabError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    if not differs(original):
        return 0
    if checks:
        print(f"{COPY.relative_to(CHECKOUT)}: differs; run `python -m lab.crds`", file=sys.stderr)
        return 1
    shutil.copyfile(original, COPY)
    print(f"{COPY.relative_to(CHECKOUT)}: copied")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
