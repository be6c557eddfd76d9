"""The mesh between networks: a line between each two that reach each other over gateways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from .nodes import Node
from .shelf import Region
from .sizes import Box

MOST_NETWORKS: Final = 4
"""With more there are more lines than anybody follows; choosing a cluster still shows its own."""
_BULGE: Final = 44
"""How far a line swings out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """A line that swings out between two networks."""

    points: tuple[tuple[int, int], ...]
    """Of a cubic Bézier curve: start, two that pull it out, end."""


def crossings_between(nodes: Sequence[Node], regions: Sequence[Region]) -> tuple[Crossing, ...]:
    """Return the lines between the networks that have gateways, each network at its first part."""
    reachable = {node.network for node in nodes if node.gateway and node.network}
    if len(reachable) > MOST_NETWORKS:
        return ()
    boxes: dict[str, Box] = {}
    for region in regions:
        if region.network in reachable:
            boxes.setdefault(region.network, region.box)
    return tuple(_crossings(list(boxes.values())))


def _crossings(boxes: Sequence[Box]) -> Iterator[Crossing]:
    for one, other in combinations(boxes, 2):
        if one.y < other.y + other.height and other.y < one.y + one.height:
            yield _below(one, other)
        else:
            yield _beside(one, other)


def _below(one: Box, other: Box) -> Crossing:
    start, end = one.bottom_middle, other.bottom_middle
    depth = max(start[1], end[1]) + _BULGE
    return Crossing(points=(start, (start[0], depth), (end[0], depth), end))


def _beside(one: Box, other: Box) -> Crossing:
    start, end = one.right_middle, other.right_middle
    depth = max(start[0], end[0]) + _BULGE
    return Crossing(points=(start, (depth, start[1]), (depth, end[1]), end))
