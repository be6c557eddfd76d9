"""What the shipped environments ask of their clouds passes the policies they are previewed with."""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from meshtier.clouds.resources import constructor
from meshtier.plan.environment import plan_environment
from meshtier.plan.late import Json, Ref, Text
from meshtier.plan.model import EnvironmentPlan, ReleasePlan
from meshtier.plan.stack_file import read_document
from meshtier.spec import load

from policies.rules import RESOURCE_RULES
from policies.rules.owners import OWNER_LABELS
from policies.rules.rule import UNKNOWN, Resource

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = ("production", "staging")
FREE = ("tags", "labels", "resource_labels", "values")
"""Inputs whose keys nobody translates."""
ADVISORY = {"encrypted-secrets"}
"""Told and not refused as shipped: the keys are for whoever runs them to name."""


def planned(name: str) -> EnvironmentPlan:
    """Return the plan of a shipped environment."""
    return plan_environment(load(read_document(ROOT / "stacks", name), name=name))


def wire(value: Any, *, is_free: bool = False) -> Any:
    """Return planned inputs as policies see them: camelCase, and unknown where they are late."""
    if isinstance(value, Ref | Text | Json):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {
            key if is_free else camel(key): wire(below, is_free=is_free or key in FREE)
            for key, below in value.items()
        }
    if isinstance(value, list | tuple):
        return [wire(below, is_free=is_free) for below in value]
    return value


def camel(key: str) -> str:
    """Return the engine's spelling of an input."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), key)


def resources(plan: EnvironmentPlan) -> Iterator[Resource]:
    """Yield what is asked of the clouds, and what they need inside their clusters."""
    for one in plan.cloud:
        yield Resource(type=one.type, name=one.name, props=wire(one.args))
    for cluster in plan.clusters:
        for made in cluster.inside.objects:
            type_ = f"kubernetes:{made.manifest['apiVersion']}:{made.manifest['kind']}"
            yield Resource(type=type_, name=made.logical_name, props=made.manifest)
        yield from map(released, cluster.inside.releases)


def released(plan: ReleasePlan) -> Resource:
    """Return a release as policies see it."""
    props = {
        "chart": plan.chart,
        "version": plan.version,
        "values": wire(plan.values, is_free=True),
    }
    repository = {"repositoryOpts": {"repo": plan.repository}} if plan.repository else {}
    return Resource(
        type="kubernetes:helm.sh/v3:Release", name=plan.logical_name, props={**props, **repository}
    )


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_shipped_environment_passes_every_rule_but_the_advisory_ones(name: str) -> None:
    settings = json.loads((ROOT / "policies" / f"{name}.json").read_text())
    assert settings == dict.fromkeys(ADVISORY, "advisory")
    seen = list(resources(planned(name)))
    assert seen
    refused = [
        f"{resource.name}: {rule.name}: {line}"
        for rule in RESOURCE_RULES
        if rule.name not in ADVISORY
        for resource in seen
        for line in rule.judge(resource)
    ]
    assert refused == []


def test_no_advisory_rule_is_left_behind_once_the_environments_keep_it() -> None:
    told = {
        rule.name
        for rule in RESOURCE_RULES
        for name in ENVIRONMENTS
        for resource in resources(planned(name))
        if rule.judge(resource)
    }
    assert told == ADVISORY


def test_the_rule_about_tags_knows_which_types_can_carry_any() -> None:
    types = {one.type for one in planned("production").cloud if one.type.startswith("aws:")}
    assert types
    untagged = set(OWNER_LABELS.settings["awsUntagged"]["default"])
    for type_ in types:
        carries = "tags" in inspect.signature(constructor(type_)._internal_init).parameters
        assert carries != (type_ in untagged), type_


def test_the_rule_about_labels_knows_which_types_can_carry_any() -> None:
    types = {one.type for one in planned("production").cloud if one.type.startswith("gcp:")}
    assert types
    for type_ in types:
        inputs = inspect.signature(constructor(type_)._internal_init).parameters
        carries = bool({"labels", "resource_labels", "node_config"} & set(inputs))
        bare = OWNER_LABELS.judge(Resource(type=type_, props={}))
        assert carries == bool(bare), type_
