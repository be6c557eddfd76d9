"""Our program and the bare one in turn, over the same API servers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..errors import LabError
from ..toolchain import CHECKOUT
from .engine import Stack
from .meter import Cost
from .registrations import Resource, name_of, registrations, write
from .table import Row, times
from .world import Progress, World

ENVIRONMENT: Final = "bench"
BARE: Final = "bare"
_BARE_PROGRAM: Final = Path(__file__).parent / "bare"
_LIMITS: Final = {"preview": 1.15, "up": 1.25, "no-op preview": 1.15, "destroy": None}
# Of one program's whole turn, on two cores that have nothing else to do.
_TURN_SECONDS: Final = {"first": 20, "member": 6}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One program, run by run."""

    costs: dict[str, list[Cost]] = field(default_factory=lambda: {name: [] for name in _LIMITS})
    resources: list[Resource] = field(default_factory=list)
    """State of the last converged run, secrets encrypted."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Both programs at one size."""

    members: int
    ours: Measured
    bare: Measured

    def rows(self) -> list[Row]:
        """What each operation costs."""
        return [
            row
            for name, limit in _LIMITS.items()
            for row in times(
                name, self.members, self.ours.costs[name], self.bare.costs[name], limit
            )
        ]


def compare(world: World, members: int, runs: int, progress: Progress) -> Comparison:
    """Run both programs from nothing to nothing, in turn."""
    found = Comparison(members=members, ours=Measured(), bare=Measured())
    ours = _ours(world, members)
    bare: Stack | None = None
    each = _TURN_SECONDS["first"] + _TURN_SECONDS["member"] * members
    for run in range(1, runs + 1):
        about = f"{members} members, run {run} of {runs}"
        progress(f"{about}: our program, about {each} s")
        listed = _turn(ours, found.ours, want_secrets=bare is None)
        bare = bare or _bare(world, members, listed)
        progress(f"{about}: the bare program, about {each} s")
        _turn(bare, found.bare, want_secrets=False)
        require_same(found.ours.resources, found.bare.resources)
    return found


def require_same(ours: Sequence[Resource], bare: Sequence[Resource]) -> None:
    """Raise LabError unless both registered the same raw resources."""
    wanted, found = _raw(ours), _raw(bare)
    if wanted != found:
        differs = sorted({kind for kind, _ in (wanted - found) + (found - wanted)})
        raise LabError(f"the bare program registers other resources: {', '.join(differs)}")


def _raw(resources: Sequence[Resource]) -> Counter[tuple[str, str]]:
    return Counter((one["type"], name_of(one["urn"])) for one in resources if one.get("custom"))


def _turn(stack: Stack, measured: Measured, *, want_secrets: bool) -> Sequence[Resource]:
    """Preview, up, preview, destroy; the converged resources with secrets where wanted."""
    costs = measured.costs
    costs["preview"].append(stack.preview())
    costs["up"].append(stack.up())
    costs["no-op preview"].append(stack.preview())
    measured.resources[:] = stack.resources()
    listed = stack.resources(show_secrets=True) if want_secrets else []
    costs["destroy"].append(stack.destroy())
    return listed


def _ours(world: World, members: int) -> Stack:
    stack = _stack(world, ENVIRONMENT, CHECKOUT, members)
    stack.init(world.config(members))
    return stack


def _bare(world: World, members: int, resources: Sequence[Resource]) -> Stack:
    stack = _stack(world, BARE, _BARE_PROGRAM, members)
    path = world.root / f"registrations-{members}.json"
    write(path, registrations(resources))
    stack.init({"meshtier:registrations": str(path), "pulumi:disable-default-providers": ["*"]})
    return stack


def _stack(world: World, name: str, program: Path, members: int) -> Stack:
    return Stack(
        name=f"{name}-{members}",
        program=program,
        folder=world.root / f"{name}-{members}",
        workspace=world.workspace,
        toolchain=world.toolchain,
    )
