"""The page in a real browser: pan, zoom, search."""

import pytest
from meshtier.plan.model import EnvironmentPlan

from tests.browser.conftest import Show
from tests.support.topology import box, camera, card, click, names, text

pytestmark = pytest.mark.browser


def test_the_wheel_zooms_about_the_pointer(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    start, before = camera(page)[2], box(page, card(page, "us-shop"))
    page.mouse("mouseWheel", before["x"], before["y"], deltaX=0, deltaY=-300)
    page.until(f"view.getCTM().a > {start * 1.3}")
    after = box(page, card(page, "us-shop"))
    assert after["x"] == pytest.approx(before["x"], abs=1)
    assert after["y"] == pytest.approx(before["y"], abs=1)


def test_buttons_and_keys_zoom_and_show_everything_again(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    fitted = camera(page)
    click(page, "#nearer")
    near = camera(page)[2]
    assert near == pytest.approx(fitted[2] * 1.3, rel=1e-3)
    click(page, "#farther")
    assert camera(page)[2] == pytest.approx(fitted[2], rel=1e-3)
    page.press("+")
    assert camera(page)[2] == pytest.approx(near, rel=1e-3)
    page.press("-")
    page.press("-")
    assert camera(page)[2] == pytest.approx(fitted[2] / 1.3, rel=1e-3)
    page.press("0")
    assert camera(page) == pytest.approx(fitted, rel=1e-3)
    click(page, "#nearer")
    click(page, "#fit")
    assert camera(page) == pytest.approx(fitted, rel=1e-3)


def test_a_drag_moves_the_picture_and_chooses_nothing(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    click(page, card(page, "hq"))
    before, start = camera(page), box(page, card(page, "eu"))
    page.drag((start["x"], start["y"]), (start["x"] + 120, start["y"] + 45))
    after = camera(page)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((120, 45), abs=0.1)
    assert after[2] == before[2]
    assert not page.run("panel.hidden"), "a drag is no click beside the clusters"
    assert text(page, "#who") == "hq", "nor on one"


def test_two_fingers_zoom(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    page.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    before = camera(page)[2]
    page.touch("touchStart", (600, 400), (700, 400))
    for apart in (60, 70, 80):
        page.touch("touchMove", (650 - apart, 400), (650 + apart, 400))
    page.touch("touchEnd")
    page.call("Emulation.setTouchEmulationEnabled", enabled=False)
    assert camera(page)[2] == pytest.approx(before * 160 / 100, rel=0.1)


def test_motion_is_only_for_those_who_want_it(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    page.run("choose(0, { centred: true })")
    there = camera(page)
    page.run("fit()")
    page.prefer(prefers_reduced_motion="no-preference")
    page.run("choose(0, { centred: true })")
    assert camera(page) != pytest.approx(there), "it glides"
    page.until(f"Math.abs(view.getCTM().e - {there[0]}) < 0.1")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pay", {"eu-pay", "us-pay"}),
        ("AWS", {"us", "us-pay", "us-shop"}),
        ("gcp user", {"eu-pay", "eu-shop"}),
        ("europe-west3 seed", {"eu"}),
        ("aws-us", {"us-pay", "us-shop"}),
        ("nowhere", set()),
    ],
)
def test_words_find_clusters(
    show: Show, production: EnvironmentPlan, words: str, expected: set[str]
) -> None:
    page = show(production)
    page.press("/")
    page.write(words)
    assert names(page, ".cluster.hit") == expected
    assert text(page, "#found") == f"{len(expected)} of 7"
    page.press("Escape")
    assert names(page, ".cluster.hit") == set()
    assert text(page, "#found") == ""


def test_enter_goes_from_hit_to_hit_and_back(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    page.press("/")
    page.write("aws")
    page.press("Enter")
    first = text(page, "#who")
    at, free = box(page, card(page, first)), page.run("free()")
    assert at["x"] == pytest.approx(free["x"], abs=2)
    assert at["y"] == pytest.approx(free["y"] + box(page, "main")["top"], abs=2)
    assert text(page, "#found") == "1 of 3"
    page.press("Enter")
    second = text(page, "#who")
    assert (first, second) == ("us", "us-pay")
    page.press("Enter", modifiers=8)
    assert text(page, "#who") == first


def test_a_network_of_the_legend_finds_its_clusters(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    click(page, "[data-search='gcp-eu']")
    assert names(page, ".cluster.hit") == {"eu-pay", "eu-shop"}
    click(page, "[data-search='gcp-eu']")
    assert names(page, ".cluster.hit") == set()
