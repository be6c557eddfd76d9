"""Plain data with every map and list stored once, however often it occurs.

Clusters differ in little more than their names. So a cluster's own name is replaced by a mark that
stands for it, and two hundred clusters are hardly larger than a few.

An entry is a map or list whose own maps and lists are replaced by their positions among the
entries. Those are most of what is stored, so a number is always a position; a real number, or true
or false, is put into a list, which can't be anything else, since real lists are entries too.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

NAME: Final = "\ue000"
"""Stands for the name of the cluster whose value it is: a character no text has a use for."""
_IN_ITS_PLACE: Final = "\ufffd"


class Shared:
    """Entries in the order in which they were first seen."""

    def __init__(self) -> None:
        """Begin without entries."""
        self._positions: dict[str, int] = {}
        self.entries: list[Any] = []

    def position(self, value: Mapping[str, Any] | Sequence[Any], name: str) -> int:
        """Return where a value of the cluster `name` stands, adding it when it is new."""
        entry: Any
        if isinstance(value, Mapping):
            entry = {_marked(key, name): self._inside(below, name) for key, below in value.items()}
        else:
            entry = [self._inside(below, name) for below in value]
        text = json.dumps(entry)
        if text not in self._positions:
            self._positions[text] = len(self.entries)
            self.entries.append(entry)
        return self._positions[text]

    def _inside(self, value: Any, name: str) -> Any:
        if isinstance(value, str):
            return _marked(value, name)
        if isinstance(value, Mapping):
            return self.position(cast("Mapping[str, Any]", value), name)
        if isinstance(value, Sequence):
            return self.position(cast("Sequence[Any]", value), name)
        return [value] if isinstance(value, int | float) else value


def _marked(text: str, name: str) -> str:
    return text.replace(NAME, _IN_ITS_PLACE).replace(name, NAME)
