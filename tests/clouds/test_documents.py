"""The documents between them say everything that can be said about a cloud."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from meshtier.spec.aws import AwsCloud
from meshtier.spec.base import Document
from meshtier.spec.gcp import GcpCloud

from tests.clouds import documents

Schema = Mapping[str, Any]


@pytest.mark.parametrize(("cloud", "model"), [("aws", AwsCloud), ("gcp", GcpCloud)])
def test_every_setting_and_every_choice_is_in_a_document(cloud: str, model: type[Document]) -> None:
    schema = model.model_json_schema()
    said = {
        path
        for name in documents.NAMES
        for block in _blocks(documents.document(name), cloud)
        for path in _said(schema, schema, block, "")
    }
    assert set(_settings(schema, schema, "")) - said - set(_defaults(schema, schema, "")) == set()


def _settings(whole: Schema, schema: Schema, at: str) -> Iterator[str]:
    """Yield the path of every setting; a choice has a path for each of its values."""
    for one in _forms(whole, schema):
        yield from (f"{at}={choice}" for choice in one.get("enum", ()))
        for key, below in one.get("properties", {}).items():
            yield f"{at}.{key}"
            yield from _settings(whole, below, f"{at}.{key}")
        for inner, mark in _inner(one):
            yield from _settings(whole, inner, at + mark)


def _defaults(whole: Schema, schema: Schema, at: str) -> Iterator[str]:
    """Yield the choices that a document makes by saying nothing."""
    if isinstance(schema.get("default"), str):
        yield f"{at}={schema['default']}"
    for one in _forms(whole, schema):
        for key, below in one.get("properties", {}).items():
            yield from _defaults(whole, below, f"{at}.{key}")
        for inner, mark in _inner(one):
            yield from _defaults(whole, inner, at + mark)


def _said(whole: Schema, schema: Schema, value: Any, at: str) -> Iterator[str]:
    """Yield the paths of the settings and choices in a value."""
    for one in _forms(whole, schema):
        if isinstance(value, str) and "enum" in one:
            yield f"{at}={value}"
        known = one.get("properties", {})
        for key, below in value.items() if isinstance(value, Mapping) else ():
            if key in known:
                yield f"{at}.{key}"
                yield from _said(whole, known[key], below, f"{at}.{key}")
        for inner, mark in _inner(one):
            for below in _content(value):
                yield from _said(whole, inner, below, at + mark)


def _forms(whole: Schema, schema: Schema) -> list[Schema]:
    """Return the schemas that a value may follow, references looked up."""
    if "$ref" in schema:
        return _forms(whole, whole["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return [found for one in schema["anyOf"] for found in _forms(whole, one)]
    return [schema]


def _inner(schema: Schema) -> list[tuple[Schema, str]]:
    """Return the schemas of what maps and lists hold, with their mark in a path."""
    found = [(schema.get("additionalProperties"), ".*"), (schema.get("items"), "[]")]
    return [(one, mark) for one, mark in found if isinstance(one, Mapping)]


def _content(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def _blocks(value: Any, cloud: str) -> Iterator[Any]:
    """Yield the blocks about a cloud, of clusters and of defaults."""
    for key, below in value.items() if isinstance(value, Mapping) else ():
        if key == "cloud" and cloud in below:
            yield below[cloud]
        yield from _blocks(below, cloud)
