"""`python -m meshtier.plan`: print what a stack will contain, without an engine."""

import argparse
import json
import sys
from collections.abc import Sequence

from ..errors import SpecError
from ..spec.load import load
from .dump import plain
from .environment import plan_environment
from .mermaid import diagram
from .model import EnvironmentPlan
from .piped import piped
from .show import tables
from .stack_file import add_stack_options, read_document

_REFUSED = 2
"""Exit status for a document that can't become an environment."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the plan of one stack; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        document = read_document(chosen.stacks_dir, chosen.stack)
        plan = plan_environment(load(document, name=chosen.stack))
    except SpecError as error:
        print(error, file=sys.stderr)
        return _REFUSED
    for warning in plan.cautions:
        print(f"warning: {warning}", file=sys.stderr)
    print(_text(plan, chosen.form))
    return 0


def _text(plan: EnvironmentPlan, form: str) -> str:
    if form == "json":
        return json.dumps(plain(plan), indent=2)
    if form == "mermaid":
        return diagram(plan)
    return f"{tables(plan)}\n\n{diagram(plan)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m meshtier.plan",
        description="Print what a stack will contain, as tables and as a Mermaid diagram.",
    )
    add_stack_options(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", dest="form", action="store_const", const="json", help="the plan as JSON"
    )
    form.add_argument(
        "--mermaid", dest="form", action="store_const", const="mermaid", help="the diagram alone"
    )
    parser.set_defaults(form="tables")
    return parser


if __name__ == "__main__":
    sys.exit(piped(main))
