"""Where Helm finds each chart: a directory, an `oci://` registry, a Helm repository or ours."""

import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from ..spec.model import IstioSpec

OWN_CRD_CHART: Final = "meshtier:charts/istio-crds"
"""Stands in a plan for the chart this package carries: where it lies differs by machine."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartSource:
    """What a release says about its chart."""

    chart: str
    repository: str | None
    version: str | None


def upstream_chart(name: str, istio: IstioSpec) -> ChartSource:
    """Return where Istio's chart `name` (base, istiod, gateway) comes from."""
    location = istio.charts.rstrip("/")
    if location.startswith(("https://", "http://")):
        return ChartSource(chart=name, repository=location, version=istio.version)
    if location.startswith("oci://"):
        return ChartSource(chart=f"{location}/{name}", repository=None, version=istio.version)
    return ChartSource(chart=f"{location}/{name}", repository=None, version=None)


def chart_location(chart: str, directory: Path) -> str:
    """Return what Helm is told for a planned `chart` when it runs in `directory`.

    Only our own chart is late. Below `directory` it is named relative to it, so that the state
    is the same on every machine that keeps the package inside the project.
    """
    if chart != OWN_CRD_CHART:
        return chart
    root = resources.files("meshtier").joinpath("charts", "istio-crds")
    path = Path(str(root)).resolve()
    base = directory.resolve()
    if path.is_relative_to(base):
        return f".{os.sep}{path.relative_to(base)}"
    return str(path)
