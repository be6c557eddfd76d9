"""`python -m meshtier.recover`: after a run was killed, make the stack ready for the next `up`.

Lets go of the dead run's lock, then removes the Helm releases that it had begun and not recorded.
Without `--yes` it only says what it would remove. What the run was making in a cloud it names, with
the command that takes it over: whether it is there, only the cloud knows.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from .clouds import ID, imports
from .helm import HelmError, command, is_there, uninstall
from .state import Unfinished, unfinished_releases

_FAILED = 1
"""Exit status when pulumi or helm could not do it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Recover one stack; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        # There is nothing to cancel where the lock is gone already; the export tells the rest.
        _pulumi("cancel", "--yes", "--stack", chosen.stack, check=False)
        exported = _pulumi("stack", "export", "--show-secrets", "--stack", chosen.stack)
        state = json.loads(exported)
        left = [one for one in unfinished_releases(state) if is_there(one)]
        for release in left:
            _handle(release, is_sure=chosen.yes)
    except (HelmError, FileNotFoundError, subprocess.SubprocessError) as error:
        print(_words(error), file=sys.stderr)
        return _FAILED
    _name(imports(state, chosen.stack))
    print(_next(chosen.stack, len(left), is_sure=chosen.yes))
    return 0


def _handle(release: Unfinished, *, is_sure: bool) -> None:
    print(f"{release.cluster}: {command(release)}", flush=True)
    if is_sure:
        uninstall(release)


def _name(commands: Sequence[str]) -> None:
    if commands:
        print(f"was being made; where the cloud has it, put its id for {ID}:")
    for each in commands:
        print(f"  {each}")


def _next(stack: str, count: int, *, is_sure: bool) -> str:
    if count and not is_sure:
        return "nothing was removed; the same with --yes removes it"
    return f"now: pulumi up --stack {stack}"


def _pulumi(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["pulumi", *arguments], capture_output=True, text=True, check=check)
    return done.stdout


def _words(error: Exception) -> str:
    # What the commands print on the standard output may be secret; their errors are not.
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
    parser.add_argument("--yes", action="store_true", help="remove, instead of only saying what")
    return parser


if __name__ == "__main__":
    sys.exit(main())
