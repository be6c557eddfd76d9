"""How long a plan takes: from a document to everything that will exist, without an engine."""

import json
import subprocess
import sys
from statistics import median
from typing import Any, Final

import yaml

from ..toolchain import CHECKOUT
from .table import Row, at_most

Document = dict[str, Any]

RUNS: Final = 5
LIMIT: Final = 2
CLOUDS: Final = ("gcp", "aws")
_SEEDS: Final = 9
_USERS: Final = 10
_STACK_FILE: Final = CHECKOUT / "stacks" / "Pulumi.production.yaml"
_CHILD: Final = """
import json, sys, time
from meshtier.plan.environment import plan_environment
from meshtier.plan.inventory import planned_resources
from meshtier.spec.load import load
document = json.load(sys.stdin)
cpu, wall = time.process_time(), time.perf_counter()
plan = plan_environment(load(document, name="bench"))
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
counts = {"clusters": len(plan.clusters), "resources": len(planned_resources(plan))}
json.dump({"cpu": cpu, "wall": wall, **counts}, sys.stdout)
"""


def rows() -> list[Row]:
    """CPU seconds of rules and plan for the shipped production, and for a hundred clusters."""
    return [_row(production(), None), _row(hundred(), LIMIT)]


def production() -> Document:
    """The shipped document."""
    return yaml.safe_load(_STACK_FILE.read_text())["config"]["meshtier:environment"]


def hundred() -> Document:
    """A hundred clusters with the shipped settings; every second seed's are on AWS."""
    return _document(CLOUDS, seeds=_SEEDS, users=_USERS)


def alone_on(cloud: str) -> Document:
    """A master, a seed and two user clusters, all on one cloud."""
    asked = _document((cloud,), seeds=1, users=2)
    asked["master"]["cloud"] = {cloud: asked["master"]["defaults"]["cloud"][cloud]}
    asked["master"]["addresses"] = _addresses(0, cloud)
    return asked


def _document(clouds: tuple[str, ...], *, seeds: int, users: int) -> Document:
    asked = production()
    asked["master"]["addresses"] = _addresses(0, "gcp")
    asked["mesh"]["networks"] = {f"network-{number}": {} for number in range(seeds)}
    asked["seeds"] = {
        f"seed-{number}": _seed(number, clouds[number % len(clouds)], users)
        for number in range(seeds)
    }
    return asked


def _seed(number: int, cloud: str, users: int) -> Document:
    name = f"seed-{number}"
    first = 1 + number * (users + 1)
    # Clusters of one mesh network reach each other: they share the seed's VPC.
    shared = {cloud: {"network": {"sharedWith": name}}}
    # One way out for all of them: EKS lets in forty ranges.
    egress = {"egress": [f"203.0.113.{number}/32"]} if cloud == "gcp" else {}
    return {
        "cloud": {cloud: {}},
        "addresses": _addresses(first, cloud),
        "defaults": {"mesh": {"network": f"network-{number}"}},
        "userClusters": {
            f"{name}-user-{user}": {
                "cloud": shared,
                "addresses": {**_addresses(first + user, cloud, shares=True), **egress},
            }
            for user in range(1, users + 1)
        },
    }


def _addresses(at: int, cloud: str, *, shares: bool = False) -> dict[str, str]:
    """Ranges of the cluster at a position, none of which meets another's."""
    services = f"172.{16 + at // 16}.{at % 16 * 16}.0/20"
    if cloud == "gcp":
        return {"nodes": f"10.{at}.0.0/20", "pods": f"10.{at}.128.0/17", "services": services}
    own = {} if shares else {"nodes": f"10.{at}.0.0/16"}
    return {**own, "services": services}


def _row(asked: Document, limit: float | None) -> Row:
    found = [once(_CHILD, asked) for _ in range(RUNS)]
    cpu, wall = (median(one[name] for one in found) for name in ("cpu", "wall"))
    measure = f"plan of {found[0]['clusters']} clusters, {found[0]['resources']} resources"
    shown = f"{cpu:.2f} s CPU, {wall:.2f} s wall"
    if limit is None:
        return Row(measure=measure, value=shown)
    return at_most(measure, cpu, limit, shown, " s")


def once(code: str, asked: Document | None = None) -> dict[str, Any]:
    """Run code in a Python of its own, a document on its input, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)
