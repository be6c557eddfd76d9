"""The picture as SVG: readable without a script, and marked up so that the scripts find it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from ..review.model import Kind
from ..spec.environment import Level
from .crossings import Crossing
from .layout import Scene
from .nodes import Node
from .shelf import Points, Region
from .sizes import Box

_ROUND: Final = 8
"""Radius of a line's corners."""
_SMALL_LETTER: Final = 6.4
"""Width of an average letter below the name."""
_PILL_LETTER: Final = 7.5
_TEXT_LEFT: Final = 22
_SIGNS: Final = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.CHANGED: "~"}


def picture(scene: Scene, nodes: Sequence[Node], colours: Mapping[str, int]) -> str:
    """Return the content of the `svg` element; `colours` numbers the networks."""
    sizes = Counter(node.network for node in nodes if node.mark is not Kind.REMOVED)
    cards = (
        _card(at, node, scene.boxes[node.name], colours, scene.letters)
        for at, node in enumerate(nodes)
    )
    parts = [
        '<g class="regions">',
        *(_region(region, colours, sizes) for region in scene.regions),
        '</g>\n<g class="tree">',
        *(f'<path d="{_path(line.points)}"/>' for line in scene.lines),
        '</g>\n<g class="crossings">',
        *(_crossing(one) for one in scene.crossings),
        '</g>\n<g id="calls"></g>\n<g class="clusters">',
        *cards,
        "</g>",
    ]
    return "\n".join(parts)


def shortened(text: str, letters: int) -> str:
    """Return a text in at most so many letters; names differ at both ends, so the middle goes."""
    if len(text) <= letters:
        return text
    head = (letters - 1) // 2
    return f"{text[:head]}…{text[len(text) - (letters - 1 - head) :]}"


def _region(region: Region, colours: Mapping[str, int], sizes: Mapping[str | None, int]) -> str:
    box = region.box
    if region.network is None:
        kind, name, note, data = "outside", "outside the mesh", "", ""
    else:
        kind, name = f"n{colours[region.network]}", region.network
        count = sizes[region.network]
        note = f"network · {count} cluster{'' if count == 1 else 's'}"
        data = f' data-network="{escape(name)}"'
    return (
        f'<g class="region {kind}"{data}><rect x="{box.x}" y="{box.y}" width="{box.width}" '
        f'height="{box.height}" rx="16"/><text x="{box.x + 30}" y="{box.y + 25}">{escape(name)}'
        f'<tspan class="note" dx="8">{note}</tspan></text></g>'
    )


def _card(at: int, node: Node, box: Box, colours: Mapping[str, int], letters: int) -> str:
    kinds = [node.level.value]
    kinds += [f"n{colours[node.network]}"] if node.network else ["outside"]
    kinds += [node.mark.value] if node.mark else []
    said = escape(node.said())
    content = "".join(_content(node, box, letters))
    return (
        f'<g class="cluster {" ".join(kinds)}" id="c{at}" tabindex="0" role="button" '
        f'aria-pressed="false" aria-label="{said}" transform="translate({box.x} {box.y})">'
        # What fits on the card needs no second saying.
        f"{f'<title>{escape(node.name)}</title>' if len(node.name) > letters else ''}"
        f'<rect class="card" width="{box.width}" height="{box.height}" rx="12"/>{content}</g>'
    )


def _content(node: Node, box: Box, letters: int) -> Iterator[str]:
    if node.network:
        yield f'<rect class="stripe" x="8" y="11" width="5" height="{box.height - 22}" rx="2.5"/>'
    high = node.level is not Level.USER
    # A user cluster stands inside its network; a member above those has to say its own.
    alone = high and node.network is not None
    level = f'<tspan class="small" dx="7">{node.level_name}</tspan>' if high else ""
    name = escape(shortened(node.name, letters - (len(node.level_name) if high else 0)))
    yield f'<text class="name" x="{_TEXT_LEFT}" y="{22 if alone else 28}">{name}{level}</text>'
    yield from _place(node, box, 28 if alone else 37)
    if alone:
        text = shortened(f"network {node.network}", _small(box.width - _TEXT_LEFT))
        yield f'<text class="small" x="{_TEXT_LEFT}" y="57">{escape(text)}</text>'
    if node.gateway:
        yield f'<use href="#gateway" x="{box.width - 30}" y="9"/>'
    if node.mark:
        yield (
            f'<g class="mark"><circle cx="{box.width - 4}" cy="4" r="10"/>'
            f'<text x="{box.width - 4}" y="8.5">{_SIGNS[node.mark]}</text></g>'
        )


def _place(node: Node, box: Box, top: int) -> Iterator[str]:
    provider = shortened(node.provider, 12)
    width = round(len(provider) * _PILL_LETTER) + 10
    yield f'<rect class="pill" x="{_TEXT_LEFT}" y="{top}" width="{width}" height="15" rx="4"/>'
    middle = _TEXT_LEFT + width / 2
    yield f'<text class="pilled" x="{middle:g}" y="{top + 11}">{escape(provider)}</text>'
    if node.region:
        left = _TEXT_LEFT + width + 6
        region = escape(shortened(node.region, _small(box.width - left)))
        yield f'<text class="small" x="{left}" y="{top + 11.5}">{region}</text>'


def _crossing(crossing: Crossing) -> str:
    start, *others = (f"{x} {y}" for x, y in crossing.points)
    return f'<path class="over" d="M{start}C{" ".join(others)}"/>'


def _small(width: int) -> int:
    return int((width - 6) / _SMALL_LETTER)


def _path(points: Points) -> str:
    """Return a line through the points, its corners rounded."""
    bends = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    path = f"M{bends[0][0]} {bends[0][1]}"
    for before, corner, after in zip(bends, bends[1:], bends[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        path += f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}"
    return f"{path}L{bends[-1][0]} {bends[-1][1]}"


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Return the point where a line along an axis leaves its corner's curve."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    length = abs(across) + abs(down)
    part = min(_ROUND, length // 2)
    return (corner[0] + across * part // length, corner[1] + down * part // length)
