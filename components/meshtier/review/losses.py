"""What carries traffic and is replaced or destroyed, read from the changes between two plans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .facts import INTERMEDIATE, ROOT
from .leaves import is_below
from .model import Carrier, Change, Fate, Key, Loss, Section

TRUST: Final = "trust"
"""Name in `guards.allow` for the chain of trust."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    carrier: Carrier
    what: str
    replacing: tuple[str, ...] | None = ()
    """Aspects whose change makes a new one; None when any does."""


_RULES: Final = {
    (Section.CLUSTERS, "cluster"): _Rule(carrier=Carrier.PROVIDER, what="Kubernetes provider"),
    (Section.ISTIO, "release istiod"): _Rule(carrier=Carrier.CONTROL_PLANE, what="istiod"),
    (Section.GATEWAYS, "gateway"): _Rule(
        carrier=Carrier.GATEWAY,
        what="east-west gateway",
        # The load balancer controllers leave the old one behind and make another.
        replacing=(
            *("type", "loadBalancerClass", "addresses"),
            "annotations.service.beta.kubernetes.io/aws-load-balancer-scheme",
            "annotations.service.beta.kubernetes.io/aws-load-balancer-type",
            "annotations.networking.gke.io/load-balancer-type",
        ),
    ),
    (Section.TRUST, ROOT): _Rule(carrier=Carrier.CA, what=ROOT, replacing=None),
    (Section.TRUST, INTERMEDIATE): _Rule(carrier=Carrier.CA, what=INTERMEDIATE, replacing=None),
}
"""By section and thing. What follows from a cluster's own cloud resources stands with those."""


def find_losses(changes: Iterable[Change]) -> tuple[Loss, ...]:
    """Return every loss, in the order of the changes."""
    return tuple(_losses(changes))


def _losses(changes: Iterable[Change]) -> Iterator[Loss]:
    for change in changes:
        rule = _RULES.get((change.key.section, change.key.what))
        if rule is None or change.before is None:
            continue
        if change.after is None:
            yield _loss(rule, change.key, Fate.DESTROYED, ())
            continue
        why = _replacing(rule, change)
        if why:
            yield _loss(rule, change.key, Fate.REPLACED, why)


def _replacing(rule: _Rule, change: Change) -> tuple[str, ...]:
    before, after = change.before or {}, change.after or {}
    aspects = {**before, **after}
    if rule.replacing is None:
        return tuple(aspects)
    return tuple(aspect for aspect in aspects if is_below(aspect, rule.replacing))


def _loss(rule: _Rule, key: Key, fate: Fate, why: tuple[str, ...]) -> Loss:
    # A member that leaves takes its own certificate along; anything else is about all of trust.
    is_trust = key.section is Section.TRUST and (fate is Fate.REPLACED or not key.name)
    return Loss(
        carrier=rule.carrier,
        what=rule.what,
        cluster=key.name,
        guard=TRUST if is_trust else key.name,
        fate=fate,
        why=why,
    )
