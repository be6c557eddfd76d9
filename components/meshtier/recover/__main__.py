"""`python -m meshtier.recover`: after a run was killed, make the stack ready for the next `up`.

Lets go of the dead run's lock. What the run was making and didn't write down it names: in a cloud
with the command that takes it over, or to be deleted where it was to replace another, for whether
it is there only the cloud knows; in a cluster with the `up` that does.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from ..plan.piped import piped
from .clouds import ID, imports, leftovers
from .clusters import next_up, unwritten

_FAILED = 1
"""Exit status when pulumi could not do it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Recover one stack; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        # There is nothing to cancel where the lock is gone already; the export tells the rest.
        _pulumi("cancel", "--yes", "--stack", chosen.stack, check=False)
        state = json.loads(_pulumi("stack", "export", "--stack", chosen.stack))
    except (FileNotFoundError, subprocess.SubprocessError) as error:
        print(_words(error), file=sys.stderr)
        return _FAILED
    inside = unwritten(state)
    _name(
        f"was being made; where the cloud has it, put its id for {ID}:",
        imports(state, chosen.stack),
    )
    _name(
        "was being made to replace what the state has, so nothing imports it; where the cloud has "
        "it, delete it, for the `up` makes it anew:",
        leftovers(state),
    )
    _name("was being made in clusters; what is there by now, this `up` takes over:", inside)
    print(f"now: {next_up(chosen.stack, takes_over=bool(inside))}")
    return 0


def _name(about: str, lines: Sequence[str]) -> None:
    if lines:
        print(about)
    for each in lines:
        print(f"  {each}")


def _pulumi(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["pulumi", *arguments], capture_output=True, text=True, check=check)
    return done.stdout


def _words(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return str(error.stderr).strip()
    if isinstance(error, FileNotFoundError):
        return f"{error.filename}: got no such command; allowed one on PATH; install it"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m meshtier.recover",
        description="After a run was killed, make the stack ready for the next `pulumi up`.",
    )
    parser.add_argument("--stack", required=True, help="name of the stack")
    return parser


if __name__ == "__main__":
    sys.exit(piped(main))
