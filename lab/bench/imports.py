"""What importing the package costs over the SDK modules that it uses anyway, and a cloud's own."""

from statistics import median
from typing import Final

from .plans import CLOUDS, alone_on, once
from .table import Row, at_most

RUNS: Final = 5
LIMIT: Final = 0.25
CLOUD_SDKS: Final = ("pulumi_aws", "pulumi_gcp", "pulumi_azure_native")
_CHILD: Final = """
import json, sys, time
import pulumi, pydantic, yaml
import pulumi_kubernetes as k8s
import pulumi_tls
k8s.Provider, k8s.core.v1.Secret, k8s.rbac.v1.ClusterRole, k8s.helm.v3.Release
k8s.apiextensions.CustomResource
pulumi_tls.PrivateKey
cpu, wall = time.process_time(), time.perf_counter()
import meshtier
import meshtier.clouds.existing
import meshtier.clouds.made
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
json.dump({"cpu": cpu, "wall": wall, "modules": sorted(sys.modules)}, sys.stdout)
"""
_ON_A_CLOUD: Final = """
import json, resource, sys, time
import meshtier
from meshtier.clouds.resources import constructor
from meshtier.plan.environment import plan_environment
from meshtier.spec.load import load
plan = plan_environment(load(json.load(sys.stdin), name="bench"))
cpu, wall = time.process_time(), time.perf_counter()
for one in plan.cloud:
    constructor(one.type).__init__
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
json.dump({"cpu": cpu, "wall": wall, "peak": peak, "modules": sorted(sys.modules)}, sys.stdout)
"""


def rows() -> list[Row]:
    """CPU seconds of the import, for these don't depend on who else is busy; and cloud SDKs."""
    found = [once(_CHILD) for _ in range(RUNS)]
    cpu = median(one["cpu"] for one in found)
    wall = median(one["wall"] for one in found)
    clouds = sorted({name for one in found for name in CLOUD_SDKS if name in one["modules"]})
    return [
        at_most(
            "import meshtier over its SDKs", cpu, LIMIT, f"{cpu:.2f} s CPU, {wall:.2f} s wall", " s"
        ),
        Row(
            measure="cloud SDKs imported",
            value=", ".join(clouds) or "none",
            target="none",
            met=not clouds,
        ),
    ]


def cloud_rows() -> list[Row]:
    """What an environment on one cloud imports of that cloud's SDK, and of any other's."""
    return [_cloud_row(cloud) for cloud in CLOUDS]


def _cloud_row(cloud: str) -> Row:
    found = [once(_ON_A_CLOUD, alone_on(cloud)) for _ in range(RUNS)]
    cpu = median(one["cpu"] for one in found)
    sdks = sorted(name for name in CLOUD_SDKS if name in found[0]["modules"])
    shown = f"{', '.join(sdks)}: {cpu:.2f} s CPU, {found[0]['peak'] / 1024:.0f} MiB in all"
    return Row(
        measure=f"cloud SDKs imported, all on {cloud}",
        value=shown,
        target=f"pulumi_{cloud}",
        met=sdks == [f"pulumi_{cloud}"],
    )
