"""What people read of a plan: the tables, the diagram, the JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from meshtier.plan.dump import plain
from meshtier.plan.environment import plan_environment
from meshtier.plan.mermaid import diagram
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.show import table, tables
from meshtier.plan.stack_file import read_document
from meshtier.spec.environment import EnvironmentSpec, Level
from meshtier.spec.load import load
from meshtier.spec.model import NetworkSpec, RootMode, TrustSpec

from tests.support.environments import MESH, cluster, environment, member, three_levels

STACKS = Path(__file__).parents[3] / "stacks"


@pytest.fixture(scope="module")
def production() -> EnvironmentPlan:
    """The plan of the environment on two clouds that the repository ships."""
    return plan_environment(load(read_document(STACKS, "production"), name="production"))


def test_columns_are_as_wide_as_their_widest_cell_and_lines_have_no_tail() -> None:
    assert table(("a", "long", "z"), [("xyz", "b", ""), ("x", "", "c")]) == (
        "A    LONG  Z\n"  #
        "xyz  b\n"
        "x          c"
    )


def test_the_table_tells_level_network_role_peers_and_gateway_of_every_cluster() -> None:
    lines = tables(plan_environment(three_levels())).splitlines()
    assert lines[0] == "environment test: 6 clusters, 83 resources"
    assert lines[1] == "mesh acme: 3 members, Istio 1.31.1, trust domain acme.example"
    rows = [line.split("  ") for line in lines]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["hq", "master", "-", "existing", "-", "-", "-", "-"] in cells
    assert [
        "eu-pay",
        "user",
        "eu",
        "existing",
        "eu",
        "primary",
        "eu-shop, us-shop",
        "2 replicas",
    ] in cells
    assert ["eu", "eu-pay, eu-shop", "eu-pay, eu-shop", "-"] in cells
    assert ["eu-pay intermediate", "acme root", "ECDSA-P256", "1825 days"] in cells


def test_a_network_is_described_in_one_line() -> None:
    described = {"eu": NetworkSpec(description="one VPC\n  in Frankfurt")}
    mesh = MESH.model_copy(update={"networks": described})
    lines = tables(plan_environment(replace(three_levels(), mesh=mesh))).splitlines()
    [row] = (line for line in lines if line.startswith("eu  "))
    assert row.split("  ")[-1] == "one VPC in Frankfurt"


def test_a_member_without_gateway_and_a_single_replica_are_told() -> None:
    spec = environment(
        cluster("hq", Level.MASTER, settings=member("one", replicas=1)),
        cluster("eu", Level.SEED, "hq", member("one", gateway=False)),
    )
    lines = tables(plan_environment(spec)).splitlines()
    (header,) = (at for at, line in enumerate(lines) if line.startswith("CLUSTER"))
    assert lines[header + 1].startswith("hq ")
    assert lines[header + 1].endswith("  eu     1 replica")
    assert lines[header + 2].startswith("  eu ")
    assert lines[header + 2].endswith("  hq     -")


def test_a_provided_root_is_not_described_as_generated() -> None:
    mesh = MESH.model_copy(update={"trust": TrustSpec(root=RootMode.PROVIDED)})
    plan = plan_environment(replace(three_levels(), mesh=mesh))
    text = tables(plan)
    assert "provided" in text
    assert "intermediate  acme root" not in text
    generated = plan_environment(three_levels())
    assert len(tables(generated).splitlines()) == len(text.splitlines()) + 3


def many(members: int) -> EnvironmentSpec:
    """Return a seed with so many members on one network."""
    below = [cluster(f"c{at:02d}", Level.USER, "eu", member("eu")) for at in range(members)]
    return environment(cluster("hq", Level.MASTER), cluster("eu", Level.SEED, "hq"), *below)


def test_a_cell_lists_no_more_than_a_reader_takes_in() -> None:
    six = tables(plan_environment(many(6)))
    assert "c00, c01, c02, c03, c04, c05" in six
    eight = tables(plan_environment(many(8)))
    assert "c00, c01, c02, c03, c04 and 3 more" in eight
    assert "c06, c07" not in eight


def test_many_intermediates_are_one_line() -> None:
    twelve = tables(plan_environment(many(12)))
    assert twelve.count(" intermediate  ") == 12
    thirteen = tables(plan_environment(many(13)))
    assert " intermediate  " not in thirteen
    assert "13 intermediates  acme root  ECDSA-P256  1825 days" in thirteen


def test_clusters_that_clouds_make_are_told_with_their_nodes(
    production: EnvironmentPlan,
) -> None:
    rows = [line.split("  ") for line in tables(production).splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    [hq] = [row for row in cells if row[:1] == ["hq"] and row[1] != "master"]
    assert hq[1:-1] == [
        "gcp europe-west3",
        "acme-hq",
        "the newest of regular",
        "system 3–6 × n2d-standard-2",
        "public to 192.0.2.0/24",
    ]
    [shop] = [row for row in cells if row[:1] == ["us-shop"] and row[1] != "user"]
    assert shop[1:-1] == [
        "aws us-west-2",
        "111122223333",
        "1.35",
        "general 3–12 × m7i.xlarge",
        "public to 192.0.2.0/24",
    ]
    counted = sum(one.parent == "production-us-shop" for one in production.cloud)
    assert shop[-1] == str(counted)


def test_a_gateway_with_fixed_addresses_says_how_many(production: EnvironmentPlan) -> None:
    assert "2 replicas, 3 fixed addresses" in tables(production)
    assert production.mesh is not None
    members = tuple(
        replace(one, gateway=replace(one.gateway, is_internal=True)) if one.gateway else one
        for one in production.mesh.members
    )
    inside = replace(production, mesh=replace(production.mesh, members=members))
    assert "2 replicas, 1 fixed address, internal" in tables(inside)


def test_without_a_mesh_there_are_only_clusters() -> None:
    text = tables(plan_environment(replace(three_levels(), mesh=None)))
    assert text.startswith("environment test: 6 clusters, 24 resources, no mesh\n")
    assert "NETWORK  MEMBERS" not in text


def test_the_diagram_has_every_cluster_once_its_parent_and_its_network() -> None:
    assert diagram(plan_environment(three_levels())).splitlines() == [
        "flowchart TD",
        '  c0["hq<br/>master, existing"]',
        '  c1["eu<br/>seed, existing"]',
        '  c4["us<br/>seed, existing"]',
        '  subgraph n0 ["network eu"]',
        '    c2["eu-pay<br/>user, existing"]',
        '    c3["eu-shop<br/>user, existing"]',
        "  end",
        '  subgraph n1 ["network us"]',
        '    c5["us-shop<br/>user, existing"]',
        "  end",
        "  c0 --> c1",
        "  c1 --> c2",
        "  c1 --> c3",
        "  c0 --> c4",
        "  c4 --> c5",
        '  n0 <-. "east-west gateways" .-> n1',
    ]


def without_gateways(spec: EnvironmentSpec, network: str) -> EnvironmentSpec:
    """Return the environment with no gateway on one network."""
    clusters = tuple(
        replace(one, member=replace(one.member, gateway=False))
        if one.member and one.member.network == network
        else one
        for one in spec.clusters
    )
    return replace(spec, clusters=clusters)


def test_the_diagram_shows_no_way_where_there_is_no_gateway() -> None:
    plan = plan_environment(without_gateways(three_levels(), "us"))
    assert "east-west" not in diagram(plan)


def test_json_holds_the_whole_plan() -> None:
    plan = plan_environment(three_levels())
    seen = json.loads(json.dumps(plain(plan)))
    assert [one["name"] for one in seen["clusters"]] == [one.name for one in plan.clusters]
    assert seen["clusters"][0]["cloud"] == {
        "existing": {"kubeconfig": "hq.yaml", "apiServerForPeers": "https://hq.example:6443"}
    }
    assert seen["clusters"][0]["level"] == "master"
    shop = seen["mesh"]["members"][1]
    assert shop["peers"] == [
        {"cluster": "eu-pay", "server": "https://eu-pay.example:6443"},
        {"cluster": "us-shop", "server": "https://us-shop.example:6443"},
    ]
