"""`ci/plan`: the saved plan of an environment, tied to the content it was made of.

    seal STACK    say beside the plan which content and environment it is for
    check STACK   refuse a plan of other content, of another environment, or changed since
    name STACK    the name it is kept under; with --output NAME also as an output of the step
    keep STACK    keep it for the pipeline after the merge (GitLab; GitHub has an action for it)
    fetch STACK   get the one that was made of this content

The content is git's tree, so it does not matter how a change was merged, only that what was merged
is what was previewed. A plan holds secrets only as the state does: encrypted by the stack's own
secrets provider.
"""

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

from . import git
from .github import GitHub
from .gitlab import Packages
from .refusal import Refusal, run
from .where import is_github

PLAN: Final = "plan.json"
SEAL: Final = "seal.json"
_AGAIN: Final = "preview this content, then run again"


def seal(stack: str, folder: Path) -> None:
    """Write which content and environment the plan is for."""
    if not git.is_clean():
        raise Refusal("checkout", "changes outside any commit", "committed content", "commit them")
    (folder / SEAL).write_text(json.dumps(_facts(stack, folder)), encoding="utf-8")


def check(stack: str, folder: Path) -> None:
    """Raise Refusal unless the plan is for this content and environment, and as it was sealed."""
    path = folder / SEAL
    if not path.is_file() or not (folder / PLAN).is_file():
        raise Refusal(str(folder), "no sealed plan", "one that ci/preview made", _AGAIN)
    sealed: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for fact, expected in _facts(stack, folder).items():
        if sealed.get(fact) != expected:
            raise Refusal(f"plan of {stack}", f"{fact} {sealed.get(fact)}", expected, _AGAIN)
    if not git.is_clean():
        raise Refusal("checkout", "changes outside any commit", "committed content", "commit them")


def name(stack: str) -> str:
    """Return the name a plan of this content is kept under."""
    return f"plan-{stack}-{git.tree()}"


def keep(stack: str, folder: Path) -> None:
    """Keep plan and seal."""
    packages = Packages.of(os.environ)
    for file in (PLAN, SEAL):
        packages.keep(name(stack), folder / file)


def fetch(stack: str, folder: Path) -> None:
    """Get plan and seal; raises Refusal when this content was never previewed, or too long ago."""
    folder.mkdir(parents=True, exist_ok=True)
    if is_github(os.environ):
        found = GitHub.of(os.environ).fetch(name(stack), folder, (PLAN, SEAL))
    else:
        packages = Packages.of(os.environ)
        found = all(packages.fetch(name(stack), folder / file) for file in (PLAN, SEAL))
    if not found:
        raise Refusal(name(stack), "no such plan", "one of this very content", _AGAIN)


def main() -> int:
    """Do one of the things above."""
    parser = argparse.ArgumentParser(prog="ci/plan", description=__doc__)
    parser.add_argument("command", choices=("seal", "check", "name", "keep", "fetch"))
    parser.add_argument("stack")
    parser.add_argument("--output", metavar="NAME", help="output of a GitHub step to set too")
    chosen = parser.parse_args()
    folder = Path(os.environ["CI_OUT"]) / chosen.stack
    if chosen.command == "name":
        print(name(chosen.stack))
        if chosen.output:
            with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
                outputs.write(f"{chosen.output}={name(chosen.stack)}\n")
    else:
        {"seal": seal, "check": check, "keep": keep, "fetch": fetch}[chosen.command](
            chosen.stack, folder
        )
    return 0


def _facts(stack: str, folder: Path) -> dict[str, str]:
    digest = hashlib.sha256((folder / PLAN).read_bytes()).hexdigest()
    return {"stack": stack, "tree": git.tree(), "sha256": digest}


if __name__ == "__main__":
    run(main)
