"""`ci/issue STACK ...`: one open issue per environment that has drifted, closed when it is back.

Takes `$CI_OUT/<stack>/drift.md`. An empty one says that nothing drifted; where there is none,
nobody could look, and the issue stays as it is.
"""

import os
import sys
from pathlib import Path

from .changed import names
from .forge import Forge
from .refusal import run
from .where import forge


def report(to: Forge, stack: str, text: str) -> str:
    """Open, update or close the issue of an environment; return what was done, empty if nothing."""
    mark = f"<!-- meshtier-drift: {stack} -->"
    own = next((note for note in to.issues() if note.body.startswith(mark)), None)
    body = f"{mark}\n\n{text}"
    if not text:
        if own is None:
            return ""
        to.edit_issue(own.id, f"{mark}\n\n{stack} is as its state has it again.\n", close=True)
        return f"closed {stack}"
    if own is None:
        to.add_issue(f"{stack} has drifted", body)
        return f"opened {stack}"
    if own.body == body:
        return ""
    to.edit_issue(own.id, body)
    return f"updated {stack}"


def main() -> int:
    """Report each environment that was looked at."""
    for stack in names(sys.argv[1:]):
        path = Path(os.environ["CI_OUT"]) / stack / "drift.md"
        if path.is_file():
            print(report(forge(os.environ), stack, path.read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    run(main)
