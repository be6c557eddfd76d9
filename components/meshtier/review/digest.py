"""The engine's preview in lines: cluster by cluster, what happens to which resource."""

from .engine import Op, Operation, Preview
from .report import Line

MARKS = {
    Op.CREATE: "+",
    Op.IMPORT: "+",
    Op.READ: "+",
    Op.UPDATE: "~",
    Op.REFRESH: "~",
    Op.REPLACE: "!",
    Op.DELETE: "-",
    Op.CLEAN_UP: "-",
}
_MOST_PATHS = 6


def summary(preview: Preview) -> str:
    """Return the counts in one line."""
    counts = preview.counts()
    if not counts:
        return f"nothing to do, {preview.unchanged} unchanged"
    parts = [f"{number} to {op.value}" for op, number in counts.items()]
    return f"{', '.join(parts)}, {preview.unchanged} unchanged"


def lines(preview: Preview) -> tuple[Line, ...]:
    """Return one line per resource that changes, and one above those of each cluster."""
    found: dict[str, list[Operation]] = {}
    for operation in preview.operations:
        found.setdefault(operation.cluster, []).append(operation)
    made: list[Line] = []
    for cluster in sorted(found):
        made.append(Line(mark="@@", text=f"{cluster or 'the whole environment'} @@"))
        made += [_line(operation) for operation in found[cluster]]
    return tuple(made)


def _line(operation: Operation) -> Line:
    kind = operation.type.rpartition(":")[2]
    text = f"{operation.op.value} {kind} {operation.name}"
    if operation.op is Op.REPLACE and operation.reasons:
        text += f" because of {_paths(operation.reasons)}"
    elif operation.changed:
        text += f": {_paths(operation.changed)}"
    return Line(mark=MARKS[operation.op], text=text)


def _paths(paths: tuple[str, ...]) -> str:
    left = len(paths) - _MOST_PATHS
    listed = ", ".join(paths[:_MOST_PATHS])
    return listed if left <= 0 else f"{listed} and {left} more"
