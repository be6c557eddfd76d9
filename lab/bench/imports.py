"""What importing the package costs over the SDK modules that it uses anyway."""

import json
import subprocess
import sys
from statistics import median
from typing import Final

from ..toolchain import CHECKOUT
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
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
json.dump({"cpu": cpu, "wall": wall, "modules": sorted(sys.modules)}, sys.stdout)
"""


def rows() -> list[Row]:
    """CPU seconds of the import, for these don't depend on who else is busy; and cloud SDKs."""
    found = [_once() for _ in range(RUNS)]
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


def _once() -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)
