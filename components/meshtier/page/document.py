"""The page itself: one file that needs no other, and that no text in a plan can break out of."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any, Final

from ..plan.model import EnvironmentPlan
from ..review.model import Kind
from .data import data_of, descriptions
from .draw import picture
from .layout import lay_out
from .nodes import Node, nodes_of

_SCRIPTS: Final = ("values.js", "camera.js", "calls.js", "panel.js", "choice.js", "search.js")
"""In the order in which they build on each other."""
_HUES: Final = (250, 150, 55, 310, 200, 20, 95, 345, 175, 280)
"""Degrees of the colour circle for the first networks, neighbours far apart."""
_GOLDEN_ANGLE: Final = 137.508
"""Further hues by this step come as far from the earlier ones as any step can bring them."""


def write(
    plan: EnvironmentPlan,
    changes: Mapping[str, str] | None = None,
    before: EnvironmentPlan | None = None,
) -> str:
    """Return the page that shows `plan`.

    `changes` marks clusters as `added`, `removed` or `changed` (ValueError for another word).
    Those that were removed are drawn where `before` had them, and only named without it.
    """
    marks = {name: Kind(word) for name, word in (changes or {}).items()}
    nodes = nodes_of(plan, marks, before)
    scene = lay_out(nodes)
    networks = sorted({node.network for node in nodes if node.network})
    colours = {name: at for at, name in enumerate(networks)}
    style = _asset("page.css") + _colour_rules(len(networks))
    script = '"use strict";\n' + "\n".join(_asset(name) for name in _SCRIPTS)
    return Template(_asset("page.html")).substitute(
        policy=_policy(style, script),
        style=style,
        script=script,
        title=escape(plan.name),
        facts=escape(_facts(plan)),
        changes=_changes(marks),
        legend=_legend(nodes, colours, descriptions(plan)),
        width=scene.width,
        height=scene.height,
        picture=picture(scene, nodes, colours),
        data=_data_block(data_of(plan, nodes)),
    )


def _policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy: nothing is loaded, and only these two texts take effect."""
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data_block(data: Mapping[str, Any]) -> str:
    """Return JSON in which no text can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _facts(plan: EnvironmentPlan) -> str:
    count = _counted(len(plan.clusters), "cluster")
    mesh = plan.mesh
    if mesh is None:
        return f"{count} · no mesh"
    parts = (
        count,
        f"mesh {mesh.mesh_id}",
        _counted(len(mesh.members), "member"),
        f"Istio {mesh.istio_version}",
        f"trust domain {mesh.trust_domain}",
    )
    return " · ".join(parts)


def _changes(marks: Mapping[str, Kind]) -> str:
    words: list[str] = []
    for mark in Kind:
        names = sorted(name for name, own in marks.items() if own is mark)
        if names:
            words.append(
                f'<span class="{mark.value}">{mark.value} {escape(", ".join(names))}</span>'
            )
    return f'<p class="changes">{" ".join(words)}</p>' if words else ""


def _legend(nodes: Sequence[Node], colours: Mapping[str, int], described: Mapping[str, str]) -> str:
    counts = Counter(node.network for node in nodes if node.mark is not Kind.REMOVED)
    return "\n".join(
        f'<li><button type="button" class="n{at}" data-search="{escape(name)}" '
        f'title="{escape(described.get(name, ""))}">'
        f"<i></i>{escape(name)} <small>{counts[name]}</small></button></li>"
        for name, at in colours.items()
    )


def _colour_rules(count: int) -> str:
    hues = [
        _HUES[at] if at < len(_HUES) else round(_HUES[0] + at * _GOLDEN_ANGLE) % 360
        for at in range(count)
    ]
    return "".join(f".n{at}{{--hue:{hue}}}\n" for at, hue in enumerate(hues))


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _asset(name: str) -> str:
    return resources.files("meshtier.page").joinpath("assets", name).read_text(encoding="utf-8")
