"""The regular expressions of the clouds' descriptions, as Python can match them.

The clouds match the whole text whether or not the pattern carries anchors, so callers do too.
"""

import re
import sys
import unicodedata
from functools import cache

_CATEGORY = re.compile(r"\\p\{(\w)\w?\}")
_RANGE_AFTER_CLASS = re.compile(r"(\\w)-(?=[^\]])")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern of AWS or Google as Python's: `\p{L}` spelt out, `[\w-_]` escaped."""
    spelt = _CATEGORY.sub(lambda found: _letters(found[1]), pattern)
    return re.compile(_RANGE_AFTER_CLASS.sub(r"\1\\-", spelt))


def is_whole(pattern: str, text: str) -> bool:
    """Tell whether the whole text is what the pattern describes."""
    return compiled(pattern).fullmatch(text) is not None


@cache
def _letters(category: str) -> str:
    r"""Return the ranges of a Unicode category (`L`, `Z`, `N`) for the inside of `[...]`."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if not unicodedata.category(chr(code)).startswith(category):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
