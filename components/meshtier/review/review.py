"""One change of one environment: both sides, what differs, and what the engine says to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .compare import compare
from .engine import Preview
from .guard import lost
from .model import Comparison, Loss
from .phrases import code
from .prices import PRICES, Price
from .report import Block, blocks, headline, losses_block
from .sources import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What readers of any kind are shown."""

    stack: str
    base: Side
    head: Side
    comparison: Comparison | None
    """None when this version refuses a side's document."""
    preview: Preview | None
    """None when the engine was not asked."""

    @property
    def sentence(self) -> str:
        """The one sentence that says whether to look closer."""
        if self.comparison is not None:
            return headline(self.comparison)
        if self.head.problems:
            return f"{code(self.stack)}: the document is refused, nothing can be planned."
        return (
            f"{code(self.stack)}: this version of meshtier refuses the document of "
            f"{code(self.base.label)}, so what changes can't be told."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know about the sentence, line by line."""
        refused = (*self.head.problems, *self.base.problems)
        errors = self.preview.errors if self.preview else ()
        warnings = self.head.plan.cautions if self.head.plan else ()
        known = self.base.plan.cautions if self.base.plan else ()
        return (
            *(f"refused: {code(str(problem))}" for problem in refused),
            *(f"Pulumi's preview stopped: {code(error)}" for error in errors),
            *(f"warning: {code(str(warning))}" for warning in warnings if warning not in known),
        )

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What differs, block by block, and what the engine loses beyond it."""
        allowed = self.head.allowed
        told = blocks(self.comparison, allowed) if self.comparison else ()
        if not self._surprises:
            return told
        title = "Pulumi also replaces or deletes"
        return (*told, losses_block(title, self._surprises, allowed))

    @property
    def _surprises(self) -> tuple[Loss, ...]:
        # What the engine replaces or deletes though the plans don't say so.
        if self.preview is None:
            return ()
        losses = self.comparison.losses if self.comparison else ()
        known = {(loss.carrier, loss.guard) for loss in losses}
        return tuple(loss for loss in lost(self.preview) if (loss.carrier, loss.guard) not in known)


def review(
    base: Side,
    head: Side,
    stack: str,
    *,
    preview: Preview | None = None,
    prices: Mapping[str, Price] = PRICES,
) -> Review:
    """Return the review of the change from `base` to `head`."""
    is_refused = bool(base.problems or head.problems)
    return Review(
        stack=stack,
        base=base,
        head=head,
        comparison=None if is_refused else compare(base.plan, head.plan, prices),
        preview=preview,
    )
