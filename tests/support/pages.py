"""Pages of environments, and what stands in them."""

import copy
import json
import re
from pathlib import Path
from typing import Any

from meshtier.page.shared import NAME
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.stack_file import read_document
from meshtier.spec.environment import EnvironmentSpec, Level
from meshtier.spec.load import load

from tests.support.environments import cluster, environment, member

STACKS = Path(__file__).parents[2] / "stacks"


def two_hundred() -> EnvironmentSpec:
    """Return a master, seven seeds, and 192 user clusters on five networks, some outside."""
    clusters = [cluster("hq", Level.MASTER)]
    for seed in range(7):
        clusters.append(cluster(f"seed-{seed}", Level.SEED, "hq"))
        for at in range(28 if seed < 6 else 24):
            # A network of every seed's own, but one that lies across two.
            network = f"network-{min(seed, 4)}" if at % 14 else None
            settings = member(network, gateway=at % 7 == 1) if network else None
            clusters.append(
                cluster(f"s{seed}-orders-{at:02d}", Level.USER, f"seed-{seed}", settings)
            )
    return environment(*clusters)


def two_hundred_on_clouds() -> EnvironmentSpec:
    """Return production grown to 201 clusters, each in the VPC of its seed."""
    document: dict[str, Any] = copy.deepcopy({**read_document(STACKS, "production")})
    kinds = [copy.deepcopy(document["seeds"][name]) for name in ("eu", "us")]
    document["seeds"] = {f"seed{at}": _grown(at, kinds[at % 2]) for at in range(8)}
    document["mesh"]["networks"] = {f"net{at}": {} for at in range(8)}
    return load(document, name="large")


def _grown(seed: int, kind: dict[str, Any]) -> dict[str, Any]:
    on_aws = "aws" in kind["cloud"]
    cloud = {"aws" if on_aws else "gcp": {"network": {"sharedWith": f"seed{seed}"}}}
    own = {"nodes": f"10.{100 + seed}.0.0/16", "services": "10.250.0.0/20"}
    if not on_aws:
        own = {"nodes": f"10.{seed}.0.0/20", "pods": f"10.{20 + seed}.0.0/17"}
        own |= {"services": f"10.{40 + seed}.0.0/20"}
    below = {
        f"s{seed}-cluster-{at:02d}": {"cloud": cloud, "addresses": _ranges(seed, at, on_aws)}
        for at in range(24)
    }
    defaults = {"mesh": {"network": f"net{seed}"}}
    return {**copy.deepcopy(kind), "addresses": own, "defaults": defaults, "userClusters": below}


def _ranges(seed: int, at: int, on_aws: bool) -> dict[str, Any]:
    services = f"10.{(240 if on_aws else 80) - seed}.{at * 8}.0/21"
    if on_aws:
        return {"services": services}
    nodes, pods = f"10.{seed}.{16 + at * 8}.0/22", f"10.{60 + seed}.{at * 8}.0/21"
    # One way out for all of a seed's: EKS lets in forty ranges.
    egress = [f"203.0.113.{seed}/32"]
    return {"nodes": nodes, "pods": pods, "services": services, "egress": egress}


def planned(spec: EnvironmentSpec) -> EnvironmentPlan:
    """Return the plan of an environment."""
    return plan_environment(spec)


def data(page: str) -> dict[str, Any]:
    """Return the plain data inside a page."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def restored(entries: list[Any], position: int, name: str) -> Any:
    """Put a value together again from shared entries, as the page's scripts do."""
    entry = entries[position]

    def inside(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(NAME, name)
        if isinstance(value, list):
            return value[0]
        return restored(entries, value, name) if isinstance(value, int) else value

    if isinstance(entry, dict):
        return {key.replace(NAME, name): inside(value) for key, value in entry.items()}
    return [inside(value) for value in entry]
