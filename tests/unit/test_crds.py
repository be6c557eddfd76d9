"""The chart `istio-crds` holds what the pinned Istio defines, and the plan knows their names."""

from pathlib import Path

import pytest
import yaml
from meshtier.plan.istio_crds import ISTIO_CRDS

from lab import crds
from lab.errors import LabError


@pytest.fixture(scope="module")
def pinned() -> Path:
    """The definitions of the Istio that the lab builds."""
    try:
        return crds.pinned()
    except LabError as error:
        pytest.skip(str(error))


def test_the_chart_holds_the_pinned_definitions_unchanged(pinned: Path) -> None:
    assert not crds.differs(pinned), "run `python -m lab.crds` and commit the result"


def test_a_changed_copy_is_noticed(pinned: Path, tmp_path: Path) -> None:
    changed = tmp_path / "crds.yaml"
    changed.write_bytes(pinned.read_bytes() + b"\n")
    assert crds.differs(pinned, changed)
    assert crds.differs(pinned, tmp_path / "missing.yaml")


def test_the_plan_names_every_definition_of_the_chart() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with crds.COPY.open(encoding="utf-8") as file:
        definitions = list(yaml.load_all(file, Loader=loader))
    assert {each["kind"] for each in definitions} == {"CustomResourceDefinition"}
    assert tuple(sorted(each["metadata"]["name"] for each in definitions)) == ISTIO_CRDS


def test_the_chart_shows_whose_work_it_holds() -> None:
    chart = crds.COPY.parent.parent
    assert "Apache License" in (chart / "LICENSE").read_text(encoding="utf-8")
    assert "Istio" in (chart / "NOTICE").read_text(encoding="utf-8")
