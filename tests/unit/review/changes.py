"""Changes of the environments in this repository, as a pull request would make them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.stack_file import read_document
from meshtier.review.sources import Side
from meshtier.spec.load import load

from tests.support.changing import MISSING, with_values

STACKS = Path(__file__).parents[3] / "stacks"

Document = dict[str, Any]

SHOP = "seeds/eu/userClusters/eu-shop"
PAY = "seeds/eu/userClusters/eu-pay"
AP: Document = {
    "cloud": {
        "existing": {
            "kubeconfig": "ap-shop.kubeconfig",
            "apiServerForPeers": "https://192.0.2.20:6443",
        }
    },
    "addresses": {"pods": "10.38.0.0/24", "services": "10.39.0.0/24"},
    "mesh": {"network": "ap"},
}

LOCAL: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "cluster-added": {
        "mesh/networks/ap": {},
        "seeds/us/userClusters/ap-shop": AP,
    },
    "cluster-removed": {PAY: MISSING, "guards/allow": ["eu-pay"]},
    "network-split": {"mesh/networks/pay": {}, f"{PAY}/mesh": {"network": "pay"}},
    "gateway-off": {f"{SHOP}/mesh": {"gateway": {"enabled": False}}},
    "trust-raised": {"mesh/trust": {"intermediateGeneration": 2}},
    "more-replicas": {"master/defaults/mesh/gateway/replicas": 2},
}
"""Changes of the local environment by name: values set by path."""


@cache
def _document(stack: str) -> Mapping[str, object]:
    return read_document(STACKS, stack)


def changed(changes: Mapping[str, Any], stack: str = "local") -> Document:
    """Return a stack's document with values set by path."""
    return with_values(_document(stack), changes)


def planned(changes: Mapping[str, Any], stack: str = "local") -> EnvironmentPlan:
    """Return the plan of a changed document."""
    return plan_environment(load(changed(changes, stack), name=stack))


def side(changes: Mapping[str, Any], label: str, stack: str = "local") -> Side:
    """Return a changed document as one side of a review."""
    spec = load(changed(changes, stack), name=stack)
    allowed = frozenset(spec.guards.allow)
    return Side(label=label, plan=plan_environment(spec), allowed=allowed)
