"""How a wrong value and its place are written in an error: short, and never a secret."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

Location: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the top of the document."""

MAX_SHOWN: Final = 60
"""Longest value shown whole: a line of an error stays readable in a terminal."""

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SECRET_KEY: Final = re.compile(
    r"token|passw|secret|credential|private|kube-?_?config|cert|auth|(^|[-_.a-z])key(s|data)?$",
    re.IGNORECASE,
)
_SECRET_TEXT: Final = re.compile(r"-----BEGIN|:[^@\s]*@|^eyJ|\n")


def spell(location: Location) -> str:
    """Return a place in the document's own spelling: `seeds.eu.labels["a.b/c"]`."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text


def show(value: object, location: Location = ()) -> str:
    """Return `value` as an error may print it: short, structure named, secrets withheld.

    A value is withheld when the last key of `location` hints at a secret, or when the text looks
    like one: several lines, PEM, a JSON web token, a URL with credentials.
    """
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return "a list"
    if hints_secret(location) or (isinstance(value, str) and looks_secret(value)):
        return "a value that is not shown"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float)):
        return f"a {type(cast(object, value)).__name__}"
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}… ({len(text) - 2} long)"


def hints_secret(location: Location) -> bool:
    """Return whether the last key hints that what stands there may be a secret."""
    key = location[-1] if location else ""
    return isinstance(key, str) and _SECRET_KEY.search(key) is not None


def looks_secret(text: str) -> bool:
    """Return whether a text looks like a secret, or like a file that may hold one."""
    return _SECRET_TEXT.search(text) is not None


def one_of(values: Sequence[str]) -> str:
    """Return `a, b or c`."""
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} or {values[-1]}"
