"""`python -m lab.bench`: what our program costs against a bare one with the same resources."""

import argparse
import fcntl
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from ..errors import LabError
from ..plugins.install import PluginInstallError
from ..toolchain import CHECKOUT, ToolchainError, ensure
from . import charts, clouds, imports, plans, size, whole
from .compare import compare
from .table import Row, show
from .world import world

TOOLS = ("engine", "control-plane", "mesh", "helm")


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 only when something did not run, for times are no verdict."""
    chosen = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows: list[Row] = []
    try:
        with _alone(CHECKOUT / ".lab"):
            for part in _parts(chosen):
                rows += part
    except (LabError, ToolchainError, PluginInstallError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; everything is stopped and removed", file=sys.stderr)
        return 130
    finally:
        if rows:
            show(rows, console)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab.bench", description=__doc__)
    parser.add_argument(
        "--members", type=_sizes, default=[3, 6], help="numbers of user clusters; default 3,6"
    )
    parser.add_argument("--runs", type=int, default=3, help="turns of each program; default 3")
    parser.add_argument(
        "--local", action="store_true", help="time the local environment too, from nothing"
    )
    return parser


def _sizes(text: str) -> list[int]:
    return sorted({int(one) for one in text.split(",")})


def _parts(chosen: argparse.Namespace) -> Iterator[list[Row]]:
    """Each group of rows as soon as it is measured, so that an interruption keeps the others."""
    _progress("imports and plans: about 40 s")
    yield [*imports.rows(), *imports.cloud_rows(), *plans.rows()]
    toolchain = ensure(TOOLS)
    yield clouds.rows(CHECKOUT / ".lab" / "bench-clouds", toolchain, chosen.runs, _progress)
    exports = {}
    with world(CHECKOUT / ".lab" / "bench-api", toolchain, max(chosen.members), _progress) as here:
        for members in chosen.members:
            found = compare(here, members, chosen.runs, _progress)
            exports[members] = found.ours.resources
            yield [*found.rows(), *size.rows(members, found.ours.resources, found.bare.resources)]
        yield size.constancy(exports)
        yield charts.rows(here, min(chosen.members), _progress)
    if chosen.local:
        yield whole.rows(_progress)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock that keeps a second bench of this checkout out."""
    folder.mkdir(exist_ok=True)
    with (folder / "bench.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError("another bench runs in this checkout; wait for it") from None
        yield


def _progress(line: str) -> None:
    print(f"bench: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
