"""Where everything stands in the picture: whole numbers, the same for the same clusters.

Seeds are columns, and a network lies across the columns of its members, so that the hierarchy
reads downwards and the mesh sideways. Columns fill shelves, and cards fill rows, in the numbers
that show the whole on a screen at the largest scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..spec.environment import Level
from .crossings import Crossing, crossings_between
from .nodes import Node
from .shelf import Column, Region, Shelf, columns_of, shelf_of
from .sizes import Box, Sizes

_SCREEN: Final = (1440, 800)
"""Room for the picture on an ordinary laptop."""
_MOST_SHELVES: Final = 8
_ACROSS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16)
"""Cards beside each other in one column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A part of the hierarchy, drawn from a parent to what is below it."""

    parent: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """The whole picture."""

    width: int
    height: int
    letters: int
    """How much of a name fits on a card."""
    boxes: Mapping[str, Box]
    """By cluster."""
    regions: tuple[Region, ...]
    lines: tuple[Line, ...]
    crossings: tuple[Crossing, ...]


def lay_out(nodes: Sequence[Node]) -> Scene:
    """Return where the clusters stand, `nodes` being parents first with the master at the head."""
    sizes = Sizes.for_names([node.name for node in nodes])
    masters = [node for node in nodes if node.level is Level.MASTER]
    columns = columns_of(nodes)
    scenes = [
        _scene(sizes, masters, shelves)
        for across in _useful(columns)
        for shelves in _shelvings(sizes, columns, across)
    ]
    # Of equally good ones the first: fewer cards across, fewer shelves.
    best = max(scenes, key=_scale)
    return replace(best, crossings=crossings_between(nodes, best.regions))


def _useful(columns: Sequence[Column]) -> Sequence[int]:
    most = max((column.most for column in columns), default=1)
    return [across for across in _ACROSS if across == 1 or across < 2 * most]


def _shelvings(sizes: Sizes, columns: Sequence[Column], across: int) -> Iterator[tuple[Shelf, ...]]:
    for count in range(1, min(_MOST_SHELVES, max(len(columns), 1)) + 1):
        each = -(-len(columns) // count) or 1
        parts = [columns[at : at + each] for at in range(0, len(columns), each)]
        yield tuple(shelf_of(sizes, part, across) for part in parts)


def _scale(scene: Scene) -> float:
    width, height = _SCREEN
    return min(width / scene.width, height / scene.height)


def _scene(sizes: Sizes, masters: Sequence[Node], shelves: Sequence[Shelf]) -> Scene:
    first = sizes.margin + (sizes.trunk if len(shelves) > 1 else 0)
    inner = max([shelf.width for shelf in shelves], default=0)
    inner = max(inner, sizes.row(len(masters)))
    boxes: dict[str, Box] = {}
    left = first + (inner - sizes.row(len(masters))) // 2
    for at, master in enumerate(masters):
        boxes[master.name] = sizes.card(left + at * (sizes.width + sizes.gap), sizes.margin)
    regions: list[Region] = []
    lines: list[Line] = []
    top = sizes.margin + sizes.height + sizes.drop
    for shelf in shelves:
        # A single shelf stands in the middle, below its master; several are flush.
        across = first + (inner - shelf.width) // 2 if len(shelves) == 1 else first
        placed = shelf.at(across, top)
        boxes.update(placed.boxes)
        regions += placed.regions
        lines += [Line(parent=parent, points=points) for parent, points in placed.lines]
        top += shelf.height + sizes.drop
    if masters and shelves:
        lines += _from_master(sizes, masters[0].name, boxes, shelves)
    return Scene(
        width=first + inner + sizes.margin,
        height=top - sizes.drop + sizes.margin,
        letters=sizes.letters,
        boxes=boxes,
        regions=tuple(regions),
        lines=tuple(lines),
        crossings=(),
    )


def _from_master(
    sizes: Sizes, master: str, boxes: Mapping[str, Box], shelves: Sequence[Shelf]
) -> Iterator[Line]:
    start = boxes[master].bottom_middle
    rows = [[boxes[seed].top_middle for seed in shelf.seeds] for shelf in shelves]
    buses = [ends[0][1] - sizes.drop // 2 for ends in rows]
    # Further shelves hang on a trunk at the left edge of the picture.
    edge = sizes.margin
    for ends, bus in zip(rows, buses, strict=True):
        first, *between, last = ends if len(ends) > 1 else [ends[0], ends[0]]
        knees = (start, (start[0], bus)) if bus == buses[0] else ((edge, bus),)
        outer = (first, last) if bus == buses[0] and len(rows) == 1 else (last,)
        for end in dict.fromkeys(outer):
            yield Line(parent=master, points=(*knees, (end[0], bus), end))
        if bus == buses[0] and len(rows) > 1:
            yield Line(parent=master, points=(*knees, (edge, bus), (edge, buses[-1])))
        for end in between if len(outer) > 1 else ends[:-1]:
            yield Line(parent=master, points=((end[0], bus), end))
