"""How a step says that it can't go on."""

import sys
from collections.abc import Callable


class Refusal(Exception):
    """A step can't do what it is for; the text is one line `path: got …; allowed …; fix`."""

    def __init__(self, path: str, got: str, allowed: str, fix: str) -> None:
        """Say what is wrong, with nothing secret in it."""
        super().__init__(f"{path}: got {got}; allowed {allowed}; {fix}")


def run(step: Callable[[], int]) -> None:
    """End the process with the step's exit status; 2 and one line when it refuses."""
    try:
        sys.exit(step())
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(2)
