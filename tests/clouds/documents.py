"""Documents that between them switch on every setting of the clouds, beside the shipped stacks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.resources import ResourcePlan
from meshtier.plan.stack_file import read_document
from meshtier.spec.load import load

_STACKS = Path(__file__).parents[2] / "stacks"
_OWN = Path(__file__).parent / "environments"
_SHIPPED = tuple(sorted(path.name.split(".")[1] for path in _STACKS.glob("Pulumi.*.yaml")))


def document(name: str) -> Mapping[str, Any]:
    """Return a document by its name."""
    if name in _SHIPPED:
        return read_document(_STACKS, name)
    return yaml.safe_load((_OWN / f"{name}.yaml").read_text(encoding="utf-8"))


def _naming(*clouds: str) -> tuple[str, ...]:
    own = sorted(path.stem for path in _OWN.glob("*.yaml"))
    texts = {name: json.dumps(document(name)) for name in (*_SHIPPED, *own)}
    return tuple(
        name for name, text in texts.items() if any(f'"{cloud}":' in text for cloud in clouds)
    )


NAMES = _naming("aws", "gcp")
"""Every document that names a cloud: the shipped stacks, and ours by what they are about."""
ON_AWS = _naming("aws")
ON_GCP = _naming("gcp")


@cache
def plan(name: str) -> EnvironmentPlan:
    """Return the plan of a document."""
    return plan_environment(load(document(name), name=name))


def changed(name: str, kind: str, **changes: Any) -> list[ResourcePlan]:
    """Return what a document asks the clouds for, the first of a type with other arguments."""
    resources = list(plan(name).cloud)
    at = next(at for at, one in enumerate(resources) if one.type == kind)
    resources[at] = replace(resources[at], args={**resources[at].args, **changes})
    return resources
