"""`python -m lab local|status|down`: the local environment from nothing to proof and back."""

import argparse
import sys

from meshtier.errors import SpecError
from rich.console import Console

from . import proof, running
from .errors import LabError
from .local import LocalEnvironment
from .toolchain import ToolchainError, ensure
from .workspace import DEFAULT_LAB, Workspace


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what goes wrong is one clear sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("command", choices=("local", "status", "down"))
    parser.add_argument("--lab", default=DEFAULT_LAB, help="name of the lab's folder")
    parser.add_argument("--stack", default="local", help="stack file below stacks/")
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    try:
        environment = LocalEnvironment(
            toolchain=ensure(), lab_name=chosen.lab, stack_name=chosen.stack
        )
        return _COMMANDS[chosen.command](environment, console)
    except (LabError, SpecError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1


def local(environment: LocalEnvironment, console: Console) -> int:
    """Bring everything up and prove it."""
    lab = environment.start(console.print)
    environment.up()
    console.print("measuring: every request between every two members, about 20 s")
    proven = environment.prove(lab)
    proof.show(environment.plan, proven, console)
    return 1 if proven.faults else 0


def status(environment: LocalEnvironment, console: Console) -> int:
    """Show what runs."""
    lab = running.attach(Workspace.of(environment.lab_name).root)
    environment.status(lab, console)
    return 0


def down(environment: LocalEnvironment, console: Console) -> int:
    """Remove everything."""
    environment.down(console.print)
    return 0


_COMMANDS = {"local": local, "status": status, "down": down}

if __name__ == "__main__":
    sys.exit(main())
