"""The plan of every stack in the repository, as people and as tools read it.

`<stack>.names` holds each resource's type and logical name. Those are a contract: a line that
changes there replaces a resource in every stack that exists.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from meshtier.plan.dump import plain
from meshtier.plan.environment import plan_environment
from meshtier.plan.inventory import planned_resources
from meshtier.plan.mermaid import diagram
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.show import tables
from meshtier.plan.stack_file import read_document
from meshtier.spec.load import load

STACKS_DIR = Path(__file__).parents[2] / "stacks"
STACKS = sorted(path.name.split(".")[1] for path in STACKS_DIR.glob("Pulumi.*.yaml"))
PLANS = Path(__file__).parent / "plan"
FORMS: dict[str, Callable[[EnvironmentPlan], str]] = {
    "txt": lambda plan: f"{tables(plan)}\n\n{diagram(plan)}\n",
    "json": lambda plan: f"{json.dumps(plain(plan), indent=2)}\n",
    "names": lambda plan: "".join(f"{one.type} {one.name}\n" for one in planned_resources(plan)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_plans_what_it_planned_before(
    stack: str, form: str, golden: Callable[[str, str], None]
) -> None:
    spec = load(read_document(STACKS_DIR, stack), name=stack)
    # What the rules warn of is theirs, and tested with them.
    plan = plan_environment(replace(spec, warnings=()))
    golden(f"plan/{stack}.{form}", FORMS[form](plan))


def test_no_plan_is_left_over_from_a_stack_that_is_gone() -> None:
    expected = {f"{stack}.{form}" for stack in STACKS for form in FORMS}
    assert STACKS, "the repository has at least the local environment"
    assert {path.name for path in PLANS.iterdir()} <= expected
