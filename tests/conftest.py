"""What every test has: golden files under one flag, and nobody's live credentials."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lab import process
from tests.support.lots import Lots, turn

GOLDEN = Path(__file__).parent / "golden"

_LIVE = ("KUBECONFIG", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL", "PULUMI_STACK")
_LIVE_PREFIXES = ("AWS_", "AZURE_", "ARM_", "GOOGLE_", "CLOUDSDK_")


# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes golden files instead of comparing them."""
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files instead of comparing"
    )


def pytest_configure() -> None:
    """Take as long in the background as in front."""
    process.heed_interrupts()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what takes long first, and in each folder last what ends what its tests share."""
    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lots:
    """Share out the tests in lots where there are several workers."""
    return Lots(config, log)


@pytest.fixture(autouse=True, scope="session")
def no_live_credentials() -> None:
    """Take away what would let a test reach somebody's real cluster, cloud or stack."""
    for name in list(os.environ):
        if name in _LIVE or name.startswith(_LIVE_PREFIXES):
            del os.environ[name]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with `tests/golden/<name>`, or write it there with --update-golden."""
    updates = bool(request.config.getoption("--update-golden"))

    def check(name: str, seen: str) -> None:
        path = GOLDEN / name
        if updates:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(seen, encoding="utf-8")
            return
        assert path.is_file(), f"tests/golden/{name} is missing; run pytest --update-golden"
        assert seen == path.read_text(encoding="utf-8"), (
            f"tests/golden/{name} differs; if that is meant, run pytest --update-golden"
        )

    return check
