"""Why a cloud refuses: what is missing, what is taken, what others still need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lab.plugins.contract import PluginError

from .model import Kind, Link, Making, first, values
from .store import Cloud, Record

Kinds = Mapping[str, Kind]


def raise_for_new(kinds: Kinds, type: str, making: Making) -> None:
    """Raise PluginError when the cloud refuses to make what is asked."""
    kind = kinds[type]
    for found in (*_missing(kind, making), *_doubles(kind, type, making)):
        raise PluginError(f"creating {_label(type)} {making.name}: {found}")
    for rule in kind.rules:
        if found := rule(making):
            raise PluginError(f"creating {_label(type)} {making.name}: {found}")


def raise_for_taken(kind: Kind, type: str, making: Making) -> None:
    """Raise PluginError when something has the new resource's id already."""
    if making.cloud.find(type, making.id):
        text = kind.taken.format(id=making.id)
        raise PluginError(f"creating {_label(type)} {making.name}: {text}")


def raise_for_held(kinds: Kinds, kind: Kind, cloud: Cloud, record: Record) -> None:
    """Raise PluginError when the cloud refuses to delete a resource."""
    problems = [text for guard in kind.guards if (text := guard(cloud, record))]
    users = sorted(str(one) for one in _users(kinds, cloud, record))
    if users:
        problems.append(f"{kind.in_use.format(id=record.id)}: {', '.join(users)}")
    if problems:
        raise PluginError(f"deleting {_label(record.type)} {record.name}: {problems[0]}")


def _missing(kind: Kind, making: Making) -> Iterator[str]:
    for link in kind.links:
        for value in values(making.inputs, link.path):
            if link.foreign and str(value).startswith(link.foreign):
                continue
            if not any(_means(link, value, one) for one in making.cloud.all(link.to)):
                yield f"{link.path}: {_label(link.to)} {value} not found"


def _doubles(kind: Kind, type: str, making: Making) -> Iterator[str]:
    wanted = [making.inputs.get(key) for key in kind.unique]
    if not wanted or any(value is None for value in wanted):
        return
    for one in making.cloud.all(type):
        same = [one.outputs.get(key) for key in kind.unique] == wanted
        if same and one.place == making.project:
            yield f"{' '.join(str(value) for value in wanted)} already exists: {one.id}"


def _users(kinds: Kinds, cloud: Cloud, record: Record) -> Iterator[Record]:
    for type, kind in kinds.items():
        links = [link for link in kind.links if link.holds and link.to == record.type]
        if not links:
            continue
        for one in cloud.all(type):
            if one.owner != record.id and any(_uses(link, one, record) for link in links):
                yield one


def _uses(link: Link, one: Record, record: Record) -> bool:
    return any(_means(link, value, record) for value in values(one.outputs, link.path))


def _means(link: Link, value: Any, record: Record) -> bool:
    return any(first(record.shown, key) == value for key in link.by)


def _label(type: str) -> str:
    """`aws:eks/nodeGroup:NodeGroup` -> `eks NodeGroup`."""
    return f"{type.split(':')[1].split('/')[0]} {type.rsplit(':', 1)[1]}"
