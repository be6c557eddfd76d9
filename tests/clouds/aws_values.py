"""What becomes of a value on its way from the AWS provider's inputs to a call."""

from collections.abc import Callable, Mapping
from typing import Any


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as EC2 and IAM take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_of(kind: str) -> Callable[[Mapping[str, str]], list[dict[str, Any]]]:
    """Return what makes an EC2 tag specification of tags, for one kind of resource."""
    return lambda tags: [{"ResourceType": kind, "Tags": tag_list(tags)}]


def truth(text: str) -> bool:
    """Return a truth value that the provider takes as text."""
    return {"true": True, "false": False}[text]
