"""A review for a terminal: the mesh first, then the engine."""

from . import digest
from .engine import Preview
from .report import Block, Line
from .review import Review


def text(review: Review) -> str:
    """Return the sentence, what has to be known about it, and the blocks, indented."""
    parts = [review.sentence, *review.notes, *(_block(block) for block in review.blocks)]
    if review.preview is not None:
        parts.append(_engine(review.preview))
    return "\n\n".join(parts).replace("`", "")


def _engine(preview: Preview) -> str:
    title = f"Pulumi: {digest.summary(preview)}"
    return _block(Block(title=title, lines=digest.lines(preview)))


def _block(block: Block) -> str:
    return "\n".join((block.title, *(_line(line) for line in block.lines)))


def _line(line: Line) -> str:
    if line.mark == "@@":
        return f"  {line.text.removesuffix(' @@')}"
    return f"  {line.mark} {line.text}"
