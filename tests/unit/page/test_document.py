"""The page as a file: one, small, closed against what stands in a plan."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from meshtier.page import write
from meshtier.plan.dump import plain
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.model import Kind
from meshtier.spec.environment import EnvironmentSpec, Level
from meshtier.spec.model import NetworkSpec

from tests.support.environments import (
    MESH,
    cluster,
    environment,
    member,
    three_levels,
    without_cluster,
)
from tests.support.pages import (
    data,
    planned,
    restored,
    two_hundred,
    two_hundred_on_clouds,
)

HOSTILE = "</script><script>alert(1)</script><!-- \" ' & \u2028 </style> $policy ${x}"


def hostile() -> EnvironmentPlan:
    """Return a plan with a hostile text wherever a plan takes any text."""
    settings = replace(member(HOSTILE), gateway_annotations={HOSTILE: HOSTILE})
    odd = replace(cluster("eu-pay", Level.USER, "eu", settings), labels={HOSTILE: HOSTILE})
    values = MESH.istio.values.model_copy(update={"istiod": {HOSTILE: [HOSTILE]}})
    istio = MESH.istio.model_copy(update={"values": values})
    networks = {HOSTILE: NetworkSpec(description=HOSTILE)}
    texts = {"id": HOSTILE, "trust_domain": HOSTILE, "istio": istio, "networks": networks}
    mesh = MESH.model_copy(update=texts)
    spec: EnvironmentSpec = environment(
        cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"), odd, mesh=mesh
    )
    return replace(planned(spec), name=HOSTILE)


def elements(page: str, name: str) -> list[str]:
    """Return the content of every element of a name, as a browser cuts it out."""
    return re.findall(rf"<{name}[^>]*>(.*?)</{name}\s*>", page, re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("plan", [planned(three_levels()), hostile()], ids=["plain", "hostile"])
def test_only_the_pages_own_style_and_script_take_effect(plan: EnvironmentPlan) -> None:
    page = write(plan)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    allowed = dict(re.findall(r"(style|script)-src '(sha256-[^']+)'", policy))
    [style] = elements(page, "style")
    data_block, script = elements(page, "script")
    for kind, text in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[kind] == f"sha256-{digest}"
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert data_block.startswith("{")


def test_a_page_names_nothing_outside_itself() -> None:
    page = write(planned(three_levels()))
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert set(re.findall(r"(?:href|src|url)\s*[=(]\s*\"?([^\">)]+)", markup)) == {"#gateway"}
    assert "@import" not in page


def test_no_text_of_a_plan_becomes_markup() -> None:
    page = write(hostile())
    assert "<script>alert" not in page
    assert page.count("<script") == 2
    assert page.count("<style") == 1
    assert "\u2028" not in data_text(page)
    assert unescape(elements(page, "h1")[0]) == HOSTILE
    assert unescape(re.findall(r'data-network="([^"]*)"', page)[0]) == HOSTILE
    shown = data(page)
    pay = next(one for one in shown["clusters"] if one["name"] == "eu-pay")
    assert restored(shown["shared"], pay["values"]["labels"], "eu-pay")[HOSTILE] == HOSTILE


def data_text(page: str) -> str:
    """Return the JSON as it stands in a page."""
    return elements(page, "script")[0]


def test_the_values_are_those_of_the_plan() -> None:
    plan = planned(three_levels())
    shown = data(write(plan))
    assert plan.mesh is not None
    for member_plan in plan.mesh.members:
        [own] = [one for one in shown["clusters"] if one["name"] == member_plan.cluster]
        istiod = restored(shown["shared"], own["values"]["istiod"], member_plan.cluster)
        assert istiod == plain(member_plan.istiod)
        expected = plain(plan.cluster(member_plan.cluster).labels)
        assert restored(shown["shared"], own["values"]["labels"], own["name"]) == expected


def test_a_cluster_has_facts_in_words() -> None:
    shown = data(write(planned(three_levels())))
    [pay] = [one for one in shown["clusters"] if one["name"] == "eu-pay"]
    assert restored(shown["shared"], pay["facts"], "eu-pay") == {
        "level": "user cluster",
        "parent": "eu",
        "provider": "existing",
        "network": "eu",
        "role": "primary: runs its own istiod",
        "gateway": "2 replicas",
        "existing objects": "refused",
        "protected": "no",
    }


@pytest.mark.parametrize(
    ("spec", "limit"), [(two_hundred, 400_000), (two_hundred_on_clouds, 1_000_000)]
)
def test_two_hundred_clusters_take_less_than_a_megabyte(
    spec: Callable[[], EnvironmentSpec], limit: int
) -> None:
    page = write(planned(spec()))
    assert len(data(page)["clusters"]) >= 200
    assert len(page.encode()) < limit


def test_the_same_plan_makes_the_same_page() -> None:
    assert write(planned(three_levels())) == write(planned(three_levels()))


def test_a_hierarchy_without_a_mesh_is_shown_as_such() -> None:
    page = write(planned(replace(three_levels(), mesh=None)))
    assert "6 clusters · no mesh" in page
    assert 'class="region n' not in page


def test_changes_are_named_and_marked() -> None:
    before = planned(three_levels())
    after = planned(without_cluster(three_levels(), "us-shop"))
    page = write(after, {"eu-pay": "changed", "eu": Kind.ADDED, "us-shop": "removed"}, before)
    assert re.findall(r'<span class="(\w+)">([^<]+)</span>', page) == [
        ("added", "added eu"),
        ("removed", "removed us-shop"),
        ("changed", "changed eu-pay"),
    ]
    cards = dict(re.findall(r'<g class="cluster ([^"]+)"[^>]*aria-label="([a-z-]+),', page))
    assert {name for kinds, name in cards.items() if "removed" in kinds.split()} == {"us-shop"}
    assert ">−</text>" in page
    assert "network · 0 clusters" in page, "what went is not counted"


def test_without_the_plan_before_what_went_is_named_all_the_same() -> None:
    page = write(planned(three_levels()), {"gone": "removed"})
    assert "removed gone" in page
    assert "gone" not in {one["name"] for one in data(page)["clusters"]}


def test_a_word_that_is_no_change_is_refused() -> None:
    with pytest.raises(ValueError, match="renamed"):
        write(planned(three_levels()), {"eu": "renamed"})


def test_a_network_is_described_at_its_clusters_and_in_the_legend() -> None:
    networks = {"eu": NetworkSpec(description="one VPC & more"), "us": NetworkSpec()}
    page = write(
        planned(replace(three_levels(), mesh=MESH.model_copy(update={"networks": networks})))
    )
    titles = dict(re.findall(r'data-search="(\w+)" title="([^"]*)"', page))
    assert titles == {"eu": "one VPC &amp; more", "us": ""}
    shown = data(page)
    facts = {
        one["name"]: restored(shown["shared"], one["facts"], one["name"])
        for one in shown["clusters"]
    }
    assert facts["eu-pay"]["about the network"] == "one VPC & more"
    assert "about the network" not in facts["us-shop"]
    assert "about the network" not in facts["hq"]
