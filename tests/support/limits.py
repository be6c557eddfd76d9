"""Limits that a cloud enforces and its machine-readable description leaves to prose, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support import patterns


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What one field may hold."""

    source: str
    """Where the cloud says so."""
    pattern: str = ""
    low: float | None = None
    """Least number, or length of a text, list or map."""
    high: float | None = None
    keys: str = ""
    """Pattern of a map's keys."""
    values: str = ""
    """Pattern of a map's values."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Return what the cloud would refuse about a value, one line each."""
        found = [*bounds(value, self.low, self.high, path), *match(self.pattern, value, path)]
        if isinstance(value, Mapping):
            for key, item in value.items():
                found += match(self.keys, key, f"{path} key")
                found += match(self.values, item, f"{path}.{key}")
        return [f"{problem} ({self.source})" for problem in found]


def bounds(value: Any, low: float | None, high: float | None, path: str) -> list[str]:
    """Return what is wrong with a number, or with how long a text, list or map is."""
    if isinstance(value, bool):
        return []
    size = value if isinstance(value, int | float) else len(value)
    what = repr(value) if size is value else f"a length of {size}"
    found = [f"{path}: got {what}; at least {low:g}"] if low is not None and size < low else []
    if high is not None and size > high:
        found.append(f"{path}: got {what}; at most {high:g}")
    return found


def match(pattern: str | None, value: Any, path: str) -> list[str]:
    """Return whether a text is not, as a whole, what a pattern describes."""
    if not pattern or patterns.is_whole(pattern, str(value)):
        return []
    return [f"{path}: got {value!r}; it must match {pattern}"]
