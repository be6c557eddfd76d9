"""Everything each stack of the repository registers, as a reviewer reads it.

One line is one resource: what it is, what it stands below, through which provider it is made, and
whether the engine refuses to replace or delete it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from meshtier.plan.show import table

from tests.support import shipped
from tests.support.recorder import Recorder

FOLDER = Path(__file__).parent / "resources"
COLUMNS = ("type", "name", "parent", "provider", "protect")


@pytest.mark.parametrize("stack", shipped.STACKS)
def test_a_stack_registers_what_it_registered_before(
    stack: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"resources/{stack}.txt", f"{listed(shipped.registered(stack))}\n")


def test_no_list_is_left_over_from_a_stack_that_is_gone() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{stack}.txt" for stack in shipped.STACKS}


def listed(seen: Recorder) -> str:
    """Return a table of what was registered, a component's children together."""
    names = {one.name for one in seen.registered}
    rows = [
        (
            one.type,
            one.name,
            one.parent if one.parent in names else "-",
            one.provider or "-",
            "yes" if one.protect else "-",
        )
        for one in seen.registered
    ]
    return table(COLUMNS, sorted(rows, key=lambda row: (row[2], row[1], row[0])))
