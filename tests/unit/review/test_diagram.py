"""The picture: both plans laid over each other, and never too large to be drawn."""

import re

from hypothesis import given
from meshtier.plan.environment import plan_environment
from meshtier.review.diagram import MAX_CLUSTERS, diagram
from meshtier.spec.environment import EnvironmentSpec, Level

from tests.support.environments import cluster, environment, environments, member

from .changes import LOCAL, planned


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


def test_a_large_environment_is_drawn_around_what_changes() -> None:
    clusters = [
        cluster("hq", Level.MASTER),
        cluster("eu", Level.SEED, "hq"),
        *(
            cluster(f"c{number}", Level.USER, "eu", member(f"n{number % 60}"))
            for number in range(200)
        ),
    ]
    base = plan_environment(environment(*clusters))
    head = plan_environment(environment(*clusters, cluster("new", Level.USER, "eu", member("n1"))))
    lines = diagram(base, head).splitlines()
    names = re.findall(r'\["(?:[+−~] )?([a-z0-9]+)<br/>', "\n".join(lines))
    assert set(names) == {"hq", "eu", "new"}
    assert f'  more["{200} more clusters, unchanged"]' in lines
    assert len(names) <= MAX_CLUSTERS


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
