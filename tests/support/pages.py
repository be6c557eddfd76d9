"""Pages of environments, and what stands in them."""

import json
import re
from typing import Any

from meshtier.page.shared import NAME
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.spec.environment import EnvironmentSpec, Level

from tests.support.environments import cluster, environment, member


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
        if isinstance(value, int | float) and not isinstance(value, bool):
            return restored(entries, int(value), name)
        return value

    if isinstance(entry, dict):
        return {key.replace(NAME, name): inside(value) for key, value in entry.items()}
    return [inside(value) for value in entry]
