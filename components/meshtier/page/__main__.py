"""`python -m meshtier.page`: write the page of a stack, without an engine."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import Problem, SpecError
from ..plan.environment import plan_environment
from ..plan.model import EnvironmentPlan
from ..plan.piped import piped
from ..plan.stack_file import add_stack_options, read_document
from ..review.compare import compare
from ..review.diagram import cluster_marks
from ..review.model import Kind
from ..review.sources import in_revision
from ..spec.load import load
from .document import write

_REFUSED = 2
"""Exit status for a document that can't become an environment, or a file that can't be written."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page of one stack; return the exit status."""
    chosen = _parser().parse_args(arguments)
    target: Path = chosen.html or Path(f"topology-{chosen.stack}.html")
    try:
        document = read_document(chosen.stacks_dir, chosen.stack)
        plan = plan_environment(load(document, name=chosen.stack))
        before = _before(chosen)
        page = write(plan, _changes(before, plan), before).encode()
        _save(target, page)
    except SpecError as error:
        print(error, file=sys.stderr)
        return _REFUSED
    for warning in plan.cautions:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{target}: {len(plan.clusters)} clusters, {-(-len(page) // 1024)} KiB")
    return 0


def _before(chosen: argparse.Namespace) -> EnvironmentPlan | None:
    if not chosen.base:
        return None
    base = in_revision(chosen.base, chosen.stacks_dir, chosen.stack)
    if base.problems:
        raise SpecError(base.problems)
    return base.plan


def _changes(before: EnvironmentPlan | None, plan: EnvironmentPlan) -> Mapping[str, Kind]:
    if before is None:
        return {}
    names = {cluster.name for one in (before, plan) for cluster in one.clusters}
    marks = cluster_marks(compare(before, plan))
    return {name: kind for name, kind in marks.items() if name in names}


def _save(target: Path, page: bytes) -> None:
    try:
        target.write_bytes(page)
    except OSError as error:
        problem = Problem(
            path=str(target),
            got=f"no file that can be written ({error.strerror})",
            allowed="a file in a folder that is there",
            fix="name one with --html",
        )
        raise SpecError([problem]) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m meshtier.page",
        description="Write one HTML file that shows a stack's topology and values.",
    )
    add_stack_options(parser)
    parser.add_argument("--base", metavar="REV", help="git revision; marks what changed since")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="default: topology-<stack>.html here"
    )
    return parser


if __name__ == "__main__":
    sys.exit(piped(main))
