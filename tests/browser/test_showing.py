"""The page in a real browser: the values and the calls of a cluster."""

from dataclasses import replace

import pytest
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.paths import Way, predict

from tests.browser.conftest import SIZE, Show
from tests.support.topology import box, card, click, names, text, unfold

pytestmark = pytest.mark.browser


def without_gateways(plan: EnvironmentPlan, network: str) -> EnvironmentPlan:
    """Return a plan in which a network of the mesh has no gateway."""
    assert plan.mesh is not None
    members = tuple(
        replace(one, gateway=None) if one.network == network else one for one in plan.mesh.members
    )
    networks = tuple(
        replace(one, gateways=()) if one.name == network else one for one in plan.mesh.networks
    )
    return replace(plan, mesh=replace(plan.mesh, members=members, networks=networks))


def test_a_click_shows_a_clusters_values(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    click(page, card(page, "us-shop"))
    facts = text(page, "#facts")
    for word in ("user cluster", "AWS", "us-west-2", "aws-us", "primary", "2 replicas"):
        assert word in facts
    assert "Calls directly 1" in text(page, "#ways")
    for title in ("istiod", "values", "global", "multiCluster"):
        unfold(page, title)
    assert "clusterName: us-shop" in text(page, "#values")
    click(page, "#close")
    assert page.run("panel.hidden")


def test_a_click_beside_the_clusters_closes_the_panel(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(production)
    click(page, card(page, "hq"))
    assert not page.run("panel.hidden")
    page.click(20, SIZE[1] / 2)
    assert page.run("panel.hidden")


def test_a_peer_in_the_panel_leads_to_that_cluster(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    click(page, card(page, "us-shop"))
    click(page, "#ways button")
    assert text(page, "#who") == "us-pay"


def test_pointing_at_a_cluster_shows_its_calls(show: Show, production: EnvironmentPlan) -> None:
    page = show(production)
    at = box(page, card(page, "eu-shop"))
    page.mouse("mouseMoved", at["x"], at["y"])
    assert names(page, ".cluster.direct") == {"eu-pay"}
    assert names(page, ".cluster.over") == {"us-pay", "us-shop"}
    assert page.run("document.querySelectorAll('#calls path.over').length") == 2
    page.mouse("mouseMoved", 20, SIZE[1] / 2)
    assert page.run("document.querySelectorAll('#calls path').length") == 0


@pytest.mark.parametrize("closed", [False, True], ids=["as shipped", "one network closed"])
def test_every_way_is_the_one_that_is_predicted(
    show: Show, production: EnvironmentPlan, closed: bool
) -> None:
    plan = without_gateways(production, "aws-us") if closed else production
    page = show(plan)
    words = {Way.DIRECT: "direct", Way.GATEWAY: "over", Way.IMPOSSIBLE: "none"}
    order: list[str] = page.run("plan.clusters.map((one) => one.name)")
    seen = page.run("plan.clusters.map((_, from) => plan.clusters.map((_, to) => way(from, to)))")
    for (source, target), route in predict(plan).items():
        assert seen[order.index(source)][order.index(target)] == words[route.way], (source, target)
    ways = {way for row in seen for way in row}
    assert ways == {"direct", "over", "none"}


def test_a_way_that_is_closed_on_one_side_is_told_on_both(
    show: Show, production: EnvironmentPlan
) -> None:
    page = show(without_gateways(production, "aws-us"))
    click(page, card(page, "eu-shop"))
    assert "Has no way to 2" in text(page, "#ways")
    assert "Is called by, without a way back 2" in text(page, "#ways")
    click(page, card(page, "us-shop"))
    assert "Calls over a gateway 2" in text(page, "#ways")
    assert "way back" not in text(page, "#ways")
