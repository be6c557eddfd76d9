"""Keeps the chart `istio-crds` on the definitions of the pinned Istio.

`python -m lab.crds` copies them again, `python -m lab.crds --check` fails if they differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from .errors import LabError

CHECKOUT: Final = Path(__file__).resolve().parent.parent
COPY: Final = CHECKOUT / "components/meshtier/charts/istio-crds/files/crd-all.gen.yaml"
_MODULE: Final = "istio.io/istio"
_UPSTREAM: Final = "manifests/charts/base/files/crd-all.gen.yaml"


def upstream(checkout: Path = CHECKOUT) -> Path:
    """The file in the Istio module that lab/tools/istio pins; nothing is downloaded.

    Raises:
        LabError: Go or the module isn't on this machine.
    """
    go = shutil.which("go")
    if go is None:
        raise LabError("istio definitions: no Go on PATH; run `make tools` and put its Go there")
    listed = subprocess.run(
        [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _MODULE],
        cwd=checkout / "lab/tools/istio",
        env=os.environ | {"GOPROXY": "off"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    folder = listed.stdout.strip()
    if listed.returncode or not folder:
        raise LabError(f"istio definitions: the pinned {_MODULE} isn't here; run `make tools`")
    return Path(folder) / _UPSTREAM


def differs(pinned: Path, copy: Path = COPY) -> bool:
    """Whether the chart's file isn't byte for byte the pinned one."""
    return not copy.is_file() or copy.read_bytes() != pinned.read_bytes()


def main(arguments: list[str]) -> int:
    """Copy or check; the exit code is 1 for a copy that is out of date or can't be made."""
    parser = argparse.ArgumentParser(prog="python -m lab.crds", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    checks: bool = parser.parse_args(arguments).check
    try:
        pinned = upstream()
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    if not differs(pinned):
        return 0
    if checks:
        print(f"{COPY.relative_to(CHECKOUT)}: differs; run `python -m lab.crds`", file=sys.stderr)
        return 1
    shutil.copyfile(pinned, COPY)
    print(f"{COPY.relative_to(CHECKOUT)}: copied")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
