"""What an example of a broken rule is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SHOP = "seeds.eu.userClusters.shop"
PAY = "seeds.eu.userClusters.pay"
WEB = "seeds.us.userClusters.web"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A document that breaks one rule, and all that is said about it."""

    rule: Callable[..., Any]
    changes: Mapping[str, Any]
    lines: tuple[str, ...]
    name: str = field(default="test")


def at(path: str) -> str:
    """Return a path as `changed` takes it."""
    return path.replace(".", "/")
