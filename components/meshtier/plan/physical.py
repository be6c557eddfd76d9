"""Names in the clouds, which have limits of their own."""

import hashlib
import re
from typing import Final

_DIGEST: Final = 8
"""Characters of a digest: two names of one environment share one once in 65,000 environments."""


def fit(name: str, limit: int) -> str:
    """Return `name` in at most `limit` characters, the same one every time.

    A name that is too long keeps its end, which says more than its beginning, and gets a digest
    of the whole: two long names stay different. The result begins with a letter when `name` holds
    one in what is kept. Raises ValueError for a limit that leaves no room for a name.
    """
    if limit < _DIGEST + 2:
        raise ValueError(f"a limit of {limit} leaves no room")
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    kept = re.sub(r"^[^A-Za-z]+", "", name[-(limit - _DIGEST - 1) :])
    return f"{kept or 'n'}-{digest}".replace("--", "-")
