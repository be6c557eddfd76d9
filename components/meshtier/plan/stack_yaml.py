"""YAML as Pulumi reads a stack file: its values, its texts for dates, and no key twice.

Pulumi reads with yaml.v3 of Go and hands JSON to the program; PyYAML follows YAML 1.1. The two
differ in `no`, `1:30`, dates and numbers. What Pulumi refuses is refused here, and so are two
spellings of one key (`1` and `01`), of which Pulumi silently keeps the last.
"""

import re
from datetime import date, datetime, time
from math import inf, isfinite
from typing import Any, Final, cast

import yaml
from yaml.constructor import ConstructorError

from ..errors import Problem, SpecError

_TAG: Final = "tag:yaml.org,2002:"
_BINARY: Final = f"{_TAG}binary"
_MERGE: Final = f"{_TAG}merge"
_TEXT: Final = f"{_TAG}str"
_TIMESTAMP: Final = f"{_TAG}timestamp"
_KINDS: Final[dict[type, str]] = {
    type(None): f"{_TAG}null",
    bool: f"{_TAG}bool",
    int: f"{_TAG}int",
    float: f"{_TAG}float",
    str: _TEXT,
}
"""What a scalar is read as -> its tag."""

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(
    r"([-+]?)(?:0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|([1-9]\d*|0))", re.ASCII
)
_BASES: Final = (16, 8, 2, 10)
"""Of the digits that `_INTEGER` finds, in its order."""
_FLOAT: Final = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?", re.ASCII)
_ENDLESS: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WHOLE: Final = 1e21
"""Below it, JSON from Go writes a number without a fraction as a whole one."""
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:([Tt]| +)(\d\d?):(\d\d?):(\d\d?)(?:\.(\d+))?(Z|[-+]\d\d:\d\d)?)?",
    re.ASCII,
)


def content(text: str, path: str) -> object:
    """Return what stands in `text`: maps by text, lists, texts, numbers, truth values and None.

    Raises SpecError when it can't be read, or with every key that is written twice; `path` is
    what errors call the file.
    """
    try:
        loader = _Loader(text)
        found = cast("object", loader.get_single_data())
    except yaml.YAMLError as error:
        raise SpecError([not_yaml(path, error)]) from None
    if loader.repeated:
        raise SpecError([_repeated(path, *one) for one in loader.repeated])
    return found


def not_yaml(path: str, error: Exception) -> Problem:
    """Return the problem of a file that `error` says can't be read; quotes nothing of it."""
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}" if mark is not None else ""
    if not isinstance(error, ConstructorError):
        got = f"text that is not YAML{where}"
        return Problem(path=path, got=got, allowed="YAML", fix="correct it")
    return Problem(
        path=path,
        got=f"a value that Pulumi can't hand over{where}",
        allowed="mappings by text, lists, texts, numbers, true, false and null",
        fix="write one of them",
    )


def _repeated(path: str, key: str, first: int, line: int) -> Problem:
    return Problem(
        path=path,
        got=f"the key '{key}' at line {line}, which stands at line {first} too",
        allowed="every key once in its mapping",
        fix="put what both hold under one",
    )


class _Loader(yaml.SafeLoader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[tuple[str, int, int]] = []
        """Every key that stands twice, with the line of the first and its own."""

    def resolve(self, kind: Any, value: str, implicit: Any) -> str:
        """Return the tag of what is written without one."""
        if kind is not yaml.ScalarNode:
            return f"{_TAG}{'map' if kind is yaml.MappingNode else 'seq'}"
        if not implicit[0]:
            return _TEXT
        if value == "<<":
            return _MERGE
        return _TIMESTAMP if _time(value) else _KINDS[type(_read(value))]

    def compose_mapping_node(self, anchor: Any) -> Any:
        """Compose a mapping with texts for keys, as long as what it merges stands apart."""
        node = super().compose_mapping_node(anchor)
        seen: dict[str, int] = {}
        for at, (key, value) in enumerate(node.value):
            if isinstance(key, yaml.ScalarNode):
                text, line = _key(key), key.start_mark.line + 1
                names = (key.value, text)
                if first := next((seen[name] for name in names if name in seen), None):
                    self.repeated.append((text, first, line))
                seen = {**dict.fromkeys(names, line), **seen}
                tag = _MERGE if key.tag == _MERGE else _TEXT
                named = yaml.ScalarNode(tag, text, key.start_mark, key.end_mark)
                node.value[at] = (named, value)
        return node

    def value_of(self, node: yaml.Node) -> object:
        """Return what a node holds; one that holds itself is refused by the constructor."""
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return _scalar(node)


_Loader.yaml_constructors = {None: _Loader.value_of}


def _key(node: yaml.ScalarNode) -> str:
    value = "<<" if node.tag == _MERGE else _scalar(node)
    if isinstance(value, bool):
        return str(value).lower()
    return "<nil>" if value is None else str(value)


def _scalar(node: yaml.Node) -> object:
    """Return the value of a scalar; one with a tag that Pulumi doesn't know is a text."""
    if node.tag == _TIMESTAMP:
        return _time(node.value) or node.value
    if node.tag not in {*_KINDS.values(), _BINARY} or node.tag == _TEXT:
        return node.value
    value = _read(node.value)
    is_whole_float = node.tag == _KINDS[float] and type(value) is int
    is_right = node.tag == _KINDS[type(value)] or is_whole_float
    if not is_right or (isinstance(value, float) and not isfinite(value)):
        raise ConstructorError(None, None, "no value of its tag", node.start_mark)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


def _read(text: str) -> bool | int | float | str | None:
    """Return what a scalar without quotes and tag is, as yaml.v3 resolves it."""
    if text in _WORDS:
        return _WORDS[text]
    plain = text if text.startswith("_") else text.replace("_", "")
    if found := _INTEGER.fullmatch(plain):
        sign, *digits = found.groups()
        of_base = zip(digits, _BASES, strict=True)
        whole = next(int(f"{sign}{one}", base) for one, base in of_base if one is not None)
        if -(2**63) <= whole < 2**64:
            return whole
    if _FLOAT.fullmatch(plain):
        number = float(plain)
        if isfinite(number):
            return number
    return inf if _ENDLESS.fullmatch(text) else text


def _time(text: str) -> str | None:
    """Return the text that Go makes of a date or a time; None for a text that is neither."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, between, hour, minute, second, part, zone = found.groups()
    if between is not None and (between in "Tt") != (zone is not None):
        return None
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0))
        written = datetime.combine(date(int(year), int(month), int(day)), clock)
    except ValueError:
        return None
    fraction = f".{(part or '')[:9]}".rstrip("0").rstrip(".")
    offset = (zone or "Z").replace(":", "")
    is_utc = offset in {"Z", "+0000", "-0000"}
    return f"{written}{fraction} {'+0000 UTC' if is_utc else f'{offset} {offset}'}"
