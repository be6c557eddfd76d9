"""What carries traffic and is replaced or destroyed, read from the changes between two plans."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .carriers import TRUST, carried
from .facts import INTERMEDIATE, PROTECTED, ROOT
from .leaves import is_below
from .model import Carrier, Change, Facts, Fate, Key, Loss, Section
from .replacing import forcing


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    carrier: Carrier
    what: str
    replacing: tuple[str, ...] | None = ()
    """Aspects whose change makes a new one; None when any does."""


_RULES: Final = {
    (Section.CLUSTERS, "cluster"): _Rule(carrier=Carrier.PROVIDER, what="Kubernetes provider"),
    (Section.RELEASES, "release istiod"): _Rule(carrier=Carrier.CONTROL_PLANE, what="istiod"),
    (Section.GATEWAYS, "gateway"): _Rule(
        carrier=Carrier.GATEWAY,
        what="east-west gateway",
        # The load balancer controllers leave the old one behind and make another.
        replacing=(
            *("type", "loadBalancerClass"),
            "annotations.service.beta.kubernetes.io/aws-load-balancer-scheme",
            "annotations.service.beta.kubernetes.io/aws-load-balancer-type",
            "annotations.networking.gke.io/load-balancer-type",
        ),
    ),
    (Section.TRUST, ROOT): _Rule(carrier=Carrier.CA, what=ROOT, replacing=None),
    (Section.TRUST, INTERMEDIATE): _Rule(carrier=Carrier.CA, what=INTERMEDIATE, replacing=None),
}
"""By section and thing. What follows from a cluster's own cloud resources stands with those."""


def find_losses(changes: Iterable[Change], clusters: Mapping[str, str]) -> tuple[Loss, ...]:
    """Return every loss, in the order of the changes.

    `clusters` tells the cluster of each of the clouds' resources by logical name.
    """
    return tuple(loss for change in changes for loss in _losses(change, clusters))


def _losses(change: Change, clusters: Mapping[str, str]) -> Iterator[Loss]:
    key, before, after = change.key, change.before, change.after
    rule = _rule(key)
    if rule is None or before is None:
        return
    is_cloud = key.section is Section.CLOUD
    cluster = clusters.get(key.name, "") if is_cloud else key.name
    why: tuple[str, ...] = ()
    if after is not None:
        why = forcing(key.what, before, after) if is_cloud else _replacing(rule, before, after)
        if not why:
            return
    fate = Fate.DESTROYED if after is None else Fate.REPLACED
    # A member that leaves takes its own certificate along; anything else is about all of trust.
    is_trust = key.section is Section.TRUST and (fate is Fate.REPLACED or not key.name)
    yield Loss(
        carrier=rule.carrier,
        what=rule.what,
        cluster=cluster,
        guard=TRUST if is_trust else cluster,
        fate=fate,
        why=why,
    )


def _rule(key: Key) -> _Rule | None:
    if key.section is not Section.CLOUD:
        return _RULES.get((key.section, key.what))
    found = carried(key.what, key.name)
    return found and _Rule(carrier=found.carrier, what=found.what)


def _replacing(rule: _Rule, before: Facts, after: Facts) -> tuple[str, ...]:
    aspects = {**before, **after}
    if rule.replacing is None:
        return tuple(aspect for aspect in aspects if aspect != PROTECTED)
    return tuple(aspect for aspect in aspects if is_below(aspect, rule.replacing))
