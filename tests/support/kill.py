"""Killing a command at a chosen moment, and at no other."""

import signal
from collections.abc import Callable
from dataclasses import dataclass

from .session import send, session_members


@dataclass(frozen=True, kw_only=True)
class Kill:
    """When a command is killed, and what of it."""

    when: Callable[[], bool]
    """Looks whether the moment has come; asked many times a second."""
    still: Callable[[], bool] | None = None
    """The second look, while nothing that is to be killed moves; default: the same."""
    whole: bool = False
    """Everything that the command started ends with it, as in a power cut."""

    def tried(self, session: int) -> bool:
        """Kill the command that leads this session if the moment has come; was it?"""
        if not self.when():
            return False
        pids = list(session_members(session)) if self.whole else [session]
        # The moment may be over since the look.
        send(signal.SIGSTOP, pids)
        has_come = (self.still or self.when)()
        send(signal.SIGKILL if has_come else signal.SIGCONT, pids)
        return has_come
