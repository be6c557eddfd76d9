"""The page in a real browser: keys alone are enough, and every text can be read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from meshtier.page import write
from meshtier.plan.model import EnvironmentPlan

from tests.browser.conftest import Show
from tests.support.browser import Page
from tests.support.topology import card, click, unfold

pytestmark = pytest.mark.browser


def test_tab_reaches_the_clusters_and_enter_shows_one(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    for _ in range(40):
        page.press("Tab")
        if page.run("document.activeElement.id") == "c0":
            break
    assert page.run("document.activeElement.id") == "c0"
    assert page.run("getComputedStyle(document.querySelector('#c0 .card')).strokeWidth") == "4px"
    page.press("ArrowDown")
    below = page.run("document.activeElement.id")
    assert page.run(f"plan.clusters[{below[1:]}].name") in ("eu", "us")
    page.press("Enter")
    assert page.run("document.activeElement.id") == "who"
    assert page.run(f"document.getElementById('{below}').getAttribute('aria-pressed')") == "true"
    page.press("Escape")
    assert page.run("panel.hidden")
    assert page.run("document.activeElement.id") == below


def test_everything_that_can_be_pressed_has_a_name(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    click(page, card(page, "us-shop"))
    page.call("Accessibility.enable")
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    pressed = [
        node["name"]["value"]
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in ("button", "searchbox", "DisclosureTriangle")
    ]
    assert all(pressed)
    for cluster in production.clusters:
        assert any(name.startswith(f"{cluster.name}, ") for name in pressed), cluster.name
    assert "Find clusters by name, network, provider, region or level" in pressed
    assert {"Zoom in", "Zoom out", "Show everything", "Close"} <= set(pressed)


# A pixel painted with each colour: the browser's own word on what it comes to.
CONTRAST = """
(() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const parts = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  return PAIRS.map(([text, below]) => {
    const [front, back] = [style(text), style(below)];
    const svg = document.querySelector(text) instanceof SVGElement;
    const one = light(svg ? front.fill : front.color);
    const ground = document.querySelector(below) instanceof SVGElement;
    const other = light(ground && below !== "#map" ? back.fill : back.backgroundColor);
    return [text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
  });
})()
"""
PAIRS = [
    (".name", ".card"),
    (".small", ".card"),
    (".pilled", ".pill"),
    (".region.n0 text", ".region.n0 rect"),
    (".region.n1 text", ".region.n1 rect"),
    (".region.n0 .note", ".region.n0 rect"),
    (".region.outside text", "body"),
    ("h1", "body > header"),
    ("body > header p", "body > header"),
    ("#found", "#words"),
    (".changes .added", "body > header"),
    (".changes .removed", "body > header"),
    (".changes .changed", "body > header"),
    (".added .mark text", ".added .mark circle"),
    (".removed .mark text", ".removed .mark circle"),
    (".changed .mark text", ".changed .mark circle"),
    (".signs li", "footer"),
    ("#facts dt", "#panel"),
    ("#values .key", "#panel"),
    ("#values .string", "#panel"),
    ("#values .number", "#panel"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_below_it(
    tab: Page, production: EnvironmentPlan, tmp_path: Path, scheme: str
) -> None:
    changes = {"eu-pay": "added", "eu-shop": "removed", "us-pay": "changed"}
    mesh = production.mesh
    assert mesh is not None
    outside = replace(mesh, members=tuple(one for one in mesh.members if one.cluster != "us-shop"))
    path = tmp_path / "page.html"
    path.write_text(write(replace(production, mesh=outside), changes), encoding="utf-8")
    tab.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    tab.open(path.as_uri())
    tab.run("choose(plan.clusters.findIndex((one) => one.name === 'eu-pay'))")
    for title in ("labels", "east-west gateway"):
        unfold(tab, title)
    found = dict(tab.run(CONTRAST.replace("PAIRS", json.dumps(PAIRS))))
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}
    is_dark = tab.run("getComputedStyle(document.body).backgroundColor") == "rgb(14, 19, 26)"
    assert is_dark == (scheme == "dark")
