"""What users are told when an environment document is wrong: every problem at once, path first."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong (or, as a warning, risky) in the environment document."""

    path: str
    """Where, in the document's own spelling: `seeds.eu.userClusters.eu-pay.addresses.pods`."""
    got: str
    """What stands there. Never a secret: for keys that may carry one, only the key is named."""
    allowed: str
    """What may stand there."""
    fix: str
    """What to do about it, as an imperative."""

    def __str__(self) -> str:
        """Return the one line a user reads."""
        return f"{self.path}: got {self.got}; allowed {self.allowed}; {self.fix}"


class SpecError(Exception):
    """The document cannot become an environment; raised before anything is registered."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Collect every problem, in document order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
