"""How several workers share out the tests."""

import pytest

from lab.toolchain import CHECKOUT
from tests.support.lots import PLATFORMS, lot


@pytest.mark.parametrize("start", PLATFORMS)
def test_a_platform_has_tests(start: str) -> None:
    folder, _, name = start.rpartition("/")
    assert list((CHECKOUT / folder).glob(f"{name}*.py"))


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("tests/engine/test_clouds_staging.py::test_a", "clouds"),
        ("tests/engine/test_names.py::test_a", "engine"),
        ("tests/mesh/test_local.py::test_a[x::y]", "mesh"),
        ("tests/unit/test_crds.py::test_a", "tests/unit/test_crds.py"),
    ],
)
def test_a_lot_is_a_platform_or_a_file(test: str, wanted: str) -> None:
    assert lot(test) == wanted
