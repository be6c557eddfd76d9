"""Everything a well-formed document must also be, one function per rule, by topic."""

from typing import Final

from .subject import Rule, Subject

__all__ = ["ERRORS", "WARNINGS", "Rule", "Subject"]

ERRORS: Final[tuple[Rule, ...]] = ()
WARNINGS: Final[tuple[Rule, ...]] = ()
