"""The computed values, put through the real charts: every key must arrive where it counts."""

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from meshtier.plan.charts import chart_location
from meshtier.plan.istio_crds import ISTIO_CRDS
from meshtier.plan.labels import owner_labels
from meshtier.plan.manifests import cross_network_gateway, gateway_service
from meshtier.plan.mesh import plan_mesh
from meshtier.plan.model import MemberPlan, ReleasePlan
from meshtier.plan.topology import Member
from meshtier.spec.model import IstioSpec, MeshSpec

from lab.toolchain import ensure
from tests.support.environments import member

LABELS = {**owner_labels("local", "eu-shop", "user"), "team": "shop", "app": "mine"}
OURS = {key: LABELS[key] for key in LABELS if key.startswith("meshtier.io/")}

Objects = dict[tuple[str, str], dict[str, Any]]
Render = Callable[..., Objects]


@pytest.fixture(scope="module")
def charts() -> str:
    """Directory of Istio's own charts, in the pinned version."""
    return str(ensure(["istio-files"]).module_dir("istio") / "charts")


@pytest.fixture(scope="module")
def shop(charts: str) -> MemberPlan:
    """The plan of one member whose charts lie in a directory."""
    mesh = MeshSpec(
        id="acme",
        trust_domain="acme.example",
        cluster_domain="acme.internal",
        istio=IstioSpec(version="1.31.0", hub="mirror.example/istio", charts=charts),
    )
    shop = Member(name="eu-shop", settings=member("eu"), labels=LABELS)
    return plan_mesh(mesh, [shop], name="local-mesh").members[0]


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Render a planned release with the real helm, as an install or as an upgrade."""
    helm = ensure(["helm"]).path("helm")
    folder = tmp_path_factory.mktemp("rendering")

    def run(release: ReleasePlan, *, upgrade: bool = False) -> Objects:
        values = folder / f"{release.name}.json"
        values.write_text(json.dumps(release.values), encoding="utf-8")
        chart = chart_location(release.chart, Path.cwd())
        command = [str(helm), "template", release.name, chart, "--namespace", release.namespace]
        command += ["--values", str(values), *(["--is-upgrade"] if upgrade else [])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return by_kind_and_name(yaml.load_all(done.stdout, Loader=yaml.CSafeLoader))

    return run


def by_kind_and_name(documents: Iterable[dict[str, Any] | None]) -> Objects:
    """Return rendered objects by kind and name."""
    return {(one["kind"], one["metadata"]["name"]): one for one in documents if one}


def environment_of(deployment: dict[str, Any]) -> dict[str, str]:
    """Return the plain environment of a Deployment's only container."""
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def test_definitions_come_labelled_and_go_with_their_release(
    render: Render, shop: MemberPlan
) -> None:
    seen = render(shop.crds)
    assert {name for _, name in seen} == set(ISTIO_CRDS)
    for one in seen.values():
        assert one["metadata"]["labels"].items() >= OURS.items()
        assert "helm.sh/resource-policy" not in one["metadata"].get("annotations", {})


def test_base_is_the_default_validator_and_nothing_else(render: Render, shop: MemberPlan) -> None:
    seen = render(shop.base)
    assert set(seen) == {("ValidatingWebhookConfiguration", "istiod-default-validator")}


def test_the_validator_opens_at_install_and_an_upgrade_leaves_it_to_istiod(
    render: Render, shop: MemberPlan
) -> None:
    validator = ("ValidatingWebhookConfiguration", "istiod-default-validator")
    (installed,) = render(shop.base)[validator]["webhooks"]
    assert installed["failurePolicy"] == "Ignore", "or our own first policies could be refused"
    (upgraded,) = render(shop.base, upgrade=True)[validator]["webhooks"]
    assert "failurePolicy" not in upgraded


