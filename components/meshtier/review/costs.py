"""What an environment costs, counted: in money where a list price is known, in load elsewhere."""

from collections.abc import Callable, Mapping
from typing import Final

from ..plan.model import EnvironmentPlan, MemberPlan
from ..spec.model import RootMode
from .model import Cost
from .prices import Price

LOAD_BALANCERS: Final = "load balancers"


def compare_costs(
    base: EnvironmentPlan | None, head: EnvironmentPlan | None, prices: Mapping[str, Price]
) -> tuple[Cost, ...]:
    """Return every count that differs."""
    before, after = counts(base), counts(head)
    return tuple(
        _cost(name, before[name], after[name], prices.get(name))
        for name in after
        if before[name] != after[name]
    )


def counts(plan: EnvironmentPlan | None) -> dict[str, int]:
    """Return everything that is counted, by name; all zero without a plan."""
    return {name: 0 if plan is None else count(plan) for name, count in COUNTS.items()}


def _cost(name: str, before: int, after: int, price: Price | None) -> Cost:
    if price is None:
        return Cost(name=name, before=before, after=after)
    monthly = (after - before) * price.monthly
    return Cost(name=name, before=before, after=after, monthly=monthly, source=price.source)


def _members(plan: EnvironmentPlan) -> tuple[MemberPlan, ...]:
    return plan.mesh.members if plan.mesh else ()


def _load_balancers(plan: EnvironmentPlan) -> int:
    return sum(member.gateway is not None for member in _members(plan))


def _gateway_replicas(plan: EnvironmentPlan) -> int:
    return sum(member.gateway.replicas for member in _members(plan) if member.gateway)


def _watches(plan: EnvironmentPlan) -> int:
    return sum(len(member.peers) for member in _members(plan))


def _certificates(plan: EnvironmentPlan) -> int:
    if plan.mesh is None or plan.mesh.trust.mode is RootMode.PROVIDED:
        return 0
    return 1 + len(plan.mesh.trust.intermediates)


COUNTS: Final[Mapping[str, Callable[[EnvironmentPlan], int]]] = {
    LOAD_BALANCERS: _load_balancers,
    "gateway replicas": _gateway_replicas,
    "watches of one cluster by another": _watches,
    "certificates kept in the state": _certificates,
}
