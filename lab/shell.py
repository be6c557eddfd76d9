"""`python -m lab.shell [LAB]`: what `make env` prints, so that Pulumi commands work by hand.

Standard output holds lines for `eval` and nothing else; progress goes to standard error.
"""

import argparse
import shlex
import sys

from .errors import LabError
from .plugins import install
from .stack import Stack
from .toolchain import Toolchain, ToolchainError, ensure
from .workspace import DEFAULT_LAB, DEFAULT_STACK, UNSET, Workspace

TOOLS = ("engine", "control-plane", "mesh")


def exports(workspace: Workspace, toolchain: Toolchain, stack: str) -> str:
    """The environment of a lab's Pulumi commands, as lines for a POSIX shell."""
    lines = [f"unset {name}" for name in UNSET]
    variables = workspace.variables(toolchain, stack=stack)
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Make the stack and its plugins ready, then print the lines; 1 and a sentence on failure."""
    parser = argparse.ArgumentParser(prog="python -m lab.shell", description=__doc__)
    parser.add_argument("lab", nargs="?", default=DEFAULT_LAB, help="name of the lab's folder")
    parser.add_argument("--stack", default=DEFAULT_STACK, help="stack file below stacks/")
    chosen = parser.parse_args(arguments)
    workspace = Workspace.of(chosen.lab)
    try:
        toolchain = ensure(TOOLS)
        workspace.prepare()
        install.install(workspace.pulumi_home, toolchain)
        Stack(name=chosen.stack, workspace=workspace, toolchain=toolchain).prepare()
    except (LabError, ToolchainError, install.PluginInstallError) as error:
        print(error, file=sys.stderr)
        return 1
    print(exports(workspace, toolchain, chosen.stack))
    return 0


if __name__ == "__main__":
    sys.exit(main())