def test_istiod_knows_its_cluster_mesh_network_and_domains(
    render: Render, shop: MemberPlan
) -> None:
    seen = render(shop.istiod)
    deployment = seen["Deployment", "istiod"]
    environment = environment_of(deployment)
    assert environment["CLUSTER_ID"] == "eu-shop"
    assert environment["PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER"] == "false"
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "mirror.example/istio/pilot:1.31.0"
    arguments = container["args"]
    assert arguments[arguments.index("--domain") + 1] == "acme.internal"
    mesh = yaml.safe_load(seen["ConfigMap", "istio"]["data"]["mesh"])
    assert mesh["trustDomain"] == "acme.example"
    assert mesh["defaultConfig"]["meshId"] == "acme"


def test_injected_proxies_know_cluster_mesh_network_and_image(
    render: Render, shop: MemberPlan
) -> None:
    injector = render(shop.istiod)["ConfigMap", "istio-sidecar-injector"]
    values = json.loads(injector["data"]["values"])["global"]
    assert values["network"] == "eu"
    assert values["multiCluster"]["clusterName"] == "eu-shop"
    assert values["meshID"] == "acme"
    assert (values["hub"], values["tag"]) == ("mirror.example/istio", "1.31.0")
    assert values["proxy"]["clusterDomain"] == "acme.internal"


def test_no_chart_makes_a_reader_that_sees_secrets(render: Render, shop: MemberPlan) -> None:
    for release in (shop.base, shop.istiod):
        assert [name for _, name in render(release) if "reader" in name] == []


def test_istiod_carries_our_labels_and_keeps_its_own(render: Render, shop: MemberPlan) -> None:
    deployment = render(shop.istiod)["Deployment", "istiod"]
    for labels in (
        deployment["metadata"]["labels"],
        deployment["spec"]["template"]["metadata"]["labels"],
    ):
        assert labels.items() >= OURS.items()
        assert (labels["app"], labels["team"]) == ("istiod", "shop")


def test_the_gateways_pods_are_what_our_service_and_gateway_select(
    render: Render, shop: MemberPlan
) -> None:
    assert shop.gateway is not None
    seen = render(shop.gateway.release)
    pods = seen["Deployment", "istio-eastwestgateway"]["spec"]["template"]["metadata"]["labels"]
    service = gateway_service("eu", {}, {}, wait=True)
    assert pods.items() >= service["spec"]["selector"].items()
    assert pods.items() >= cross_network_gateway("acme.internal", {})["spec"]["selector"].items()
    assert pods["topology.istio.io/network"] == "eu"
    assert pods.items() >= OURS.items()
    assert not [kind for kind, _ in seen if kind == "Service"], "the Service is ours"


def test_our_service_has_the_ports_the_chart_would_give_it(
    render: Render, shop: MemberPlan
) -> None:
    assert shop.gateway is not None
    release = shop.gateway.release
    charts_own = {**release.values, "service": {}}
    with_service = render(replace(release, values=charts_own))
    theirs = with_service["Service", "istio-eastwestgateway"]
    ours = gateway_service("eu", {}, {}, wait=True)
    assert ours["spec"]["ports"] == theirs["spec"]["ports"]
    assert ours["spec"]["selector"] == theirs["spec"]["selector"]
    assert ours["spec"]["type"] == theirs["spec"]["type"]
    label = "topology.istio.io/network"
    assert ours["metadata"]["labels"][label] == theirs["metadata"]["labels"][label]


def test_the_gateway_has_as_many_replicas_as_asked_and_a_budget(
    render: Render, shop: MemberPlan
) -> None:
    assert shop.gateway is not None
    seen = render(shop.gateway.release)
    deployment = seen["Deployment", "istio-eastwestgateway"]
    assert deployment["spec"]["replicas"] == 2
    assert environment_of(deployment)["ISTIO_META_REQUESTED_NETWORK_VIEW"] == "eu"
    assert seen["PodDisruptionBudget", "istio-eastwestgateway"]["spec"]["minAvailable"] == 1
    assert not [kind for kind, _ in seen if kind == "HorizontalPodAutoscaler"]
    (spread,) = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
    matched = spread["labelSelector"]["matchLabels"]
    assert deployment["spec"]["selector"]["matchLabels"] == matched
