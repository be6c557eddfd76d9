"""Comparing property values: which paths changed, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import wire
from .contract import Change

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_STEP = re.compile(r"\[(\d+|\*)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\.?([^.\[\]]+)")

Path = tuple[str | int, ...]


def parse(path: str) -> Path:
    """Split a property path (`a.b[0]["c.d"]`); `*` stands for every key or element."""
    steps: list[str | int] = []
    for index, quoted, plain in _STEP.findall(path):
        if index:
            steps.append("*" if index == "*" else int(index))
        else:
            steps.append(quoted.replace('\\"', '"') if quoted else plain)
    return tuple(steps)


def join(path: Path) -> str:
    """The opposite of `parse`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            text += f".{step}" if text else step
        else:
            text += '["' + step.replace('"', '\\"') + '"]'
    return text


def covers(pattern: Path, path: Path) -> bool:
    """Whether `path` is what `pattern` names, or lies below it."""
    return len(pattern) <= len(path) and all(
        want in ("*", got) for want, got in zip(pattern, path, strict=False)
    )


def differences(old: wire.Value, new: wire.Value) -> dict[Path, Change]:
    """Every changed leaf from `old` to `new`; secretness is not a difference, unknown is."""
    found: dict[Path, Change] = {}
    _walk(wire.reveal(old), wire.reveal(new), (), found)
    return found


def _walk(old: wire.Value, new: wire.Value, path: Path, found: dict[Path, Change]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in new:
                found[(*path, key)] = Change.DELETE
            elif key not in old:
                found[(*path, key)] = Change.ADD
            else:
                _walk(old[key], new[key], (*path, key), found)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            if index >= len(new):
                found[(*path, index)] = Change.DELETE
            elif index >= len(old):
                found[(*path, index)] = Change.ADD
            else:
                _walk(old[index], new[index], (*path, index), found)
    elif (
        isinstance(new, wire.Unknown)
        or isinstance(old, bool) is not isinstance(new, bool)
        or old != new
    ):
        found[path] = Change.UPDATE


def without(found: dict[Path, Change], ignored: Iterable[str]) -> dict[Path, Change]:
    """`found` without what `ignored` (an `ignoreChanges` list) covers."""
    patterns = [parse(text) for text in ignored]
    return {
        path: change
        for path, change in found.items()
        if not any(covers(pattern, path) for pattern in patterns)
    }
