"""The JSON schema of the environment document, for editors: `python -m meshtier.spec.schema`.

It knows keys, types and limits of single values. What needs more than one value (names, ranges,
networks, gateways) is left to the rules.
"""

import json
import sys
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from .model import EnvironmentDocument

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Write what a user may write: an unset value is a missing key, never null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        # a title would repeat the key
        return False


def schema() -> dict[str, Any]:
    """Return the schema as plain data."""
    described = EnvironmentDocument.model_json_schema(by_alias=True, schema_generator=_Generator)
    for block in (described, *described["$defs"].values()):
        block.pop("title", None)
    return {"$schema": DIALECT, "title": "meshtier environment", **described}


def text() -> str:
    """Return the schema as it is checked in."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
