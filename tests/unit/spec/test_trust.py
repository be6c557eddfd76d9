"""Trust: which documents ask for a new root."""

import pytest

from tests.unit.spec.documents import warnings


@pytest.mark.parametrize(
    "trust",
    [
        {"rootGeneration": 1, "intermediateGeneration": 3},
        {"root": "provided", "rootGeneration": 2},
    ],
)
def test_only_a_root_made_here_after_the_first_is_warned_of(trust: dict[str, object]):
    assert warnings({"mesh/trust": trust}) == []
