"""How much of the state belongs to which cluster, and how many objects."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .registrations import Resource, name_of, provider_of
from .table import Row, kib
from .world import member_names

_LARGEST = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What a stack holds for one member."""

    objects: int
    size: int
    """Bytes of state, secrets encrypted."""
    by_type: Mapping[str, int]
    """Bytes by the last part of the type."""


def size_of(value: Any) -> int:
    """Bytes of a part of the state, as JSON without blanks."""
    return len(json.dumps(value, separators=(",", ":")).encode())


def shares(resources: Sequence[Resource], members: Sequence[str]) -> dict[str, Share]:
    """What belongs to each member: its provider, what that made, and what carries its name."""
    owned: dict[str, list[Resource]] = {member: [] for member in members}
    for one in resources:
        owner = _owner(one, members)
        if owner is not None:
            owned[owner].append(one)
    return {member: _share(found) for member, found in owned.items()}


def _owner(resource: Resource, members: Sequence[str]) -> str | None:
    provider = provider_of(resource)
    # Keys and certificates of every member come from one provider.
    label = name_of(resource["urn"])
    if provider is not None and ":kubernetes::" in provider:
        label = name_of(provider)
    parts = f"-{label}-"
    return next((member for member in members if f"-{member}-" in parts), None)


def _share(resources: Sequence[Resource]) -> Share:
    by_type: Counter[str] = Counter()
    for one in resources:
        by_type[one["type"].rsplit(":", 1)[1]] += size_of(one)
    return Share(objects=len(resources), size=sum(by_type.values()), by_type=by_type)


def rows(count: int, ours: Sequence[Resource], bare: Sequence[Resource]) -> list[Row]:
    """State per member: ours, the bare program's, and what dominates."""
    names = member_names(count)
    mine, theirs = _mean(ours, names), _mean(bare, names)
    largest = sorted(mine.by_type.items(), key=lambda item: -item[1])[:_LARGEST]
    split = ", ".join(f"{kind} {kib(size)}" for kind, size in largest)
    about = f"state per member, {count} members"
    return [
        Row(
            measure=about,
            value=f"{kib(mine.size)} / {kib(theirs.size)} = {mine.size / theirs.size:.2f} ×",
        ),
        Row(measure=f"{about}: largest", value=split),
        Row(
            measure=f"whole state, {count} members",
            value=f"{kib(size_of(ours))} / {kib(size_of(bare))} = "
            f"{size_of(ours) / size_of(bare):.2f} ×",
        ),
    ]


def _mean(resources: Sequence[Resource], names: Sequence[str]) -> Share:
    found = list(shares(resources, names).values())
    types = {kind for one in found for kind in one.by_type}
    return Share(
        objects=sum(one.objects for one in found) // len(found),
        size=sum(one.size for one in found) // len(found),
        by_type={kind: sum(o.by_type.get(kind, 0) for o in found) // len(found) for kind in types},
    )


def constancy(exports: Mapping[int, Sequence[Resource]]) -> list[Row]:
    """Whether each member has as many objects of its own however many members there are."""
    counts = {
        count: sorted({one.objects for one in shares(found, member_names(count)).values()})
        for count, found in exports.items()
    }
    distinct = {number for found in counts.values() for number in found}
    shown = "; ".join(
        f"{count} members: {', '.join(map(str, found))} each, {len(exports[count])} in all"
        for count, found in counts.items()
    )
    met = len(distinct) == 1 if len(counts) > 1 else None
    return [Row(measure="objects per member", value=shown, target="equal", met=met)]
