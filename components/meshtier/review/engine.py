"""What `pulumi preview --json` says, folded: operations and the names of what they change.

No value of any property is ever read out: a preview may hold secrets, and a comment is public.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from ..errors import Problem, SpecError
from ..plan import names
from ..plan.inventory import MEMBER, TIERS
from .leaves import masked, shown

_TIERS: Final = frozenset(TIERS.values())
_CERTIFICATE: Final = re.compile(rf"-(?:{'|'.join(names.CERTIFICATE_ROLES)})-g\d+$")


class Op(StrEnum):
    """What the engine will do with a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    READ = "read"
    IMPORT = "import"
    REFRESH = "refresh"
    CLEAN_UP = "clean up"
    """Delete what an earlier, interrupted replacement has left."""


_REST: Final = "delete-replaced"
_OPS: Final = {
    "create": Op.CREATE,
    "update": Op.UPDATE,
    "replace": Op.REPLACE,
    "create-replacement": Op.REPLACE,
    _REST: Op.REPLACE,
    "read": Op.READ,
    "read-replacement": Op.REPLACE,
    "delete": Op.DELETE,
    "discard": Op.DELETE,
    "discard-replaced": Op.REPLACE,
    "remove-pending-replace": Op.REPLACE,
    "import": Op.IMPORT,
    "import-replacement": Op.REPLACE,
    "refresh": Op.REFRESH,
}
"""Steps of the engine (sdk/go/common/display); a replacement is up to three of them. `same` is
what is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One resource that does not stay as it is."""

    op: Op
    type: str
    """Type token."""
    name: str
    """Logical name."""
    cluster: str
    """Cluster it belongs to; empty for what belongs to the whole environment."""
    changed: tuple[str, ...]
    """Paths of the inputs that differ."""
    reasons: tuple[str, ...]
    """Paths of the inputs that force a replacement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One preview, folded."""

    operations: tuple[Operation, ...]
    unchanged: int
    errors: tuple[str, ...]
    """What went wrong; empty when the preview is complete."""

    def counts(self) -> dict[Op, int]:
        """Return how many resources see each operation, in the order of `Op`."""
        found = Counter(operation.op for operation in self.operations)
        return {op: found[op] for op in Op if found[op]}


def read_preview(text: str, name: str) -> Preview:
    """Return the preview in the output of `pulumi preview --json`; `name` is what errors call it.

    Raises SpecError when it is not one.
    """
    try:
        content = cast("object", json.loads(text))
    except ValueError:
        content = None
    if not isinstance(content, Mapping):
        raise SpecError([_not_a_preview(name)])
    found = cast("Mapping[str, Any]", content)
    steps = cast("list[Mapping[str, Any]]", found.get("steps") or [])
    errors = _errors(found.get("diagnostics") or [])
    if not steps and not errors and "changeSummary" not in found:
        raise SpecError([_not_a_preview(name)])
    return Preview(
        operations=_operations(steps),
        unchanged=int(cast("Mapping[str, int]", found.get("changeSummary") or {}).get("same", 0)),
        errors=errors,
    )


def _operations(steps: list[Mapping[str, Any]]) -> tuple[Operation, ...]:
    parents = {str(step["urn"]): _state(step).get("parent", "") for step in steps}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        if step.get("op") in _OPS:
            found.setdefault(str(step["urn"]), []).append(step)
    return tuple(_operation(urn, same, parents) for urn, same in found.items())


def _operation(urn: str, steps: list[Mapping[str, Any]], parents: Mapping[str, str]) -> Operation:
    # The live resource's own step says what happens to it; a rest may be deleted beside it.
    own = [step["op"] for step in steps if step["op"] != _REST]
    return Operation(
        op=_OPS[own[0]] if own else Op.CLEAN_UP,
        type=_type(urn),
        name=_name(urn),
        cluster=_cluster(urn, parents),
        changed=_paths(steps, "detailedDiff", "diffReasons"),
        reasons=_paths(steps, "replaceReasons"),
    )


def _paths(steps: Iterable[Mapping[str, Any]], *keys: str) -> tuple[str, ...]:
    """Return the paths under the first of `keys` that a step has; a map's keys, a list's items."""
    found: dict[str, None] = {}
    for step in steps:
        paths = next((step[key] for key in keys if step.get(key)), ())
        found.update(dict.fromkeys(str(path) for path in paths))
    return tuple(found)


def _state(step: Mapping[str, Any]) -> Mapping[str, Any]:
    return step.get("newState") or step.get("oldState") or {}


def _cluster(urn: str, parents: Mapping[str, str]) -> str:
    """Return the cluster whose tier or member is the nearest parent."""
    environment = urn.split("::")[0].rpartition(":")[2]
    at = urn
    while at:
        kind, name = _type(at), _name(at)
        if kind in _TIERS:
            return name.removeprefix(names.tier(environment, ""))
        if kind == MEMBER:
            return name.removeprefix(names.member(names.mesh(environment), ""))
        if _CERTIFICATE.search(name):
            holder = _CERTIFICATE.sub("", name)
            return holder.removeprefix(names.member(names.trust(names.mesh(environment)), ""))
        at = parents.get(at, "")
    return ""


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _errors(diagnostics: list[Mapping[str, Any]]) -> tuple[str, ...]:
    wrong = (one for one in diagnostics if one.get("severity") == "error")
    return tuple(_first_line(str(one.get("message", ""))) for one in wrong)


def _first_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return shown(masked("message", lines[0])) if lines else "an error without a message"


def _not_a_preview(name: str) -> Problem:
    return Problem(
        path=name,
        got="something that is not a preview",
        allowed="the output of `pulumi preview --json`",
        fix="write it with `pulumi preview --json > FILE`; what stopped it stands above",
    )
