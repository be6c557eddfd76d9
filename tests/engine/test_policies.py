"""The policy pack under the real engine: our own program passes, each broken rule stops a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.toolchain import CHECKOUT, Toolchain
from policies.rules import RESOURCE_RULES, STACK_RULES
from policies.rules.api_endpoint import EKS, GKE
from policies.rules.rule import UNKNOWN
from tests.support.engine import Engine
from tests.support.engine_result import Result
from tests.unit.policies.authorization_examples import AUTHORIZATION, CALLERS, callers, source
from tests.unit.policies.examples import (
    CONFIG_MAP,
    DEPLOYMENT,
    EXAMPLES,
    MARKED,
    OWNED,
    PEERS,
    RELEASE,
    ROOT,
    SIGNED,
    Example,
    Props,
    authority,
    blocks,
    peers,
    pods,
    ranges,
)
from tests.unit.policies.more_examples import MORE_EXAMPLES

from .clouds import CloudStage
from .documents import MEMBERS
from .stage import Stage

pytestmark = pytest.mark.engine

PACK = str(CHECKOUT / "policies" / "serve")
MESHED = {"namespace": "istio-system", "labels": OWNED}
KEPT: tuple[tuple[str, Props], ...] = (
    (
        EKS,
        {
            **ranges("203.0.113.0/24"),
            "encryptionConfig": {"provider": {"keyArn": "k"}, "resources": ["secrets"]},
            "tags": MARKED,
        },
    ),
    (
        GKE,
        {
            **blocks("203.0.113.0/24"),
            "databaseEncryption": {"state": "ENCRYPTED", "keyName": "k"},
            "resourceLabels": MARKED,
        },
    ),
    (DEPLOYMENT, {**pods("istio/pilot:1.31.1"), "metadata": MESHED}),
    (PEERS, {**peers("STRICT"), "metadata": MESHED}),
    (CALLERS, {**callers(source(principals=["a/ns/b/sa/c"])), "metadata": MESHED}),
    (RELEASE, {"chart": "charts/istiod", "values": {"global": {"hub": "docker.io/istio"}}}),
    (ROOT, authority(87_600, 1)),
    (SIGNED, authority(43_800, 0, earlyRenewalHours=720)),
    (CONFIG_MAP, {"data": {"name": "eu"}, "metadata": MESHED}),
)
"""A resource of each kind that the rules are about, complete."""


@pytest.fixture
def engine(tmp_path: Path, toolchain: Toolchain, pulumi_home: Path) -> Engine:
    """A stack of a program that registers what it is told."""
    program = Path(__file__).parent / "registered"
    return Engine(program=program, root=tmp_path, toolchain=toolchain, home=pulumi_home)


def test_the_local_environment_passes_its_own_policies(stage: Stage) -> None:
    engine = stage.stand()
    previewed = engine.preview("--policy-pack", PACK).check()
    assert "✅ meshtier@v1.0.0" in previewed.output
    assert violations(previewed) == []
    assert engine.up("--policy-pack", PACK).check().changes == {}


def test_each_member_of_the_local_environment_is_asked_for_mesh_wide_mtls(
    stage: Stage, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"mesh-wide-mtls": {"rootNamespace": "elsewhere"}}')
    refused = stage.stand().preview("--policy-pack", PACK, "--policy-pack-config", str(settings))
    assert refused.returncode != 0
    assert [rule for rule, _ in violations(refused)] == ["mesh-wide-mtls"] * len(MEMBERS)


def test_resources_that_keep_the_rules_pass(engine: Engine) -> None:
    register(engine, [Example(rule="", type=type_, props=props) for type_, props in KEPT])
    previewed = engine.preview("--policy-pack", PACK).check()
    assert violations(previewed) == []


def test_every_broken_rule_is_named_and_stops_the_run(engine: Engine) -> None:
    broken = [one for one in registrable() if one.lines and not one.settings]
    register(engine, broken)
    refused = engine.preview("--policy-pack", PACK)
    assert refused.returncode != 0
    told = violations(refused)
    assert {rule for rule, _ in told} == {rule.name for rule in (*RESOURCE_RULES, *STACK_RULES)}
    assert {line for one in broken for line in one.lines} <= {line for _, line in told}


def test_an_up_makes_nothing_that_breaks_a_rule(engine: Engine) -> None:
    register(engine, [next(one for one in registrable() if one.lines and not one.settings)])
    assert engine.up("--policy-pack", PACK).returncode != 0
    assert [one["type"] for one in engine.resources()] in ([], ["pulumi:pulumi:Stack"])


def test_a_mesh_without_its_policy_stops_the_run(engine: Engine) -> None:
    register(engine, [Example(rule="", type=RELEASE, props={"chart": "charts/istiod"})])
    refused = engine.preview("--policy-pack", PACK)
    assert refused.returncode != 0
    assert [rule for rule, _ in violations(refused)] == [STACK_RULES[0].name]


def test_a_platform_team_sets_what_is_allowed(engine: Engine, tmp_path: Path) -> None:
    loose = next(one for one in registrable() if one.rule == "owner-labels" and one.lines)
    register(engine, [loose])
    settings = tmp_path / "settings.json"
    settings.write_text('{"owner-labels": {"labels": ["team"], "enforcementLevel": "advisory"}}')
    told = violations(
        engine.preview("--policy-pack", PACK, "--policy-pack-config", str(settings)).check()
    )
    assert told == [
        ("owner-labels", "metadata.labels: got none of team; allowed all of team; say whose it is")
    ]


def test_what_a_shipped_environment_is_only_told_does_not_stop_it(engine: Engine) -> None:
    cluster = {**ranges("203.0.113.0/24"), "tags": MARKED}
    register(engine, [Example(rule="", type=EKS, props=cluster)])
    settings = str(CHECKOUT / "policies" / "production.json")
    assert engine.preview("--policy-pack", PACK).returncode != 0
    told = violations(
        engine.preview("--policy-pack", PACK, "--policy-pack-config", settings).check()
    )
    assert [rule for rule, _ in told] == ["encrypted-secrets"]


@pytest.mark.spoils(5)
@pytest.mark.parametrize("name", ["staging", "production"])
def test_a_shipped_environment_passes_before_any_of_its_clusters_exists(
    make_clouds: Callable[[str], CloudStage], name: str
) -> None:
    settings = str(CHECKOUT / "policies" / f"{name}.json")
    previewed = make_clouds(name).engine.preview(
        *("--policy-pack", PACK, "--policy-pack-config", settings)
    )
    told = violations(previewed.check())
    assert {rule for rule, _ in told} == {"encrypted-secrets"}, "as advice, until keys are named"


def registrable() -> list[Example]:
    """Return the examples that a program can register as they are; providers are no components."""
    every = (*EXAMPLES, *AUTHORIZATION, *MORE_EXAMPLES)
    return [
        one
        for one in every
        if not one.type.startswith("pulumi:providers:") and not holds_unknown(one.props)
    ]


def holds_unknown(value: Any) -> bool:
    """Return whether a value has a part that only a preview has."""
    if isinstance(value, dict):
        return any(holds_unknown(one) for one in value.values())
    if isinstance(value, list):
        return any(holds_unknown(one) for one in value)
    return value is UNKNOWN


def register(engine: Engine, examples: list[Example]) -> None:
    """Make the stack, its program told to register these."""
    engine.init(
        {
            "resources": [
                {"type": one.type, "name": one.rule or "one", "props": one.props}
                for one in examples
            ]
        }
    )


def violations(result: Result) -> list[tuple[str, str]]:
    """Return rule and line of every violation that the engine told."""
    events = (event["policyEvent"] for event in result.events if "policyEvent" in event)
    return [
        (event["policyName"], line)
        for event in events
        # The first line is the rule's description, or says which rule it is.
        for line in event["message"].strip().splitlines()[1:]
    ]
