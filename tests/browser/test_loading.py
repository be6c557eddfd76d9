"""The page in a real browser: it loads alone, whatever stands in the plan."""

from dataclasses import replace

import pytest
from meshtier.plan.model import EnvironmentPlan

from tests.browser.conftest import SIZE, Show
from tests.support.browser import Page
from tests.support.environments import three_levels
from tests.support.pages import planned, two_hundred
from tests.support.topology import box, complaints, names, text, unfold

pytestmark = pytest.mark.browser

UNFOLD_EVERYTHING = """
cards.forEach((_, at) => {
  choose(at);
  for (let folds; (folds = document.querySelectorAll("details:not([open])")).length; ) {
    for (const fold of folds) {
      fold.open = true;
      // Comes by itself too, but only later.
      fold.dispatchEvent(new Event("toggle"));
    }
  }
});
"""


def test_it_asks_for_nothing_but_itself_and_complains_of_nothing(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    page.run(UNFOLD_EVERYTHING)
    asked = [one["request"]["url"] for one in page.seen("Network.requestWillBeSent")]
    assert asked == [page.run("location.href")]
    assert complaints(page) == []
    assert page.run("document.querySelectorAll('#values .leaf').length") > 100


def test_the_policy_stops_what_the_page_does_not_bring(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    page.run("document.body.append(Object.assign(document.createElement('script'), "
             "{ textContent: 'globalThis.foreign = true' }))")  # fmt: skip
    page.run("new Image().src = 'http://192.0.2.1/x.png'")
    assert page.run("globalThis.foreign") is None
    said = " ".join(one["entry"]["text"] for one in page.seen("Log.entryAdded"))
    assert "Content Security Policy" in said
    assert [one for one in page.seen("Network.responseReceived") if "192.0.2.1" in str(one)] == []


@pytest.mark.parametrize("clusters", ["few", "many"])
def test_everything_is_in_sight_at_first_and_in_a_window_of_another_size(
    show: Show, production: EnvironmentPlan, clusters: str
) -> None:
    page = show(production if clusters == "few" else planned(two_hundred()))
    for width, height in (SIZE, (900, 600)):
        page.resize(width, height)
        # The window tells of its new size a moment after it has it.
        page.until(f"map.clientWidth === {width} && Math.abs(view.getCTM().a - whole()[2]) < 0.001")
        room, seen = box(page, "main"), box(page, ".clusters")
        assert seen["left"] >= 0
        assert seen["right"] <= width
        assert seen["top"] >= room["top"]
        assert seen["bottom"] <= room["bottom"]


def test_without_scripts_the_picture_is_there(
    tab: Page, show: Show, production: EnvironmentPlan
) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    page = show(production)
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    last = f"#c{len(production.clusters) - 1} .card"
    assert 0 < box(page, last)["bottom"] < SIZE[1]
    assert "JavaScript" in text(page, "noscript")


def test_two_hundred_clusters_stay_light(show: Show) -> None:
    plan = planned(two_hundred())
    page = show(plan)
    assert page.run("document.querySelectorAll('.cluster').length") == 200
    assert page.run("document.querySelectorAll('*').length") < 12 * 200
    page.press("/")
    page.write("network-4 s6-orders-2")
    assert names(page, ".cluster.hit") == {f"s6-orders-2{at}" for at in range(4)}
    page.press("Enter")
    assert text(page, "#who") == "s6-orders-20"
    assert page.run("document.querySelectorAll('#calls path').length") < 40
    assert plan.mesh is not None
    assert names(page, ".cluster.direct") | names(page, ".cluster.over") == {
        one.cluster for one in plan.mesh.members if one.cluster != "s6-orders-20"
    }
    assert complaints(page) == []


def test_on_a_narrow_screen_the_panel_lies_below(tab: Page, show: Show) -> None:
    tab.resize(400, 800)
    page = show(planned(three_levels()))
    page.run("choose(3)")
    panel, header = box(page, "#panel"), box(page, "body > header")
    assert panel["width"] == 400
    assert panel["top"] > header["bottom"] + 100, "the map stays in sight"
    assert page.run("document.documentElement.scrollWidth") == 400
    seen = box(page, "#c3 .card")
    assert seen["bottom"] <= panel["top"]


def test_hostile_texts_are_only_shown(show: Show) -> None:
    text_of = (
        "</script><img src=x onerror='globalThis.broken=1'><script>globalThis.broken=1</script>"
    )
    plan = planned(three_levels())
    labels = {f"{text_of}-key": text_of}
    clusters = tuple(replace(one, labels=labels) for one in plan.clusters)
    page = show(replace(plan, name=text_of, clusters=clusters))
    page.run("choose(0)")
    unfold(page, "labels")
    assert page.run("document.querySelector('#values .leaf .string').textContent") == text_of
    assert page.run("document.querySelector('#values .leaf .key').textContent") == f"{text_of}-key:"
    assert page.run("document.querySelector('h1').textContent") == text_of
    assert page.run("globalThis.broken") is None
    assert page.run("document.querySelectorAll('img').length") == 0
    assert complaints(page) == []
