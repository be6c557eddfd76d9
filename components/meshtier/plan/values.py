"""Helm values laid over each other."""

from collections.abc import Mapping
from typing import Any, cast


def overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with `above` laid over it, key by key; anything but a map is replaced."""
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _laid(merged.get(key), value)
    return merged


def _laid(below: Any, above: Any) -> Any:
    if isinstance(above, Mapping):
        under = cast("Mapping[str, Any]", below if isinstance(below, Mapping) else {})
        return overlay(under, cast("Mapping[str, Any]", above))
    return above
