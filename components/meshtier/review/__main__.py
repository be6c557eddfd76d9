"""`python -m meshtier.review`: what a change does, before and beside Pulumi's own words.

    diff     the change for a terminal, or with --json for machines
    comment  the same as Markdown, for a pull request
    guard    refuse a preview that replaces or deletes what the document does not allow by name

The base and the head are each a git revision or a directory of stack files; the head is the
checkout as it is unless something else is said.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import Problem, SpecError
from ..plan.piped import piped
from ..plan.stack_file import add_stack_options
from .comment import GITHUB_LIMIT, comment
from .data import data
from .engine import Preview, read_preview
from .guard import refused
from .prices import PRICES, read_prices
from .review import Review, review
from .sources import Side, in_directory, in_revision
from .text import text

_STOPPED = 1
"""Exit status of a guard that stops the run, and for a preview that stopped."""
_REFUSED = 2
"""Exit status for what can't be read: a document, a revision, a preview."""
_STDIN = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return _COMMANDS[chosen.command](chosen)
    except SpecError as error:
        print(error, file=sys.stderr)
        return _REFUSED


def _diff(chosen: argparse.Namespace) -> int:
    made = _review(chosen)
    print(json.dumps(data(made), indent=2) if chosen.json else text(made))
    if made.head.problems:
        return _REFUSED
    return _STOPPED if made.preview and made.preview.errors else 0


def _comment(chosen: argparse.Namespace) -> int:
    diff = _text(chosen.diff) if chosen.diff else ""
    print(comment(_review(chosen), diff=diff, limit=chosen.limit), end="")
    return 0


def _guard(chosen: argparse.Namespace) -> int:
    head = _head(chosen)
    if head.problems:
        raise SpecError(head.problems)
    problems = refused(_preview(chosen.preview), head.allowed, chosen.preview)
    for problem in problems:
        print(problem, file=sys.stderr)
    return _STOPPED if problems else 0


_COMMANDS = {"diff": _diff, "comment": _comment, "guard": _guard}


def _review(chosen: argparse.Namespace) -> Review:
    preview = _preview(chosen.preview) if chosen.preview else None
    prices = {**PRICES, **read_prices(chosen.prices)} if chosen.prices else PRICES
    base, head = _base(chosen), _head(chosen)
    if not any((base.plan, base.problems, head.plan, head.problems)):
        raise SpecError([_nowhere(chosen)])
    return review(base, head, chosen.stack, preview=preview, prices=prices)


def _base(chosen: argparse.Namespace) -> Side:
    if chosen.base_dir is not None:
        return in_directory(chosen.base_dir, chosen.stack)
    return in_revision(chosen.base, chosen.stacks_dir, chosen.stack)


def _head(chosen: argparse.Namespace) -> Side:
    if chosen.head is not None:
        return in_revision(chosen.head, chosen.stacks_dir, chosen.stack)
    return in_directory(chosen.head_dir or chosen.stacks_dir, chosen.stack)


def _preview(name: str) -> Preview:
    return read_preview(_text(name), "standard input" if name == _STDIN else name)


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == _STDIN else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problem = Problem(
            path=name, got="no readable file", allowed="a text file", fix="name one that is there"
        )
        raise SpecError([problem]) from None


def _nowhere(chosen: argparse.Namespace) -> Problem:
    return Problem(
        path="--stack",
        got=f"{chosen.stack}, of which neither the base nor the head has a stack file",
        allowed="a stack that one of them has",
        fix="name such a stack, or the directory with --stacks-dir",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m meshtier.review",
        description="What a change of an environment does, in the mesh's words.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    diff = commands.add_parser("diff", help="for a terminal, or as JSON")
    diff.add_argument("--json", action="store_true", help="everything as JSON")
    comment = commands.add_parser("comment", help="as Markdown, for a pull request")
    comment.add_argument("--diff", metavar="FILE", help="text of `pulumi preview --diff`")
    comment.add_argument(
        "--limit", type=int, default=GITHUB_LIMIT, help="characters (default: %(default)s)"
    )
    guard = commands.add_parser("guard", help="exit 1 when the preview must not be applied")
    for command in (diff, comment):
        _add_base(command)
        command.add_argument("--preview", metavar="FILE", help="of `pulumi preview --json`, or -")
        command.add_argument("--prices", type=Path, metavar="FILE", help="monthly prices, JSON")
    guard.add_argument("--preview", metavar="FILE", required=True, help="as above, or -")
    for command in (diff, comment, guard):
        _add_head(command)
    return parser


def _add_base(command: argparse.ArgumentParser) -> None:
    base = command.add_mutually_exclusive_group(required=True)
    base.add_argument("--base", metavar="REV", help="git revision before the change")
    base.add_argument("--base-dir", type=Path, metavar="DIR", help="directory instead")


def _add_head(command: argparse.ArgumentParser) -> None:
    add_stack_options(command)
    head = command.add_mutually_exclusive_group()
    head.add_argument("--head", metavar="REV", help="git revision with the change")
    head.add_argument("--head-dir", type=Path, metavar="DIR", help="directory instead")


if __name__ == "__main__":
    sys.exit(piped(main))
