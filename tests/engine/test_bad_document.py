"""A document with mistakes: every one of them told, and nothing done."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.engine import Engine
from tests.support.engine_result import Result

from .documents import Document
from .stage import Stage

pytestmark = pytest.mark.engine

LINE = re.compile(r"^(?P<path>[\w.\[\]-]+): got .+; allowed .+; .+[^.]$")


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A way to write a wrong document."""

    spoil: Callable[[Document], None]
    paths: set[str]
    """Where the mistakes are."""


def _break_rules(document: Document) -> None:
    document["mesh"]["trustDomain"] = "Not A Domain"
    users = document["seeds"]["eu"]["userClusters"]
    users["eu-shop"]["addresses"]["pods"] = users["eu-pay"]["addresses"]["pods"]


def _lose_files(document: Document) -> None:
    document["master"]["cloud"]["existing"]["kubeconfig"] = "nowhere.yaml"
    document["seeds"]["us"]["cloud"]["existing"]["kubeconfig"] = "requirements.lock"


BAD = {
    "rules": Bad(
        spoil=_break_rules,
        paths={"mesh.trustDomain", "seeds.eu.userClusters.eu-shop.addresses.pods"},
    ),
    "files": Bad(
        spoil=_lose_files,
        paths={"master.cloud.existing.kubeconfig", "seeds.us.cloud.existing.kubeconfig"},
    ),
}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A run over a wrong document."""

    run: Result
    bad: Bad


@pytest.fixture(scope="module")
def before(stage: Stage) -> list[object]:
    return kept(stage.stand())


@pytest.fixture(scope="module", params=["preview", "up"])
def command(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module", params=BAD)
def refusal(request: pytest.FixtureRequest, stage: Stage, before: object, command: str) -> Refusal:
    engine = stage.stand()
    bad, good = BAD[request.param], stage.given
    document = copy.deepcopy(good)
    bad.spoil(document)
    stage.change(document)
    try:
        return Refusal(run=getattr(engine, command)(), bad=bad)
    finally:
        stage.change(good)


def test_every_mistake_is_told_in_the_form_of_the_house(refusal: Refusal) -> None:
    assert refusal.run.returncode > 0
    told = [line.strip() for text in refusal.run.diagnostics() for line in text.splitlines()]
    problems = {found["path"]: line for line in told if (found := LINE.match(line))}
    assert problems.keys() == refusal.bad.paths
    assert all(line in refusal.run.output for line in problems.values())


def test_no_traceback_is_shown(refusal: Refusal) -> None:
    assert "Traceback" not in refusal.run.output
    assert 'File "' not in refusal.run.output


def test_nothing_is_registered_and_nothing_lost(
    stage: Stage, refusal: Refusal, before: list[object]
) -> None:
    assert {one.type for one in refusal.run.operations} <= {"pulumi:pulumi:Stack"}
    assert stage.engine is not None
    assert kept(stage.engine) == before


def kept(engine: Engine) -> list[object]:
    """The state, without the times and the ciphertexts that each writing makes anew."""
    times = ("created", "modified")
    return [
        {key: legible(value) for key, value in resource.items() if key not in times}
        for resource in engine.resources()
    ]


def legible(value: Any) -> Any:
    """A value with its ciphertexts blackened."""
    if isinstance(value, list):
        return [legible(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: "" if key == "ciphertext" else legible(item) for key, item in value.items()}
