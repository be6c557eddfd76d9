"""The checked-in JSON schema is the one the models describe."""

import importlib.resources
import json
from collections.abc import Iterator
from typing import Any

import pytest
from meshtier.spec import schema

GOLDEN = importlib.resources.files("meshtier.spec") / "environment.schema.json"


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    described = schema.schema()
    blocks = {"the document": described, **described["$defs"]}
    for block, content in blocks.items():
        for key, value in content.get("properties", {}).items():
            yield f"{block}: {key}", value


def test_the_checked_in_schema_is_current():
    assert GOLDEN.read_text() == schema.text(), "run `make schema` and commit the result"


def test_the_schema_is_the_one_of_a_document_as_users_write_it():
    keys = {name for name, _ in properties()}
    assert "MeshSpec: trustDomain" in keys, "camelCase"
    assert "CloudBlock: existing" in keys, "one provider block, named by its key"
    assert schema.schema()["$defs"]["CloudBlock"]["maxProperties"] == 1


@pytest.mark.parametrize("key", [name for name, _ in properties()])
def test_every_key_is_described(key: str):
    content = dict(properties())[key]
    target = schema.schema()["$defs"].get(str(content.get("$ref", "")).rpartition("/")[2], {})
    assert content.get("description") or target.get("description"), "editors show it on hover"


def test_blocks_refuse_unknown_keys_and_never_ask_for_null():
    text = json.dumps(schema.schema())
    assert all(
        block["additionalProperties"] is False
        for block in schema.schema()["$defs"].values()
        if block["type"] == "object"
    )
    assert '"null"' not in text, "an unset value is a missing key"
