"""Where each chart comes from, and that a plan is the same on every machine."""

from pathlib import Path

import pytest
from meshtier.plan import charts
from meshtier.plan.charts import ChartSource, chart_location, upstream_chart
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import MeshPlan
from meshtier.spec.model import IstioSpec

from tests.support.environments import three_levels

PACKAGE = Path(charts.__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (
            "https://mirror.example/charts/",
            ChartSource(
                chart="istiod", repository="https://mirror.example/charts", version="1.31.1"
            ),
        ),
        (
            "oci://registry.example/charts",
            ChartSource(
                chart="oci://registry.example/charts/istiod", repository=None, version="1.31.1"
            ),
        ),
        (
            "vendor/charts",
            ChartSource(chart="vendor/charts/istiod", repository=None, version=None),
        ),
    ],
)
def test_a_source_is_a_repository_a_registry_or_a_directory(
    location: str, expected: ChartSource
) -> None:
    assert upstream_chart("istiod", IstioSpec(version="1.31.1", charts=location)) == expected


def test_our_own_chart_is_named_from_the_project_when_it_lies_in_it() -> None:
    found = chart_location(charts.OWN_CRD_CHART, PACKAGE.parent)
    assert found == "./meshtier/charts/istio-crds"
    assert (PACKAGE.parent / found / "Chart.yaml").is_file()


def test_our_own_chart_is_found_from_anywhere(tmp_path: Path) -> None:
    found = Path(chart_location(charts.OWN_CRD_CHART, tmp_path))
    assert found.is_absolute()
    assert (found / "Chart.yaml").is_file()


def test_any_other_chart_is_left_as_it_is(tmp_path: Path) -> None:
    assert chart_location("vendor/charts/istiod", tmp_path) == "vendor/charts/istiod"


def test_no_plan_holds_a_path_of_this_machine() -> None:
    plan = plan_environment(three_levels()).mesh
    assert isinstance(plan, MeshPlan)
    assert str(PACKAGE.parent) not in repr(plan)
    assert [member.crds.chart for member in plan.members] == [charts.OWN_CRD_CHART] * 3
