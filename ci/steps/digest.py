"""`python -m steps.digest`: an engine's event log, as what reads it next wants it.

    preview EVENTS        what `pulumi preview --json` would print: steps and what went wrong
    drift EVENTS STACK    Markdown about what differs from the state; exit status 3 when something

One run of the engine so gives the plan, the text and the steps, all of the same moment. Only names
and paths of properties are taken over, never a value.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from .refusal import run

DRIFT: Final = 3
_ROOM: Final = 60_000
"""Characters for the list: it becomes an issue, and GitHub takes 65,536 for the whole of one."""
_SAME: Final = ("same", "refresh", "read")
_WORDS: Final = {"delete": "gone", "update": "changed", "create": "not in the state"}


def preview(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the steps, diagnostics and counts of a preview."""
    wrong = [*_diagnostics(events), *_refusals(events)]
    if not wrong and _summary(events).get("result") != "succeeded":
        # Nothing to be read must not look like nothing to be done.
        wrong = [{"severity": "error", "message": "the preview did not end; its job says why"}]
    return {
        "steps": [_step(one) for one in _metadata(events, "resourcePreEvent")],
        "diagnostics": wrong,
        "changeSummary": _counts(events),
    }


def drift(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line per resource that is not as the state has it."""
    lines = [
        f"- {_WORDS.get(one['op'], one['op'])}: `{one['type']}` **{_name(one['urn'])}**{_at(one)}"
        for one in _metadata(events, "resOutputsEvent")
        if one["op"] not in _SAME and not _is_empty(one)
    ]
    counts = {op: number for op, number in _counts(events).items() if op not in _SAME}
    if counts and not lines:
        return [f"- {op}: {number} resources" for op, number in counts.items()]
    return lines


def fitting(lines: Sequence[str], most: int = _ROOM) -> list[str]:
    """Return as many lines as come to no more than `most` characters, and how many are left."""
    sizes = accumulate(len(line) + 1 for line in lines)
    kept = [line for line, size in zip(lines, sizes, strict=True) if size <= most]
    left = len(lines) - len(kept)
    return [*kept, f"- … and {left} more; the job's log has them"] if left else kept


def main() -> int:
    """Print what was asked for."""
    kind, path, *rest = sys.argv[1:]
    events = _events(Path(path))
    if kind == "preview":
        print(json.dumps(preview(events), indent=1))
        return 0
    lines = drift(events)
    if not lines:
        return 0
    stack = rest[0]
    headline = f"**{stack} is not as its state has it: {len(lines)} resources**\n"
    print(headline, *fitting(lines), sep="\n")
    fix = f"pulumi up --refresh --stack {stack}"
    print(f"\nPut it back with `{fix}`, or change the document to what is meant.")
    return DRIFT


def _step(metadata: Mapping[str, Any]) -> dict[str, Any]:
    parent = (metadata.get("new") or metadata.get("old") or {}).get("parent", "")
    return {
        "op": metadata["op"],
        "urn": metadata["urn"],
        "newState": {"parent": parent},
        "detailedDiff": dict.fromkeys(metadata.get("detailedDiff") or {}),
        "diffReasons": metadata.get("diffs") or [],
        "replaceReasons": metadata.get("keys") or [],
    }


def _diagnostics(events: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for event in events:
        said = event.get("diagnosticEvent")
        if said and said["severity"] == "error":
            yield {"severity": "error", "message": said["message"]}


def _refusals(events: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for event in events:
        said = event.get("policyEvent")
        if said and said["enforcementLevel"] == "mandatory":
            line = said["message"].strip().splitlines()[-1]
            about = _name(said.get("resourceUrn", ""))
            yield {"severity": "error", "message": f"{said['policyName']}: {about}: {line}"}


def _metadata(events: Sequence[Mapping[str, Any]], kind: str) -> Iterator[Mapping[str, Any]]:
    return (event[kind]["metadata"] for event in events if kind in event)


def _summary(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((event["summaryEvent"] for event in events if "summaryEvent" in event), {})


def _counts(events: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    return _summary(events).get("resourceChanges") or {}


def _is_empty(metadata: Mapping[str, Any]) -> bool:
    """Return whether an update changes nothing: components and providers are refreshed by one."""
    return metadata["op"] == "update" and not _differing(metadata)


def _differing(metadata: Mapping[str, Any]) -> list[str]:
    return sorted(metadata.get("detailedDiff") or metadata.get("diffs") or ())


def _at(metadata: Mapping[str, Any]) -> str:
    paths = _differing(metadata)
    return f" at {', '.join(f'`{path}`' for path in paths)}" if paths else ""


def _name(urn: str) -> str:
    return urn.split("::", 3)[-1]


def _events(path: Path) -> list[Mapping[str, Any]]:
    # A run that fails early may leave no log.
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    run(main)
