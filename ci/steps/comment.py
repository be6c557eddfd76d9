"""`ci/comment STACK ... --gone STACK ...`: one comment per environment, made once, then updated.

Takes `$CI_OUT/<stack>/comment.md`, whose first line is the hidden mark by which the comment is
found again. Environments that an earlier push touched and this one doesn't are told so in theirs,
and so are those whose file the change takes away. Nothing is posted for a fork. The names may also
come as one JSON list, as a workflow has them.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from .changed import names
from .forge import Forge
from .refusal import Refusal, run
from .where import forge, is_from_fork

_MARK: Final = re.compile(r"<!-- meshtier-review: (?P<stack>\S+) -->")


def post(to: Forge, texts: Mapping[str, str]) -> list[str]:
    """Post each text under its mark; return what was done, a line each."""
    there = {mark: note for note in to.comments() if (mark := _mark(note.body))}
    done: list[str] = []
    for mark, text in texts.items():
        if mark not in there:
            to.add_comment(text)
            done.append(f"added {_stack(mark)}")
        elif there[mark].body != text:
            to.edit_comment(there[mark].id, text)
            done.append(f"updated {_stack(mark)}")
    for mark in there.keys() - texts.keys():
        stale = f"{mark}\n\n**{_stack(mark)} is no longer touched by this change.**\n"
        if there[mark].body != stale:
            to.edit_comment(there[mark].id, stale)
            done.append(f"settled {_stack(mark)}")
    return done


def texts_of(stacks: Iterable[str], folder: Path) -> dict[str, str]:
    """Return the comment of each environment by its mark.

    Raises Refusal when a file is about another environment. One that is missing says that the
    preview didn't come that far.
    """
    found: dict[str, str] = {}
    for stack in stacks:
        path, mark = folder / stack / "comment.md", _mark_of(stack)
        failed = f"{mark}\n\n**{stack} could not be previewed; its job says why.**\n"
        text = path.read_text(encoding="utf-8") if path.is_file() else failed
        if _mark(text) != mark:
            fix = "run ci/preview again"
            raise Refusal(str(path), "no comment", f"the one about {stack}", fix)
        found[mark] = text
    return found


def farewells(stacks: Iterable[str]) -> dict[str, str]:
    """Return what to say of environments whose file is gone, by their mark."""
    return {
        _mark_of(stack): f"{_mark_of(stack)}\n\n"
        f"**The file of {stack} goes, and what it stands for stays: a merge destroys nothing.**\n\n"
        f"To remove the environment, run `pulumi destroy --stack {stack}` while its file is there; "
        "afterwards nothing previews it, applies it or looks whether it drifts.\n"
        for stack in stacks
    }


def main() -> int:
    """Post the comments."""
    parser = argparse.ArgumentParser(prog="ci/comment", description=__doc__)
    parser.add_argument("stacks", nargs="*")
    parser.add_argument("--gone", nargs="*", default=[], help="environments whose file is gone")
    chosen = parser.parse_args()
    if is_from_fork(os.environ):
        print("a fork's change: nothing is posted", file=sys.stderr)
        return 0
    texts = texts_of(names(chosen.stacks), Path(os.environ["CI_OUT"]))
    texts |= farewells(names(chosen.gone))
    print(*post(forge(os.environ), texts), sep="\n")
    return 0


def _mark_of(stack: str) -> str:
    return f"<!-- meshtier-review: {stack} -->"


def _mark(text: str) -> str:
    found = _MARK.match(text)
    return found[0] if found else ""


def _stack(mark: str) -> str:
    found = _MARK.match(mark)
    return found["stack"] if found else ""


if __name__ == "__main__":
    run(main)
