"""What tests ask of a topology page that is open in a browser."""

import json
from typing import Any

from tests.support.browser import Page


def box(page: Page, selector: str) -> dict[str, float]:
    """Return where an element is seen, with its middle."""
    script = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
    found = page.run(script)
    return {**found, "x": found["x"] + found["width"] / 2, "y": found["y"] + found["height"] / 2}


def card(page: Page, name: str) -> str:
    """Return the selector of a cluster's card."""
    at = page.run(f"plan.clusters.findIndex((one) => one.name === {json.dumps(name)})")
    assert at >= 0, f"{name} is not on the page"
    return f"#c{at} .card"


def click(page: Page, selector: str) -> None:
    """Click the middle of an element."""
    at = box(page, selector)
    page.click(at["x"], at["y"])


def text(page: Page, selector: str) -> str:
    """Return the text of an element as it is seen."""
    return page.run(f"document.querySelector({json.dumps(selector)}).innerText")


def names(page: Page, selector: str) -> set[str]:
    """Return the clusters whose cards match a selector."""
    script = f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.id.slice(1))"
    return {page.run(f"plan.clusters[{at}].name") for at in page.run(script)}


def camera(page: Page) -> tuple[float, float, float]:
    """Return how the picture is moved and scaled."""
    matrix = page.run("(({ a, e, f }) => ({ a, e, f }))(view.getCTM())")
    return matrix["e"], matrix["f"], matrix["a"]


def complaints(page: Page) -> list[Any]:
    """Return every error and console message so far."""
    kinds = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
    return [one for kind in kinds for one in page.seen(kind)]


def unfold(page: Page, title: str) -> None:
    """Open the first value whose title begins so, once it is there."""
    summaries = "[...document.querySelectorAll('#values summary')]"
    found = f"{summaries}.find((one) => one.textContent.startsWith({json.dumps(title)}))"
    page.until(found)
    page.run(f"{found}.click()")
    page.until(f"{found}.parentElement.children.length > 1")
