"""What every block of the document is made of."""

from typing import Final

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


def _refuse_bool(value: object) -> object:
    """Keep `true` from being read as 1: in Python a bool is an int."""
    if isinstance(value, (bool, str)):
        raise PydanticCustomError("int_type", "not a whole number")
    return value


WHOLE: Final = BeforeValidator(_refuse_bool)
"""A whole number; 2.0 is one (component hosts send numbers as floats), `true` and "2" are not."""


class Document(BaseModel):
    """Base of every block: frozen, camelCase at the edge, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )
