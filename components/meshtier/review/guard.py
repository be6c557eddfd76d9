"""What a preview must not replace or delete unless the document allows it by name."""

from collections.abc import Collection, Iterator
from typing import Final

from ..errors import Problem
from ..plan.inventory import MEMBER, TIERS
from .carriers import GUARDED, TRUST, carried
from .engine import Op, Operation, Preview
from .model import Carrier, Fate, Loss

_FATES: Final = {Op.REPLACE: Fate.REPLACED, Op.DELETE: Fate.DESTROYED}
_RENEWAL: Final = "readyForRenewal"
"""Why a certificate is made anew near its end. As the only reason: the same authority goes on."""
_PARTS: Final = frozenset({MEMBER, *TIERS.values()})
"""Components whose deletion says that a cluster leaves the mesh, or the environment."""


def lost(preview: Preview) -> tuple[Loss, ...]:
    """Return what carries traffic and is replaced or deleted by the engine."""
    gone = {one.cluster for one in preview.operations if one.op is Op.DELETE and one.type in _PARTS}
    return tuple(loss for operation in preview.operations for loss in _lost(operation, gone))


def refused(preview: Preview, allowed: Collection[str], name: str) -> tuple[Problem, ...]:
    """Return one problem per kind of loss that `allowed` (`guards.allow`) does not name.

    A preview that stopped half-way is one too: nobody knows what it has not seen.

    `name` is what errors call the preview.
    """
    found: dict[tuple[str, Carrier, Fate], list[Loss]] = {}
    for loss in lost(preview):
        if loss.carrier in GUARDED and loss.guard not in allowed:
            found.setdefault((loss.guard, loss.carrier, loss.fate), []).append(loss)
    stopped = tuple(
        Problem(
            path=name,
            got=f"a preview that stopped: {error}",
            allowed="a complete preview",
            fix="remove what stopped it",
        )
        for error in preview.errors
    )
    given = ", ".join(sorted(allowed)) or "nothing"
    return stopped + tuple(
        Problem(
            path=f"{name}: {guard}",
            got=f"{carrier.value} {fate.value}: {', '.join(_name(loss) for loss in losses)}",
            allowed=f"only for what guards.allow names, which is {given}",
            fix=f"add {guard} to guards.allow if it is meant, or take the change back",
        )
        for (guard, carrier, fate), losses in found.items()
    )


def _lost(operation: Operation, gone: Collection[str]) -> Iterator[Loss]:
    fate = _FATES.get(operation.op)
    what = carried(operation.type, operation.name)
    if fate is None or what is None or _is_renewal(operation):
        return
    is_trust = what.type == "tls:" or not operation.cluster
    if is_trust and fate is Fate.DESTROYED and operation.cluster not in gone:
        # Another generation takes its place, under another name.
        fate = Fate.REPLACED if operation.cluster else fate
    is_own = bool(operation.cluster) and (not is_trust or operation.cluster in gone)
    yield Loss(
        carrier=what.carrier,
        what=what.what,
        cluster=operation.cluster,
        guard=operation.cluster if is_own else TRUST,
        fate=fate,
        why=operation.reasons,
    )


def _name(loss: Loss) -> str:
    where = f" of {loss.cluster}" if loss.guard != loss.cluster and loss.cluster else ""
    because = f" because of {', '.join(loss.why)}" if loss.why else ""
    return f"{loss.what}{where}{because}"


def _is_renewal(operation: Operation) -> bool:
    return operation.op is Op.REPLACE and set(operation.reasons) == {_RENEWAL}
