"""Two plans of one environment, compared: what a reviewer has to know before Pulumi speaks."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from ..plan.model import EnvironmentPlan
from .costs import compare_costs
from .facts import facts_of
from .leaves import every_leaf, masked
from .losses import find_losses
from .model import CallChange, Change, Comparison, Facts, Key, Kind, Section
from .paths import Pair, Route, Way, predict
from .prices import PRICES, Price

_IMPLIED: Final = (Section.RELEASES, Section.OBJECTS)
"""Sections whose things come and go with a member, which is said of the member already."""
_NO_CLUSTER: Final = Route(way=Way.IMPOSSIBLE, reason="there is no such cluster")


def compare(
    base: EnvironmentPlan | None,
    head: EnvironmentPlan | None,
    prices: Mapping[str, Price] = PRICES,
) -> Comparison:
    """Return what differs from `base` to `head`; None is an environment that does not exist.

    `prices` are monthly list prices by the name of what is counted.
    """
    changes = _changes(_facts(base), _facts(head)) or _rest(base, head)
    clusters = {**_clusters(base), **_clusters(head)}
    whole = {
        change.key.name
        for change in changes
        if change.key.section is Section.CLUSTERS and change.kind is not Kind.CHANGED
    }
    return Comparison(
        environment=_name(base, head),
        is_new=base is None and head is not None,
        is_removed=base is not None and head is None,
        changes=tuple(change for change in changes if not _is_implied(change, whole, clusters)),
        calls=_calls(_routes(base), _routes(head)),
        costs=compare_costs(base, head, prices),
        losses=find_losses(changes, clusters),
    )


def _name(base: EnvironmentPlan | None, head: EnvironmentPlan | None) -> str:
    either = head or base
    return either.name if either else ""


def _facts(plan: EnvironmentPlan | None) -> Mapping[Key, Facts]:
    return {} if plan is None else facts_of(plan)


def _clusters(plan: EnvironmentPlan | None) -> Mapping[str, str]:
    """Return the cluster of each of the clouds' resources that belongs to one."""
    if plan is None:
        return {}
    parents = {cluster.component_name: cluster.name for cluster in plan.clusters}
    return {
        resource.name: parents[resource.parent]
        for resource in plan.cloud
        if resource.parent in parents
    }


def _routes(plan: EnvironmentPlan | None) -> Mapping[Pair, Route]:
    return {} if plan is None else predict(plan)


def _changes(base: Mapping[Key, Facts], head: Mapping[Key, Facts]) -> list[Change]:
    order = list(Section)
    keys = sorted({*base, *head}, key=lambda key: (order.index(key.section), key.what, key.name))
    return [
        _change(key, base.get(key), head.get(key)) for key in keys if base.get(key) != head.get(key)
    ]


def _rest(base: EnvironmentPlan | None, head: EnvironmentPlan | None) -> list[Change]:
    """Return what differs between plans though no fact does: what no section has a word for."""
    if base is None or head is None:
        return []
    one, other = (replace(plan, warnings=(), quotas=()) for plan in (base, head))
    if one == other:
        return []
    return [_change(Key(Section.OBJECTS, "plan", ""), every_leaf(one), every_leaf(other))]


def _change(key: Key, before: Facts | None, after: Facts | None) -> Change:
    if before is None or after is None:
        return Change(key=key, before=_masked(before), after=_masked(after))
    differing = [
        aspect
        for aspect in dict.fromkeys((*before, *after))
        if before.get(aspect) != after.get(aspect)
    ]
    was, is_ = (
        {aspect: facts[aspect] for aspect in differing if aspect in facts}
        for facts in (before, after)
    )
    return Change(key=key, before=_masked(was), after=_masked(is_))


def _masked(facts: Facts | None) -> Facts | None:
    # Only now: two secrets that differ are a change, though neither is shown.
    return facts and {aspect: masked(aspect, text) for aspect, text in facts.items()}


def _is_implied(change: Change, whole: Collection[str], clusters: Mapping[str, str]) -> bool:
    """Return whether a thing came or went with its member, or with its whole cluster."""
    if change.kind is Kind.CHANGED:
        return False
    if change.key.section is Section.CLOUD:
        return clusters.get(change.key.name) in whole
    return change.key.section in _IMPLIED


def _calls(base: Mapping[Pair, Route], head: Mapping[Pair, Route]) -> tuple[CallChange, ...]:
    found = (
        CallChange(pair=pair, before=base.get(pair, _NO_CLUSTER), after=head.get(pair, _NO_CLUSTER))
        for pair in sorted({*base, *head})
        if pair[0] != pair[1] and base.get(pair) != head.get(pair)
    )
    # From one obstacle to another is no news to a caller.
    return tuple(change for change in found if change.effect is not None)
