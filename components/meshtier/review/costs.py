"""What an environment costs, counted: in money where a list price is known, in load elsewhere."""

from collections.abc import Callable, Mapping
from typing import Final

from ..plan.model import EnvironmentPlan, MemberPlan
from ..spec.model import RootMode
from .model import Cost
from .prices import CONTROL_PLANES, Price

LOAD_BALANCERS: Final = "load balancers"
_EIP: Final = "aws:ec2/eip:Eip"
_ADDRESS: Final = "gcp:compute/address:Address"


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


def _of_types(*types: str) -> Callable[[EnvironmentPlan], int]:
    return lambda plan: sum(resource.type in types for resource in plan.cloud)


def _public_addresses(plan: EnvironmentPlan) -> int:
    return sum(
        resource.type == _EIP
        or (resource.type == _ADDRESS and resource.args.get("address_type") != "INTERNAL")
        for resource in plan.cloud
    )


def _nodes(paths: Mapping[str, tuple[str, str]]) -> Callable[[EnvironmentPlan], int]:
    def count(plan: EnvironmentPlan) -> int:
        found = ((resource.args, paths.get(resource.type)) for resource in plan.cloud)
        return sum(int(args[path[0]][path[1]]) for args, path in found if path)

    return count


COUNTS: Final[Mapping[str, Callable[[EnvironmentPlan], int]]] = {
    LOAD_BALANCERS: _load_balancers,
    "gateway replicas": _gateway_replicas,
    "watches of one cluster by another": _watches,
    "certificates kept in the state": _certificates,
    CONTROL_PLANES: _of_types("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster"),
    "nodes at least": _nodes(
        {
            "aws:eks/nodeGroup:NodeGroup": ("scaling_config", "min_size"),
            "gcp:container/nodePool:NodePool": ("autoscaling", "total_min_node_count"),
        }
    ),
    "nodes at most": _nodes(
        {
            "aws:eks/nodeGroup:NodeGroup": ("scaling_config", "max_size"),
            "gcp:container/nodePool:NodePool": ("autoscaling", "total_max_node_count"),
        }
    ),
    "NAT gateways": _of_types("aws:ec2/natGateway:NatGateway", "gcp:compute/routerNat:RouterNat"),
    "public addresses": _public_addresses,
}
