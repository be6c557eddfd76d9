"""Seeds beside each other, and the networks below them that their user clusters are on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..spec.environment import Level
from .nodes import Node
from .sizes import Box, Sizes

Points = tuple[tuple[int, int], ...]


class Group(NamedTuple):
    """What stands together: a network, or what one seed has outside the mesh; in that order."""

    is_outside: bool
    name: str
    """Of the network, else of the seed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One seed with its user clusters by network."""

    seed: str
    cells: Mapping[Group, tuple[str, ...]]

    @property
    def most(self) -> int:
        """How many clusters the fullest cell has."""
        return max((len(names) for names in self.cells.values()), default=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """The part of a network that lies on one shelf."""

    network: str | None
    """None for clusters outside the mesh."""
    box: Box


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A shelf at its place in the picture."""

    boxes: Mapping[str, Box]
    regions: tuple[Region, ...]
    lines: tuple[tuple[str, Points], ...]
    """Parent, and the points of the line to one row of its clusters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Networks side by side: columns that each covers, first and last."""

    spans: Mapping[Group, tuple[int, int]]

    def has_room(self, span: tuple[int, int]) -> bool:
        """Whether none of the networks here covers a column of `span`."""
        return all(last < span[0] or span[1] < first for first, last in self.spans.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Columns, measured but not yet placed."""

    sizes: Sizes
    columns: tuple[Column, ...]
    across: int
    bands: tuple[Band, ...]

    @property
    def seeds(self) -> tuple[str, ...]:
        """The seeds from left to right."""
        return tuple(column.seed for column in self.columns)

    @property
    def width(self) -> int:
        """From the left edge of the first column to the right edge of the last."""
        gaps = max(len(self.columns) - 1, 0) * self.sizes.gap
        return sum(self._width(column) for column in self.columns) + gaps

    @property
    def height(self) -> int:
        """From the top of the seeds to the bottom of the lowest network."""
        bands = sum(self.sizes.gap + self._depth(band) for band in self.bands)
        return self.sizes.height + bands

    def at(self, x: int, y: int) -> Placed:
        """Return the shelf with its upper left corner at a point."""
        lefts = [x]
        for column in self.columns[:-1]:
            lefts.append(lefts[-1] + self._width(column) + self.sizes.gap)
        boxes = {
            seed: self.sizes.card(left, y) for seed, left in zip(self.seeds, lefts, strict=True)
        }
        regions: list[Region] = []
        top = y + self.sizes.height + self.sizes.gap
        for band in self.bands:
            regions += self._regions(band, lefts, top)
            for key, (first, last) in band.spans.items():
                for at in range(first, last + 1):
                    names = self.columns[at].cells.get(key, ())
                    boxes.update(self._cards(names, self._across(at), lefts[at], top))
            top += self._depth(band) + self.sizes.gap
        return Placed(boxes=boxes, regions=tuple(regions), lines=tuple(self._lines(boxes)))

    def _across(self, at: int) -> int:
        return min(self.across, self.columns[at].most)

    def _width(self, column: Column) -> int:
        inside = self.sizes.row(min(self.across, column.most))
        return self.sizes.trunk + inside + self.sizes.pad

    def _depth(self, band: Band) -> int:
        rows = [
            -(-len(column.cells.get(key, ())) // min(self.across, column.most))
            for key in band.spans
            for column in self.columns
        ]
        return self.sizes.title + self.sizes.stack(max(rows)) + self.sizes.pad

    def _regions(self, band: Band, lefts: Sequence[int], top: int) -> Iterator[Region]:
        for key, (first, last) in band.spans.items():
            right = lefts[last] + self._width(self.columns[last])
            box = Box(x=lefts[first], y=top, width=right - lefts[first], height=self._depth(band))
            yield Region(network=None if key.is_outside else key.name, box=box)

    def _cards(
        self, names: Sequence[str], across: int, left: int, top: int
    ) -> Iterator[tuple[str, Box]]:
        for at, name in enumerate(names):
            down, right = divmod(at, across)
            x = left + self.sizes.trunk + right * (self.sizes.width + self.sizes.gap)
            y = top + self.sizes.title + down * (self.sizes.height + self.sizes.gap)
            yield name, self.sizes.card(x, y)

    def _lines(self, boxes: Mapping[str, Box]) -> Iterator[tuple[str, Points]]:
        for column in self.columns:
            seed = boxes[column.seed]
            trunk = seed.x + self.sizes.trunk // 2
            # The last of a row says how far the line goes; cards before it lie on the line.
            rows = {boxes[name].y: boxes[name] for names in column.cells.values() for name in names}
            lowest = max(rows, default=0)
            for card in rows.values():
                middle = card.y + card.height // 2
                # One line comes down from the seed, to the lowest row; the others branch off.
                top = seed.y + seed.height if card.y == lowest else middle - self.sizes.gap
                yield column.seed, ((trunk, top), (trunk, middle), (card.x, middle))


def columns_of(nodes: Sequence[Node]) -> tuple[Column, ...]:
    """Return a column per seed, in the order of the nodes."""
    cells: dict[str, dict[Group, list[str]]] = {
        node.name: {} for node in nodes if node.level is Level.SEED
    }
    for node in nodes:
        if node.level is Level.USER and node.parent is not None:
            key = Group(node.network is None, node.network or node.parent)
            cells[node.parent].setdefault(key, []).append(node.name)
    return tuple(
        Column(seed=seed, cells={key: tuple(names) for key, names in below.items()})
        for seed, below in cells.items()
    )


def shelf_of(sizes: Sizes, columns: Sequence[Column], across: int) -> Shelf:
    """Return columns with their networks in as few bands as they fit in without touching."""
    spans: dict[Group, tuple[int, int]] = {}
    for at, column in enumerate(columns):
        for key in column.cells:
            spans[key] = (spans.get(key, (at, at))[0], at)
    bands: list[dict[Group, tuple[int, int]]] = []
    # Networks before what is outside the mesh, then from left to right.
    for key in sorted(spans, key=lambda key: (key.is_outside, spans[key], key.name)):
        free = (one for one in bands if Band(spans=one).has_room(spans[key]))
        band = next(free, None)
        if band is None:
            bands.append({key: spans[key]})
        else:
            band[key] = spans[key]
    return Shelf(
        sizes=sizes,
        columns=tuple(columns),
        across=across,
        bands=tuple(Band(spans=one) for one in bands),
    )
