"""Names, values and differences as a reader gets them, names and values in backticks."""

import json
from collections.abc import Sequence
from typing import Final, cast

from .leaves import shown
from .model import Change, Facts

_MOST_NAMES: Final = 8
"""Names in one line; the rest is counted."""
_TOLD_OF_NEW: Final = {
    "cluster": ("level", "parent", "provider", "network"),
    "network": ("members", "description"),
    "gateway": ("network", "replicas", "addresses"),
    "API address": ("address",),
    "root certificate": ("algorithm", "valid for"),
    "intermediate certificate": ("algorithm", "valid for"),
    "mesh": ("mesh id", "trust domain", "Istio"),
}
"""What is told of a thing that is new; of one that changes, everything that does."""


def code(text: str) -> str:
    """Return a name or value as code, whatever is in it."""
    plain = " ".join(text.replace("`", "'").split())
    return f"`{plain}`"


def token(what: str) -> str:
    """Return a type token as `aws eks.Cluster`; anything else as it is."""
    package, _, rest = what.partition(":")
    module, _, name = rest.partition(":")
    if not name:
        return what
    if module == "providers":
        return f"provider {name}"
    return f"{package} {module.partition('/')[0]}.{name}"


def names(found: Sequence[str]) -> str:
    """Return names as code, the first few of them when there are many."""
    listed = ", ".join(code(name) for name in found[:_MOST_NAMES])
    left = len(found) - _MOST_NAMES
    return listed if left <= 0 else f"{listed} and {left} more"


def told(change: Change) -> str:
    """Return what is true of a new thing, or what differs in one that stays."""
    if change.after is None:
        return ""
    if change.before is None:
        wanted = _TOLD_OF_NEW.get(change.key.what, ())
        known = [(aspect, change.after[aspect]) for aspect in wanted if aspect in change.after]
        return ", ".join(f"{aspect} {code(shown(text))}" for aspect, text in known)
    aspects = dict.fromkeys((*change.before, *change.after))
    return ", ".join(_aspect(aspect, change.before, change.after) for aspect in aspects)


def _aspect(aspect: str, before: Facts, after: Facts) -> str:
    was, is_ = (_items(facts.get(aspect, "")) for facts in (before, after))
    if was is not None and is_ is not None:
        parts = (("without", _missing(was, is_)), ("with", _missing(is_, was)))
        listed = [f"{word} {names([shown(one) for one in some])}" for word, some in parts if some]
        return f"{aspect} {', '.join(listed) or 'in another order'}"
    one, other = (
        code(shown(facts[aspect])) if aspect in facts else "nothing" for facts in (before, after)
    )
    return f"{aspect} {one} → {other}"


def _missing(some: Sequence[str], others: Sequence[str]) -> list[str]:
    return [one for one in some if one not in others]


def _items(text: str) -> list[str] | None:
    """Return the items of a leaf that is a list, None for any other."""
    if not text.startswith("["):
        return None
    try:
        found = cast("list[object]", json.loads(text))
    except ValueError:
        return None
    return [one if isinstance(one, str) else json.dumps(one) for one in found]
