"""How a command ends whose output is read by another, such as `head`."""

import os
import signal
import sys
from collections.abc import Callable

_UNREAD = 128 + signal.SIGPIPE
"""Exit status that shells give to what writes and nobody reads on."""


def piped(main: Callable[[], int]) -> int:
    """Run a command, and end it quietly once nobody reads on; return the exit status."""
    try:
        status = main()
        # What is left goes out now: at the interpreter's end it is too late to catch anything.
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end, where that can do no harm.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNREAD
    return status
