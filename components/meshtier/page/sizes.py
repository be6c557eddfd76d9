"""Measures of the picture, in units of the picture: one is a pixel at full size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LETTER: Final = 8.6
"""Width of an average letter of a name; system fonts differ by some ten percent."""
_BESIDE_NAME: Final = 60
"""What a card needs left and right of its name: stripe, gateway's mark, air."""
_NARROWEST, _WIDEST = 200, 272


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top_middle(self) -> tuple[int, int]:
        """Where a line from above comes in."""
        return (self.x + self.width // 2, self.y)

    @property
    def bottom_middle(self) -> tuple[int, int]:
        """Where a line leaves downwards."""
        return (self.x + self.width // 2, self.y + self.height)

    @property
    def right_middle(self) -> tuple[int, int]:
        """Where a line leaves to the right."""
        return (self.x + self.width, self.y + self.height // 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Measures that every part of one picture shares."""

    width: int
    """Of a card; so that most names fit."""
    letters: int
    """How much of a name fits on a card."""
    height: int = 64
    """Of a card."""
    gap: int = 16
    """Between cards, and between columns."""
    pad: int = 16
    """Between a network's edge and what is inside."""
    title: int = 38
    """Height of a network's name with the air around it."""
    trunk: int = 30
    """Room for the line on which a seed's clusters hang."""
    drop: int = 44
    """Between a parent's row and the next."""
    margin: int = 32
    """Around the picture."""

    @classmethod
    def for_names(cls, names: Sequence[str]) -> "Sizes":
        """Return measures for cards with these names on them."""
        longest = max(len(name) for name in names)
        width = min(max(round(longest * _LETTER) + _BESIDE_NAME, _NARROWEST), _WIDEST)
        return cls(width=width, letters=int((width - _BESIDE_NAME) / _LETTER))

    def card(self, x: int, y: int) -> Box:
        """Return the box of a card whose upper left corner is given."""
        return Box(x=x, y=y, width=self.width, height=self.height)

    def row(self, count: int) -> int:
        """Return the width of cards beside each other."""
        return count * self.width + max(count - 1, 0) * self.gap

    def stack(self, count: int) -> int:
        """Return the height of cards below each other."""
        return count * self.height + max(count - 1, 0) * self.gap
