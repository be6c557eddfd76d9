"""The one table: what was measured, what was aimed at, and whether it was reached."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from .meter import Cost


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One measure."""

    measure: str
    value: str
    target: str = ""
    met: bool | None = None
    """None: nothing to reach, told for its own sake."""


def at_most(measure: str, value: float, limit: float, shown: str, unit: str = "") -> Row:
    """A measure that is to stay at or below a limit."""
    met = round(value, 2) <= limit
    return Row(measure=measure, value=shown, target=f"≤ {limit:g}{unit}", met=met)


def ratio(measure: str, ours: Sequence[float], bare: Sequence[float], limit: float | None) -> Row:
    """The medians of seconds, and the first over the second."""
    first, second = median(ours), median(bare)
    value = first / second if second else float("inf")
    shown = f"{first:.2f} s / {second:.2f} s = {value:.2f} ×"
    if limit is None:
        return Row(measure=measure, value=shown)
    return at_most(measure, value, limit, shown, " ×")


def times(
    operation: str, members: int, ours: Sequence[Cost], bare: Sequence[Cost], limit: float | None
) -> list[Row]:
    """What an operation costs in our program and in the bare one; CPU, then wall."""
    about = f"{operation}, {members} members"
    return [
        ratio(f"{about}: CPU", [c.cpu for c in ours], [c.cpu for c in bare], limit),
        ratio(
            f"{about}: CPU without plugins",
            [c.cpu - c.plugins for c in ours],
            [c.cpu - c.plugins for c in bare],
            limit,
        ),
        ratio(f"{about}: wall", [c.wall for c in ours], [c.wall for c in bare], limit),
    ]


def kib(count: float) -> str:
    """A number of bytes in KiB."""
    return f"{count / 1024:.0f} KiB"


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table."""
    table = Table("measure", "value", "target", "met", title="ours against bare")
    for row in rows:
        met = {True: "yes", False: "NOT MET", None: ""}[row.met]
        table.add_row(row.measure, row.value, row.target, met)
    console.print(table)
    missed = sum(row.met is False for row in rows)
    reached = sum(row.met is True for row in rows)
    console.print(f"{reached} targets met, {missed} not met")
    load, cores = os.getloadavg()[1], os.cpu_count() or 1
    if load > cores:
        console.print(
            f"{load:.0f} processes competed for {cores} processors: read CPU seconds, not wall"
        )
