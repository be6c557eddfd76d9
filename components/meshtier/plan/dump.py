"""A plan as plain data, for JSON: field names as in `model`, nothing left out, nothing secret."""

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, cast

from pydantic import BaseModel

from .late import Json, Ref, Text


def plain(value: Any) -> Any:
    """Return `value` (a plan or a part of one) as maps, lists and scalars, maps sorted by key."""
    if isinstance(value, Ref | Text | Json):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, BaseModel):
        return _document(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        content = cast("Mapping[str, Any]", value)
        return {key: plain(content[key]) for key in sorted(content)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in cast("Sequence[Any]", value)]
    return value


def _document(block: BaseModel) -> dict[str, Any]:
    content = block.model_dump(mode="json", by_alias=True, exclude_none=True)
    # A cloud block knows its provider, which the document spells as the key above it.
    provider = getattr(block, "provider", None)
    return content if provider is None else {str(provider): content}
