"""The environments of this repository are well formed."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from meshtier.spec import EnvironmentSpec, load
from meshtier.spec.reach import Route, reach

STACKS = sorted((Path(__file__).parents[3] / "stacks").glob("Pulumi.*.yaml"))


def configuration(stack: Path) -> dict[str, Any]:
    return yaml.safe_load(stack.read_text())["config"]


def environment(name: str) -> EnvironmentSpec:
    stack = next(stack for stack in STACKS if stack.name == f"Pulumi.{name}.yaml")
    return load(configuration(stack)["meshtier:environment"], name=name)


def local() -> EnvironmentSpec:
    return environment("local")


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.stem)
def test_the_document_is_taken(stack: Path):
    name = stack.name.removeprefix("Pulumi.").removesuffix(".yaml")
    environment = load(configuration(stack)["meshtier:environment"], name=name)
    assert environment.name == name


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.stem)
def test_nothing_can_land_on_an_ambient_cluster(stack: Path):
    assert configuration(stack)["pulumi:disable-default-providers"] == ["*"]


def test_the_local_environment_has_six_clusters_on_three_levels():
    assert {cluster.name: cluster.parent for cluster in local().clusters} == {
        "hq": None,
        "eu": "hq",
        "us": "hq",
        "eu-shop": "eu",
        "eu-pay": "eu",
        "us-shop": "us",
    }


def test_the_local_mesh_is_flat_in_eu_and_joined_to_us_by_gateways():
    networks = {
        cluster.name: (cluster.member.network, cluster.member.gateway)
        for cluster in local().members()
        if cluster.member is not None
    }
    assert networks == {"eu-shop": ("eu", True), "eu-pay": ("eu", True), "us-shop": ("us", True)}


def test_the_only_warning_about_the_local_environment_is_its_istio():
    assert [warning.path for warning in local().warnings] == ["mesh.istio.version"], (
        "1.31.0 is the newest that can be built from the public module"
    )


def test_staging_is_google_cloud_alone_in_one_vpc_without_gateways():
    staging = environment("staging")
    assert {cluster.cloud.provider for cluster in staging.clusters} == {"gcp"}
    ways = reach(staging)
    assert {ways.cloud_network(cluster) for cluster in staging.clusters} == {"made for hq"}
    assert not any(cluster.member.gateway for cluster in staging.members() if cluster.member)


def test_production_has_its_master_on_gcp_and_seeds_and_user_clusters_on_both_clouds():
    clouds = {
        cluster.name: cluster.cloud.provider for cluster in environment("production").clusters
    }
    assert clouds == {
        "hq": "gcp",
        "eu": "gcp",
        "eu-pay": "gcp",
        "eu-shop": "gcp",
        "us": "aws",
        "us-pay": "aws",
        "us-shop": "aws",
    }


def test_production_has_two_networks_with_gateways_and_three_ways():
    production = environment("production")
    ways = reach(production)
    assert ways.route("eu-shop", "eu-pay") is Route.LOCAL
    assert ways.route("us-shop", "us-pay") is Route.PEERED
    assert ways.route("eu-shop", "us-shop") is Route.PUBLIC
    assert all(cluster.member.gateway for cluster in production.members() if cluster.member)


@pytest.mark.parametrize("name", ["staging", "production"])
def test_a_shipped_environment_is_taken_without_a_warning(name: str):
    assert environment(name).warnings == ()
