"""The picture: both plans laid over each other, and never too large to be drawn."""

import re
from dataclasses import replace

from hypothesis import given
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.review.diagram import MAX_CLUSTERS, diagram
from meshtier.spec.environment import ClusterSpec, EnvironmentSpec, Level

from tests.support.environments import cluster, environment, environments, member

from .changes import LOCAL, planned

NODE = r'\["(?:[+−~] )?([a-z0-9]+)<br/>'


def drawn(name: str) -> list[str]:
    """Return the lines of one change of the local environment."""
    return diagram(planned({}), planned(LOCAL[name])).splitlines()


def test_who_comes_is_marked_with_its_network_and_its_way() -> None:
    lines = drawn("cluster-added")
    (node,) = [line for line in lines if "ap-shop" in line]
    assert node.strip().endswith('["+ ap-shop<br/>user, existing"]:::added')
    assert '  subgraph n2 ["+ network ap"]' in lines
    assert "  class n2 added" in lines
    assert '  n0 <-. "+ east-west gateways" .-> n2' in lines
    assert '  n0 <-. "east-west gateways" .-> n1' in lines, "as it was"


def test_who_goes_is_still_drawn_where_it_was() -> None:
    lines = drawn("cluster-removed")
    box = lines[lines.index('  subgraph n0 ["~ network eu"]') :]
    inside = box[1 : box.index("  end")]
    assert any(line.endswith('["− eu-pay<br/>user, existing"]:::removed') for line in inside)


def test_who_moves_stands_where_it_moves_to() -> None:
    lines = drawn("network-split")
    assert sum("eu-pay" in line for line in lines) == 1
    box = lines[lines.index('  subgraph n2 ["+ network pay"]') :]
    assert box[1].endswith('["~ eu-pay<br/>user, existing"]:::changed')


def test_nothing_is_marked_where_nothing_changes() -> None:
    assert not any(re.search(r":::|^  class |[+−~] ", line) for line in drawn("nothing"))


def large(label: str, *more: ClusterSpec) -> EnvironmentPlan:
    """The plan of two hundred labelled members under one seed, and of more clusters."""
    members = (
        replace(
            cluster(f"c{number}", Level.USER, "eu", member(f"n{number % 60}")),
            labels={"team": label},
        )
        for number in range(200)
    )
    seed = (cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"))
    return plan_environment(environment(*seed, *members, *more))


NEW = cluster("new", Level.USER, "eu", member("n1"))


def test_a_large_environment_is_drawn_around_what_changes() -> None:
    lines = diagram(large("a"), large("a", NEW)).splitlines()
    assert set(re.findall(NODE, "\n".join(lines))) == {"hq", "eu", "new"}
    assert [line for line in lines if "subgraph" in line] == ['  subgraph n0 ["~ network n1"]']
    assert '  more["200 more clusters, none of them changed"]' in lines


def test_where_everything_changes_those_that_come_are_drawn_first() -> None:
    lines = diagram(large("a"), large("b", NEW)).splitlines()
    names = re.findall(NODE, "\n".join(lines))
    assert {"hq", "eu", "new"} <= set(names)
    assert len(names) == MAX_CLUSTERS + 2
    assert '  more["161 more clusters, 161 of them changed"]' in lines
    assert len("\n".join(lines)) < 10_000


@given(environments(), environments())
def test_every_line_names_only_what_is_drawn(one: EnvironmentSpec, other: EnvironmentSpec) -> None:
    """A line to something that has no node would make Mermaid draw one."""
    text = diagram(plan_environment(one), plan_environment(other))
    nodes = set(re.findall(r"^ +(c\d+)\[", text, re.MULTILINE))
    boxes = set(re.findall(r"subgraph (n\d+) ", text))
    assert set(re.findall(r"\bc\d+\b(?= -->| *$)", text, re.MULTILINE)) <= nodes
    assert set(re.findall(r"--> (c\d+)", text)) <= nodes
    assert set(re.findall(r"(n\d+) <-", text)) | set(re.findall(r"-> (n\d+)", text)) <= boxes
    names = {cluster.name for spec in (one, other) for cluster in spec.clusters}
    assert len(nodes) == len(names)
