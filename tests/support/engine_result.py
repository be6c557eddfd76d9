"""What one command of the engine did, read from its event log."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Event = Mapping[str, Any]
"""One engine event, as `--event-log` writes it."""


class EngineError(AssertionError):
    """A command that had to succeed failed; the message holds its whole output."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One step of the engine."""

    op: str
    """`create`, `update`, `replace`, `create-replacement`, `delete`, `read`, `refresh`, `same`."""
    urn: str
    type: str
    diffs: tuple[str, ...]
    """Properties that differ, as paths."""
    failed: bool

    @property
    def name(self) -> str:
        """Logical name."""
        return self.urn.rsplit("::", 1)[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one command did."""

    command: str
    returncode: int
    stdout: str
    stderr: str
    events: Sequence[Event]
    seconds: float
    orphans: Sequence[str] = ()
    """Command lines of processes that outlived a killed engine and had to be ended."""

    @property
    def output(self) -> str:
        """Everything a user sees."""
        return self.stdout + self.stderr

    def check(self) -> "Result":
        """Itself; raises EngineError with the whole output unless the command succeeded."""
        if self.returncode:
            raise EngineError(f"pulumi {self.command}: exit {self.returncode}\n{self.output}")
        return self

    @property
    def changes(self) -> dict[str, int]:
        """Number of resources per operation as the engine counts them, `same` left out."""
        summaries = [event["summaryEvent"] for event in self.events if "summaryEvent" in event]
        counted = summaries[-1]["resourceChanges"] or {} if summaries else {}
        return {op: number for op, number in counted.items() if op != "same"}

    @property
    def operations(self) -> list[Operation]:
        """Every step once, failed ones first; `same` included.

        A preview announces steps and ends only some, so there the announced ones count too.
        """
        kinds = (*ENDS, *BEGINS) if self.command.startswith("preview") else ENDS
        steps: dict[tuple[str, str], Operation] = {}
        for kind in kinds:
            for event in self.events:
                if kind in event:
                    step = _operation(event[kind]["metadata"], failed=kind == FAILED)
                    # A component ends twice: registered, and with its outputs.
                    steps.setdefault((step.op, step.urn), step)
        return list(steps.values())

    @property
    def counts(self) -> Counter[str]:
        """Steps per operation and type, `same` left out: `create kubernetes:core/v1:Secret`."""
        return Counter(f"{one.op} {one.type}" for one in self.operations if one.op != "same")

    def diagnostics(self, *severities: str) -> list[str]:
        """Messages, of the given severities (default: error)."""
        wanted = severities or ("error",)
        found = (event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event)
        return [one["message"] for one in found if one["severity"] in wanted]


FAILED = "resOpFailedEvent"
BEGINS = ("resourcePreEvent",)
ENDS = (FAILED, "resOutputsEvent")


def _operation(facts: Mapping[str, Any], *, failed: bool) -> Operation:
    return Operation(
        op=facts["op"],
        urn=facts["urn"],
        type=facts["type"],
        diffs=tuple(facts.get("detailedDiff") or facts.get("diffs") or ()),
        failed=failed,
    )


def read_events(path: Path) -> list[Event]:
    """Whole lines of an event log; none where there is no log."""
    if not path.exists():
        return []
    content = path.read_bytes()
    # A killed engine may have left half a line.
    return [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()]
