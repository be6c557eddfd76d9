"""What a review predicts from plans is what requests do: now, and after a change was made."""

import copy
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.compare import compare
from meshtier.review.model import Effect
from meshtier.review.paths import predict
from meshtier.spec import load

from lab import matrix, proof
from lab.stack import Stack

from .stage import MEMBERS, PAIRS, Stage

pytestmark = [pytest.mark.mesh, pytest.mark.timeout(900)]
PATIENCE = 60
"""Seconds in which a change of configuration has reached every proxy."""

Ways = dict[tuple[str, str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedStack(Stack):
    """The same stack, asked for by another file."""

    file: Path

    @property
    def source(self) -> Path:
        return self.file


def predicted(plan: EnvironmentPlan) -> Ways:
    """The one way of each call between members; the local environment has no choice of several."""
    routes = {pair: proof.ways(route) for pair, route in predict(plan).items() if pair in PAIRS}
    assert all(len(ways) == 1 for ways in routes.values())
    return {pair: ways[0] for pair, ways in routes.items()}


def measured(stage: Stage, plan: EnvironmentPlan) -> Ways:
    """The way each call takes now; `no answer` where there is none."""
    assert plan.mesh is not None
    kubectls = {name: stage.kubectls[name] for name in MEMBERS}
    gateways = {name: proof.gateway_address(kubectl) for name, kubectl in kubectls.items()}
    return {
        (call.source, call.destination): proof.path_of(plan.mesh, call, gateways)
        if call.status == 200
        else "no answer"
        for call in matrix.measure(kubectls)
    }


@pytest.fixture
def without_a_gateway(stage: Stage, tmp_path: Path) -> Iterator[EnvironmentPlan]:
    """The plan of the environment after eu-shop has lost its gateway, which it really has."""
    content = yaml.safe_load(stage.environment.stack.source.read_text())
    content["config"]["meshtier:environment"] = changed(content["config"]["meshtier:environment"])
    file = tmp_path / "Pulumi.local.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    ours = stage.environment.stack
    theirs = ChangedStack(
        name=ours.name, workspace=ours.workspace, toolchain=ours.toolchain, file=file
    )
    theirs.prepare()
    try:
        theirs.run("up", "--yes", "--skip-preview")
        yield plan_environment(load(theirs.document(), name="local"))
    finally:
        ours.prepare()
        ours.run("up", "--yes", "--skip-preview")


def changed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with eu-shop's gateway switched off."""
    without = copy.deepcopy(dict(document))
    shop = without["seeds"]["eu"]["userClusters"]["eu-shop"]
    shop["mesh"] = {"gateway": {"enabled": False}}
    return without


def test_every_call_takes_the_way_that_the_plan_predicts(stage: Stage) -> None:
    assert stage.proof.calls, "the workloads are there"
    assert measured(stage, stage.environment.plan) == predicted(stage.environment.plan)


def test_the_calls_that_a_comparison_names_and_no_others_take_another_way(
    stage: Stage, without_a_gateway: EnvironmentPlan
) -> None:
    """istiod prefers the gateway of the endpoint's own cluster; without it, a neighbour's."""
    before = predicted(stage.environment.plan)
    comparison = compare(stage.environment.plan, without_a_gateway)
    moved = {call.pair: call.effect for call in comparison.calls}
    assert moved == {("us-shop", "eu-shop"): Effect.PATH}
    after = predicted(without_a_gateway)
    assert {pair for pair in PAIRS if before[pair] != after[pair]} == set(moved)
    deadline = time.monotonic() + PATIENCE
    while (seen := measured(stage, without_a_gateway)) != after:
        assert time.monotonic() < deadline, f"took {seen}"
    assert seen["us-shop", "eu-shop"] == "gateway of eu-pay"
