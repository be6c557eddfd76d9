"""The comment under a pull request: the mesh's words first, then the picture, then the engine's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from . import digest
from .diagram import diagram
from .report import Block, Line
from .review import Review

GITHUB_LIMIT: Final = 65_536
"""Longest comment GitHub takes, in characters; GitLab takes a million."""
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")


def marker(stack: str) -> str:
    """Return the hidden line by which the comment of a stack is found again and updated."""
    return f"<!-- meshtier-review: {stack} -->"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Measure:
    """How much of everything is shown."""

    block: int | None = None
    """Lines of one block; None for all."""
    engine: int | None = None
    """Lines of the engine's list."""
    diff: int | None = None
    """Lines of the engine's own text."""
    picture: bool = True


_MEASURES: Final = (
    _Measure(),
    _Measure(diff=400),
    _Measure(diff=50, engine=400),
    _Measure(diff=0, engine=100),
    _Measure(diff=0, engine=25, block=100),
    _Measure(diff=0, engine=0, block=40, picture=False),
    _Measure(diff=0, engine=0, block=10, picture=False),
    _Measure(diff=0, engine=0, block=2, picture=False),
)
"""From whole to bare: the engine's words go first, the mesh's last."""


def comment(review: Review, *, diff: str = "", limit: int = GITHUB_LIMIT) -> str:
    """Return the comment's Markdown, at most `limit` characters long.

    `diff` is what `pulumi preview --diff` printed, with secrets masked by the engine.
    """
    made = ""
    for made in _versions(review, diff):
        if len(made) <= limit:
            return made
    last = f"\n\n… cut: the comment would be {len(made)} characters long.\n"
    return made[: max(0, limit - len(last))] + last


def _versions(review: Review, diff: str) -> Iterator[str]:
    """Yield the comment from whole to bare."""
    blocks, picture = review.blocks, _picture(review)
    for measure in _MEASURES:
        shown = picture if measure.picture else ""
        yield "\n\n".join(_parts(review, blocks, shown, diff, measure)) + "\n"


def _parts(
    review: Review, blocks: Sequence[Block], picture: str, diff: str, measure: _Measure
) -> Iterator[str]:
    yield marker(review.stack)
    yield f"**{review.sentence}**"
    if review.notes:
        yield "\n".join(f"- {note}" for note in _cut(review.notes, measure.block))
    if blocks:
        yield _fence("diff", [line for block in blocks for line in _block(block, measure)])
    if picture:
        yield picture
    if review.preview is not None:
        title = f"Pulumi: {digest.summary(review.preview)}"
        yield _folded(title, _fence("diff", _texts(digest.lines(review.preview)), measure.engine))
    if diff:
        printed = _ANSI.sub("", diff).splitlines()
        yield _folded("Pulumi's own words", _fence("diff", printed, measure.diff))
    if measure is not _MEASURES[0]:
        yield f"Shortened to fit; whole: `make diff STACK={review.stack} BASE={review.base.label}`."


def _picture(review: Review) -> str:
    if not (review.comparison or review.head.plan):
        return ""
    # Beside a side that is refused, nothing can be said to come or to go.
    base = review.base if review.comparison else review.head
    drawn = diagram(base.plan, review.head.plan, review.comparison).splitlines()
    fence = _fence("mermaid", drawn)
    is_quiet = review.comparison is None or review.comparison.is_empty
    return _folded("Topology", fence) if is_quiet else f"**Topology**\n\n{fence}"


def _block(block: Block, measure: _Measure) -> list[str]:
    return [f"@@ {block.title} @@", *_cut(_texts(block.lines), measure.block)]


def _texts(lines: Sequence[Line]) -> list[str]:
    return [f"{line.mark} {line.text}" for line in lines]


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def _fence(language: str, lines: Sequence[str], most: int | None = None) -> str:
    # Code needs no marks of its own inside a fence, and nothing inside may end it.
    inside = "\n".join(line.replace("`", "") for line in _cut(lines, most))
    return f"```{language}\n{inside}\n```"


def _cut(lines: Sequence[str], most: int | None) -> Sequence[str]:
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"… {len(lines) - most} more lines"]
