"""Logical names are identity: what the engine really holds, against what it held before."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import GOLDEN
from tests.support.engine import Engine

from .documents import ENVIRONMENT

pytestmark = pytest.mark.engine

FOLDER = "urns"


def test_type_name_and_parent_of_every_resource_are_as_before(
    standing: Engine, golden: Callable[[str, str], None]
) -> None:
    lines = sorted(line(resource) for resource in standing.resources())
    golden(f"{FOLDER}/{ENVIRONMENT}.txt", "\n".join([*lines, ""]))


def test_no_golden_names_are_left_over() -> None:
    kept = {path.name for path in (GOLDEN / FOLDER).iterdir()}
    assert kept == {f"{ENVIRONMENT}.txt"}, "a file here that no test compares pins nothing"


def line(resource: dict[str, Any]) -> str:
    """One resource as `type name < parent's name`."""
    name = resource["urn"].rpartition("::")[2]
    parent = resource.get("parent", "").rpartition("::")[2]
    return f"{resource['type']} {name} < {parent}"
