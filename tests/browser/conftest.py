"""One browser for all tests of the page, and a tab for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from meshtier.page import write
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.stack_file import read_document
from meshtier.spec.load import load

from lab.toolchain import ToolchainError, ensure
from tests.support.browser import Browser, Page, browser, new_page

STACKS = Path(__file__).parents[2] / "stacks"
SIZE = (1280, 800)

Show = Callable[[EnvironmentPlan], Page]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser; without one the tests are skipped, and say why."""
    try:
        program = ensure(["chromium"]).path("chromium")
    except ToolchainError as error:
        pytest.skip(f"no browser can be had: {error}")
    with browser(program, tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def tab(running: Browser) -> Iterator[Page]:
    """An empty tab, without motion, of a laptop's size."""
    page = new_page(running)
    page.resize(*SIZE)
    page.prefer(prefers_reduced_motion="reduce", prefers_color_scheme="light")
    yield page
    page.close()


@pytest.fixture
def show(tab: Page, tmp_path: Path) -> Show:
    """Open the page of a plan from a file."""

    def opened(plan: EnvironmentPlan) -> Page:
        path = tmp_path / "page.html"
        path.write_text(write(plan), encoding="utf-8")
        tab.open(path.as_uri())
        return tab

    return opened


@pytest.fixture(scope="session")
def production() -> EnvironmentPlan:
    """The plan of the environment on two clouds that the repository ships."""
    spec = load(read_document(STACKS, "production"), name="production")
    return plan_environment(spec)
