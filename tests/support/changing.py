"""Documents with some of their values changed."""

import copy
from collections.abc import Mapping
from typing import Any, Final

MISSING: Final = object()
"""Put in place of a value: the key is removed."""


def with_values(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with values set by path: `{"seeds/eu/labels": {…}}`."""
    result: dict[str, Any] = copy.deepcopy(dict(document))
    for path, value in changes.items():
        *parents, last = path.split("/")
        here = result
        for key in parents:
            here = here.setdefault(key, {})
        if value is MISSING:
            del here[last]
        else:
            here[last] = copy.deepcopy(value)
    return result
