"""Nested plain data as one level of texts, so that two of them can be compared leaf by leaf."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from ..plan.dump import plain
from ..plan.late import Json, Ref, Text
from ..spec.show import hints_secret, looks_secret

HIDDEN: Final = "a value that is not shown"
MAX_SHOWN: Final = 80
"""Longest value shown whole: a line of a comment stays readable."""
_NAMES_OF_SECRETS: Final = frozenset({"kubeconfig", "kubeconfigKey"})
"""Settings that say where a secret is, and never hold one."""


def leaves(value: Any) -> dict[str, str]:
    """Return the leaves of nested maps by dotted path; a list is one leaf.

    Late values of a cloud are plain data here too: what they are taken from, never what they are.
    """
    return dict(_leaves("", value))


def every_leaf(value: Any) -> dict[str, str]:
    """Return the leaves of nested maps and lists, items of lists by their position."""
    return leaves(_by_position(plain(value)))


def without(facts: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    """Return facts but those at or below the given paths."""
    return {path: text for path, text in facts.items() if not is_below(path, prefixes)}


def is_below(path: str, prefixes: Sequence[str]) -> bool:
    """Return whether a dotted path is one of the given paths, or lies below one."""
    return any(path == prefix or path.startswith(f"{prefix}.") for prefix in prefixes)


def masked(path: str, text: str) -> str:
    """Return a leaf as it may leave the program: a secret is withheld, also inside a list."""
    key = path.rpartition(".")[2]
    if looks_secret(text) or (hints_secret((key,)) and key not in _NAMES_OF_SECRETS):
        return HIDDEN
    if text.startswith("["):
        try:
            return json.dumps(_without_secrets(json.loads(text)), ensure_ascii=False)
        except ValueError:
            return text
    return text


def shown(text: str) -> str:
    """Return a text as one line of a comment has room for it."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, below in cast("Mapping[str, Any]", value).items():
            yield from _leaves(f"{path}.{key}" if path else str(key), below)
    else:
        yield path, _text(value)


def _by_position(value: Any) -> Any:
    if isinstance(value, Mapping):
        content = cast("Mapping[str, Any]", value)
        return {key: _by_position(below) for key, below in content.items()}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return {str(position): _by_position(item) for position, item in enumerate(items)}
    return value


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        content = cast("Mapping[str, Any]", value)
        return {
            key: HIDDEN if hints_secret((key,)) else _without_secrets(below)
            for key, below in content.items()
        }
    if isinstance(value, list):
        return [_without_secrets(item) for item in cast("list[Any]", value)]
    return value


def _text(value: Any) -> str:
    if isinstance(value, (str, Ref, Text, Json)):
        return str(value)
    if isinstance(value, Sequence) or not isinstance(value, (bool, int, float, Mapping)):
        return json.dumps(plain(value), ensure_ascii=False) if value is not None else "nothing"
    return json.dumps(value)
