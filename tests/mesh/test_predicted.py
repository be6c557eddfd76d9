"""What a review predicts from plans is what requests do: now, and after a change was made."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.compare import compare
from meshtier.review.model import Effect
from meshtier.review.paths import predict
from meshtier.spec import load

from lab import matrix, proof
from lab.stack import DOCUMENT, Stack

from .stage import MEMBERS, PAIRS, Stage

pytestmark = [pytest.mark.mesh, pytest.mark.slow, pytest.mark.timeout(900)]
PATIENCE: Final = 120
"""Seconds in which a change of configuration has reached every proxy."""
SHARED: Final = 12
"""Calls after which both of two gateways have had one; taken in turns they are had in two."""

Ways = dict[tuple[str, str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedStack(Stack):
    """The same stack, asked for by another file."""

    file: Path

    @property
    def source(self) -> Path:
        return self.file


Options = Mapping[tuple[str, str], tuple[str, ...]]


def predicted(plan: EnvironmentPlan) -> Options:
    """The ways that each call between members may take."""
    routes = predict(plan)
    return {pair: proof.ways(routes[pair]) for pair in PAIRS}


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


def await_measured(stage: Stage, plan: EnvironmentPlan) -> Ways:
    """The way each call takes once all of them take predicted ones."""
    options = predicted(plan)
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = measured(stage, plan)
        if all(seen[pair] in options[pair] for pair in PAIRS):
            return seen
        assert time.monotonic() < deadline, f"took {seen}"


@contextmanager
def made(stage: Stage, folder: Path, gateway: Mapping[str, Any]) -> Iterator[EnvironmentPlan]:
    """Really give eu-shop another gateway for a while; the plan of what is there then."""
    content = yaml.safe_load(stage.environment.stack.source.read_text())
    shop = content["config"][DOCUMENT]["seeds"]["eu"]["userClusters"]["eu-shop"]
    shop["mesh"] = {"gateway": dict(gateway)}
    file = folder / "Pulumi.local.yaml"
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


def test_every_call_takes_the_way_that_the_plan_predicts(stage: Stage) -> None:
    assert stage.proof.calls, "the workloads are there"
    plan = stage.environment.plan
    options = predicted(plan)
    assert all(len(ways) == 1 for ways in options.values()), "there is no choice"
    assert measured(stage, plan) == {pair: ways[0] for pair, ways in options.items()}


def test_the_calls_that_a_comparison_names_and_no_others_take_another_way(
    stage: Stage, tmp_path: Path
) -> None:
    """istiod prefers the gateway of the endpoint's own cluster; without it, a neighbour's."""
    assert stage.proof.calls, "the workloads are there"
    base = stage.environment.plan
    before = measured(stage, base)
    with made(stage, tmp_path, {"enabled": False}) as head:
        foretold = {call.pair: call.effect for call in compare(base, head).calls}
        after = await_measured(stage, head)
    assert foretold == {("us-shop", "eu-shop"): Effect.PATH}
    assert {pair for pair in PAIRS if before[pair] != after[pair]} == set(foretold)
    assert after["us-shop", "eu-shop"] == "gateway of eu-pay"


def test_a_gateway_with_a_fixed_address_shares_its_calls_with_its_neighbours(
    stage: Stage, tmp_path: Path
) -> None:
    """Of such addresses istiod knows the network, not the cluster."""
    assert stage.proof.calls, "the workloads are there"
    address = proof.gateway_address(stage.kubectls["eu-shop"])
    pair = ("us-shop", "eu-shop")
    with made(stage, tmp_path, {"addresses": [address]}) as head:
        options = predicted(head)
        assert options[pair] == ("gateway of eu-pay", "gateway of eu-shop")
        assert options["us-shop", "eu-pay"] == ("gateway of eu-pay",)
        await_measured(stage, head)
        seen = {measured(stage, head)[pair] for _ in range(SHARED)}
    assert seen == set(options[pair])
