"""`ci/changed [BASE [HEAD]]`: the environments that a change touches, one name per line.

A stack file touches its environment. Whatever else a checkout holds may be what environments are
made of (a document names charts and kubeconfigs anywhere in it), so it touches all, but for what is
only read or run by people. Without BASE, or with one that git doesn't know, all are named too: a
preview too many is cheap, one too few is a change that nobody made. With --output NAME the names
also go to the workflow, as JSON.

Environments whose file is gone can't be previewed, and nothing destroys them: --gone names those
instead.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from . import git
from .refusal import run

STACKS: Final = "stacks/"
_HARMLESS: Final = re.compile(r"[^/]+\.md|(?:docs|tests)/.*|lab/(?!toolchain/).*", re.DOTALL)
"""Files that no environment is made of; the toolchain is, for it says which Pulumi runs."""
_FILE: Final = re.compile(r"stacks/Pulumi\.([A-Za-z0-9][A-Za-z0-9_.-]*)\.yaml")
"""Names end up in paths and commands: none is an option, or leads out of a folder."""
_LAB: Final = "local"
"""The environment of the lab: no runner reaches its clusters."""


def touched(paths: Iterable[str], known: Iterable[str]) -> set[str]:
    """Return the names of `known` environments that a change of these files touches."""
    every, found = set(known), set[str]()
    for path in paths:
        own = _FILE.fullmatch(path)
        if own:
            found.add(own[1])
        elif not _HARMLESS.fullmatch(path):
            return every
    return found & every


def gone(paths: Iterable[str], known: Iterable[str]) -> set[str]:
    """Return the names of environments whose file was touched and is not there any more."""
    named = {own[1] for own in map(_FILE.fullmatch, paths) if own}
    return named - set(known)


def environments(folder: Path) -> set[str]:
    """Return the names of all environments but the lab's."""
    found = (_FILE.fullmatch(path.as_posix()) for path in folder.glob("Pulumi.*.yaml"))
    return {own[1] for own in found if own and own[1] != _LAB}


def names(given: Sequence[str]) -> list[str]:
    """Return the names in arguments: one each, or all as the one JSON list that --output wrote."""
    if len(given) == 1 and given[0].startswith("["):
        return list(json.loads(given[0]))
    return list(given)


def main() -> int:
    """Print the names."""
    parser = argparse.ArgumentParser(prog="ci/changed", description=__doc__)
    parser.add_argument("base", nargs="?", default="")
    parser.add_argument("head", nargs="?", default="HEAD")
    parser.add_argument("--output", metavar="NAME", help="output of a GitHub step to set too")
    parser.add_argument("--gone", action="store_true", help="name those whose file is gone")
    chosen = parser.parse_args()
    known = environments(Path(STACKS))
    paths = _changed_paths(chosen.base, chosen.head)
    if chosen.gone:
        found = sorted(gone(paths or (), {*known, _LAB}))
    else:
        found = sorted(known if paths is None else touched(paths, known))
    if chosen.output:
        with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
            outputs.write(f"{chosen.output}={json.dumps(found)}\n")
    print("\n".join(found))
    return 0


def _changed_paths(base: str, head: str) -> list[str] | None:
    """Return the files that differ since the two went apart; None when nobody can tell."""
    if not base:
        return None
    # What follows is no option, whatever the revision is called.
    range_ = ("--end-of-options", f"{base}...{head}", "--")
    found = git.ask("diff", "--name-only", "--no-renames", "-z", *range_)
    if found is None:
        print(f"{base}: unknown to git here; every environment counts as changed", file=sys.stderr)
        return None
    return [path for path in found.split("\0") if path]


if __name__ == "__main__":
    run(main)
