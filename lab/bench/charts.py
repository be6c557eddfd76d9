"""What a member's charts leave in the state: as releases, and object by object."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .engine import Stack
from .registrations import Resource, write
from .size import size_of
from .table import Row, kib
from .world import Progress, World, member_names

_CHARTS: Final = ("istio-crds", "istiod")
_RELEASE: Final = "kubernetes:helm.sh/v3:Release"
_CHART: Final = "kubernetes:helm.sh/v4:Chart"
_PROGRAM: Final = Path(__file__).parent / "bare"


def rows(world: World, members: int, progress: Progress) -> list[Row]:
    """Register one member's own charts both ways, and weigh what the state holds for them."""
    member = member_names(members)[0]
    known = json.loads((world.root / f"registrations-{members}.json").read_text())
    sizes = {}
    for kind in (_RELEASE, _CHART):
        progress(f"state of {' and '.join(_CHARTS)} as {_short(kind)}: about 30 s")
        sizes[kind] = _weighed(world, kind, charted(known, member, kind))
    value = "; ".join(
        f"{_short(kind)}: {', '.join(f'{name} {kib(size)}' for name, size in found.items())}"
        for kind, found in sizes.items()
    )
    totals = [sum(found.values()) for found in sizes.values()]
    return [
        Row(measure="state per member, Release or Chart v4", value=value),
        Row(
            measure="Release over Chart v4",
            value=f"{kib(totals[0])} / {kib(totals[1])} = {totals[0] / totals[1]:.2f} ×",
            target="< 1 ×",
            met=totals[0] < totals[1],
        ),
    ]


def charted(known: Sequence[Mapping[str, Any]], member: str, kind: str) -> list[dict[str, Any]]:
    """Of all registrations a member's provider, namespace and charts, these as `kind`."""
    releases = [
        one
        for one in known
        if one["type"] == _RELEASE
        and one["inputs"]["name"] in _CHARTS
        and _is_of(one["provider"], member)
    ]
    provider = next(one for one in known if one["name"] == releases[0]["provider"])
    namespace = next(
        one
        for one in known
        if one["type"].endswith(":Namespace") and one["provider"] == provider["name"]
    )
    names = [one["name"] for one in releases]
    kept = [
        {**one, "depends_on": [namespace["name"], *(n for n in one["depends_on"] if n in names)]}
        for one in releases
    ]
    if kind == _CHART:
        kept = [{**one, "type": _CHART} for one in kept]
    return [dict(provider), dict(namespace), *kept]


def _weighed(world: World, kind: str, wanted: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Bytes of state by chart."""
    name = _short(kind).lower().replace(" ", "-")
    path = world.root / f"registrations-{name}.json"
    write(path, wanted)
    stack = Stack(
        name=name,
        program=_PROGRAM,
        folder=world.root / name,
        workspace=world.workspace,
        toolchain=world.toolchain,
    )
    stack.init({"meshtier:registrations": str(path), "pulumi:disable-default-providers": ["*"]})
    try:
        stack.up()
        found = stack.resources()
    finally:
        stack.destroy()
    return {chart: _size(found, chart, wanted) for chart in _CHARTS}


def _size(resources: Sequence[Resource], chart: str, wanted: Sequence[Mapping[str, Any]]) -> int:
    """What a chart's registration and everything below it take."""
    label = next(one["name"] for one in wanted if one["inputs"].get("name") == chart)
    tops = {one["urn"] for one in resources if one["urn"].endswith(f"::{label}")}
    return sum(size_of(one) for one in resources if one["urn"] in tops or one.get("parent") in tops)


def _is_of(provider: str, member: str) -> bool:
    return f"-{member}-" in f"-{provider}-"


def _short(kind: str) -> str:
    return {_RELEASE: "Release", _CHART: "Chart v4"}[kind]
