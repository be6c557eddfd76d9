"""`python -m lab local|status|down`: the local environment from nothing to proof and back."""

import argparse
import sys

from meshtier.errors import SpecError
from rich.console import Console

from . import preflight, process, proof
from .errors import LabError
from .kubectl import KubectlError
from .local import LocalEnvironment
from .spec import Mode
from .toolchain import ToolchainError, ensure
from .workspace import DEFAULT_LAB

# Nodes need more: what runs pods, and what the images are made of.
_WITHOUT_NODES = ("engine", "control-plane", "mesh")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what goes wrong is one clear sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("command", choices=("local", "status", "down"))
    parser.add_argument("--lab", default=DEFAULT_LAB, help="name of the lab's folder")
    parser.add_argument("--stack", default="local", help="stack file below stacks/")
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.NODES.value,
        help="control-plane: API servers on loopback and istiod as processes, without root",
    )
    chosen = parser.parse_args(arguments)
    process.heed_interrupts()
    mode = Mode(chosen.mode)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    try:
        environment = LocalEnvironment(
            toolchain=ensure(_tools(mode)),
            lab_name=chosen.lab,
            stack_name=chosen.stack,
            mode=mode,
        )
        return _COMMANDS[chosen.command](environment, console)
    except (KubectlError, LabError, SpecError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1


def _tools(mode: Mode) -> tuple[str, ...] | None:
    """Return the tools to have: all, or those for clusters without nodes."""
    if mode is Mode.CONTROL_PLANE or preflight.missing_for_nodes():
        return _WITHOUT_NODES
    return None


def local(environment: LocalEnvironment, console: Console) -> int:
    """Bring everything up and prove it."""
    with environment.alone():
        lab = environment.start(console.print)
        environment.up()
        console.print("measuring what runs, about 20 s")
        proven = environment.prove(lab)
        proof.show(environment.plan, proven, console)
    return 1 if proven.faults else 0


def status(environment: LocalEnvironment, console: Console) -> int:
    """Show what runs."""
    environment.status(console)
    return 0


def down(environment: LocalEnvironment, console: Console) -> int:
    """Remove everything."""
    with environment.alone():
        environment.down(console.print)
    return 0


_COMMANDS = {"local": local, "status": status, "down": down}

if __name__ == "__main__":
    sys.exit(main())
