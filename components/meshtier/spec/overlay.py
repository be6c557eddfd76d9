"""A cloud block over the defaults of the levels above, field by field, nearest wins.

Only what is written counts: a built-in value of a near block never hides a far one that somebody
wrote. Blocks and maps are merged key by key; texts, numbers and lists are taken whole. Of choices
that exclude each other (`network`) the nearest one is taken whole.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar, cast

from .base import Document

_WHOLE_BLOCKS: Final = frozenset({"network"})
"""Blocks of alternatives: half of one and half of another would be neither."""

_D = TypeVar("_D", bound=Document)


def over(near: _D, far: Iterable[_D]) -> _D:
    """Return `near` with what it leaves out taken from `far`, nearest first."""
    written = near.model_dump(exclude_unset=True)
    for block in far:
        written = _filled(written, block.model_dump(exclude_unset=True))
    return type(near).model_validate(written, by_name=True)


def _filled(near: Mapping[str, Any], far: Mapping[str, Any]) -> dict[str, Any]:
    filled = {**far, **near}
    for key in near.keys() & far.keys() - _WHOLE_BLOCKS:
        if isinstance(near[key], dict) and isinstance(far[key], dict):
            filled[key] = _filled(
                cast("Mapping[str, Any]", near[key]), cast("Mapping[str, Any]", far[key])
            )
    return filled
