"""What a preview must not replace or delete unless the document allows it by name."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from ..errors import Problem
from ..plan import names
from ..plan.inventory import KUBERNETES_PROVIDER, MEMBER, RELEASE, TIERS, TLS_PROVIDER
from .engine import Op, Operation, Preview
from .losses import TRUST
from .model import Carrier, Fate, Loss

_FATES: Final = {Op.REPLACE: Fate.REPLACED, Op.DELETE: Fate.DESTROYED}
_RENEWAL: Final = "readyForRenewal"
"""Why a certificate is made anew near its end: the same authority goes on."""
_SERVICE: Final = "kubernetes:core/v1:Service"
_ISTIO_GATEWAY: Final = "kubernetes:networking.istio.io/v1:Gateway"
_SECRET: Final = "kubernetes:core/v1:Secret"
_PARTS: Final = frozenset({MEMBER, *TIERS.values()})
"""Components whose deletion says that a cluster leaves the mesh, or the environment."""


class _Carried(NamedTuple):
    type: str
    """Type token, or its beginning."""
    role: str
    """Part of the logical name behind the cluster's; empty for any."""
    carrier: Carrier
    what: str


_CARRIED: Final = (
    _Carried("aws:eks/cluster:Cluster", "", Carrier.CONTROL_PLANE, "EKS cluster"),
    _Carried("gcp:container/cluster:Cluster", "", Carrier.CONTROL_PLANE, "GKE cluster"),
    _Carried(RELEASE, names.ISTIOD, Carrier.CONTROL_PLANE, "istiod"),
    _Carried(RELEASE, names.ISTIO_CRDS, Carrier.CONTROL_PLANE, "Istio's definitions"),
    _Carried(RELEASE, names.EAST_WEST_GATEWAY, Carrier.GATEWAY, "east-west gateway"),
    _Carried(_SERVICE, names.EAST_WEST_SERVICE, Carrier.GATEWAY, "address of the gateway"),
    _Carried(_ISTIO_GATEWAY, names.CROSS_NETWORK_GATEWAY, Carrier.GATEWAY, "listener"),
    _Carried(_SECRET, names.CACERTS, Carrier.CA, "istiod's certificate authority"),
    _Carried("tls:", names.ROOT_KEY, Carrier.CA, "root key"),
    _Carried("tls:", names.ROOT_CERTIFICATE, Carrier.CA, "root certificate"),
    _Carried("tls:", names.CA_KEY, Carrier.CA, "intermediate key"),
    _Carried("tls:", names.CA_CERTIFICATE, Carrier.CA, "intermediate certificate"),
    _Carried(TLS_PROVIDER, "", Carrier.PROVIDER, "provider of keys and certificates"),
    _Carried(KUBERNETES_PROVIDER, "", Carrier.PROVIDER, "Kubernetes provider"),
)
"""First match wins. A cloud's own provider is not among them: replacing it replaces clusters."""


def lost(preview: Preview) -> tuple[Loss, ...]:
    """Return what carries traffic and is replaced or deleted by the engine."""
    gone = {one.cluster for one in preview.operations if one.op is Op.DELETE and one.type in _PARTS}
    return tuple(loss for operation in preview.operations for loss in _lost(operation, gone))


def refused(preview: Preview, allowed: Collection[str], name: str) -> tuple[Problem, ...]:
    """Return one problem per kind of loss that `allowed` (`guards.allow`) does not name.

    `name` is what errors call the preview.
    """
    found: dict[tuple[str, Carrier, Fate], list[Loss]] = {}
    for loss in lost(preview):
        if loss.guard not in allowed:
            found.setdefault((loss.guard, loss.carrier, loss.fate), []).append(loss)
    given = ", ".join(sorted(allowed)) or "nothing"
    return tuple(
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
    carried = _carried(operation)
    if fate is None or carried is None or _is_renewal(operation):
        return
    is_trust = carried.type == "tls:" or not operation.cluster
    if is_trust and fate is Fate.DESTROYED and operation.cluster not in gone:
        # Another generation takes its place, under another name.
        fate = Fate.REPLACED if operation.cluster else fate
    is_own = bool(operation.cluster) and (not is_trust or operation.cluster in gone)
    yield Loss(
        carrier=carried.carrier,
        what=carried.what,
        cluster=operation.cluster,
        guard=operation.cluster if is_own else TRUST,
        fate=fate,
        why=operation.reasons,
    )


def _name(loss: Loss) -> str:
    where = f" of {loss.cluster}" if loss.guard != loss.cluster and loss.cluster else ""
    because = f" because of {', '.join(loss.why)}" if loss.why else ""
    return f"{loss.what}{where}{because}"


def _carried(operation: Operation) -> _Carried | None:
    matching: Iterable[_Carried] = (
        one for one in _CARRIED if operation.type.startswith(one.type) and _has_role(operation, one)
    )
    return next(iter(matching), None)


def _has_role(operation: Operation, carried: _Carried) -> bool:
    return re.search(rf"{carried.role}(-g\d+)?$", operation.name) is not None


def _is_renewal(operation: Operation) -> bool:
    return operation.op is Op.REPLACE and _RENEWAL in operation.reasons
