"""A Helm release: installed, kept, upgraded, replaced, gone; and the chart of definitions."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import meshtier
import pytest
import yaml
from meshtier.plan.istio_crds import ISTIO_CRDS

from lab.kubectl import Kubectl

from .conftest import Stack
from .tiny_chart import colour_of, is_gone, place, release

pytestmark = pytest.mark.contract


@pytest.fixture
def charted(stack: Stack) -> Stack:
    return place(stack)


@pytest.fixture
def colour(kubectl: Kubectl, namespace: str) -> Callable[..., str]:
    return colour_of(kubectl, namespace)


def test_a_release_is_installed_kept_upgraded_replaced_and_uninstalled(
    charted: Stack, kubectl: Kubectl, colour: Callable[..., str]
) -> None:
    ns = charted.namespace
    assert charted.up(release()).changes == {"create": 3}
    assert colour() == "red"
    shown = charted.engine.outputs()
    assert shown["status"] == {
        "appVersion": "9",
        "chart": "tiny",
        "name": "tiny",
        "namespace": ns,
        "revision": 1,
        "status": "deployed",
        "version": "1.2.3",
    }
    assert set(shown["names"]) == {"ConfigMap/v1", "Secret/v1"}
    assert charted.resource("tiny")["id"] == f"{ns}/tiny"
    assert "only-in-the-manifest" not in charted.plain_state(), "the manifest stays out"

    assert charted.up(release()).changes == {}

    assert charted.up(release(colour="blue")).changes == {"update": 1}
    assert colour() == "blue"
    assert charted.engine.outputs()["status"]["revision"] == 2

    assert charted.up(release("other", colour="blue")).changes == {"replace": 1}
    assert colour("other") == "blue"
    is_gone(kubectl, "configmap", "tiny-settings", "-n", ns)

    charted.engine.destroy().check()
    is_gone(kubectl, "configmap", "other-settings", "-n", ns)


def test_a_changed_template_upgrades_the_release(
    charted: Stack, colour: Callable[..., str]
) -> None:
    charted.up(release())
    template = charted.program / "tiny/templates/settings.yaml"
    template.write_text(template.read_text().replace("{{ .Values.colour }}", "green"))
    assert charted.up(release()).changes == {"update": 1}
    assert colour() == "green"


def test_a_secret_value_is_secret_in_the_state(charted: Stack, kubectl: Kubectl) -> None:
    body = release().replace("values={}", 'values={"password": pulumi.Output.secret("canary-pw")}')
    done = charted.up(body)
    live = kubectl.get("secret", "tiny-secret", "-n", charted.namespace)
    assert base64.b64decode(live["data"]["password"]) == b"canary-pw"
    charted.engine.refresh().check()
    for text in (charted.plain_state(), done.output, json.dumps(list(done.events))):
        assert "canary-pw" not in text
        assert base64.b64encode(b"canary-pw").decode() not in text


@pytest.fixture
def patched(charted: Stack, kubectl: Kubectl) -> Stack:
    """A release whose webhook a controller of the cluster has completed, as istiod does."""
    charted.up(release(webhook=True))
    patch = [
        {"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Fail"},
        {"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": _bundle(charted)},
    ]
    name = f"{charted.namespace}-tiny"
    kubectl.run(
        *("patch", "validatingwebhookconfiguration", name, "--type=json"),
        *("--field-manager=controller", "-p", json.dumps(patch)),
    )
    return charted


def _bundle(stack: Stack) -> str:
    config = yaml.safe_load(stack.kubeconfig.read_text())
    return config["clusters"][0]["cluster"]["certificate-authority-data"]


def test_what_a_controller_filled_in_is_no_change_and_no_conflict(
    patched: Stack, kubectl: Kubectl
) -> None:
    assert patched.engine.refresh().check().changes == {}
    assert patched.up(release(webhook=True)).changes == {}
    assert patched.up(release(webhook=True, colour="blue")).changes == {"update": 1}
    name = f"{patched.namespace}-tiny"
    live = kubectl.get("validatingwebhookconfiguration", name)
    assert live["metadata"]["labels"]["colour"] == "blue"
    hook = live["webhooks"][0]
    assert hook["clientConfig"]["caBundle"] == _bundle(patched), "what nobody set stays"
    assert hook["failurePolicy"] == "Ignore", "what the chart sets is put back"


def test_refresh_forgets_a_release_that_is_gone_and_up_installs_it_again(
    charted: Stack, kubectl: Kubectl
) -> None:
    charted.up(release())
    kubectl.run("delete", "secret", "-l", "owner=helm,name=tiny", "-n", charted.namespace)
    assert charted.engine.refresh().check().changes == {"delete": 1}
    assert charted.up(release()).changes == {"create": 1}


def test_a_preview_with_values_nobody_knows_yet_shows_the_release(
    charted: Stack, colour: Callable[..., str]
) -> None:
    body = """
    key = tls.PrivateKey(
        "key", algorithm="ED25519", opts=pulumi.ResourceOptions(provider=tls.Provider("tls")))
    """ + release().replace("values={}", 'values={"colour": key.public_key_fingerprint_md5}')
    seen = charted.preview(body)
    assert {one.name for one in seen.operations if one.op == "create"} >= {"key", "tiny"}
    charted.up(body)
    assert colour().count(":") == 15, "a fingerprint"
    assert charted.up(body).changes == {}


def test_a_release_without_a_name_gets_one_and_keeps_it(charted: Stack) -> None:
    body = release().replace('name="tiny", ', "")
    charted.up(body)
    name = charted.engine.outputs()["status"]["name"]
    assert name.startswith("tiny-")
    assert charted.up(body).changes == {}
    assert charted.up(body.replace("values={}", 'values={"colour": "blue"}')).changes == {
        "update": 1
    }
    assert charted.engine.outputs()["status"]["name"] == name


@pytest.fixture
def definitions(kubectl: Kubectl) -> Iterator[Callable[[], set[str]]]:
    """Istio's definitions in the cluster; whatever a failed test left of them is removed."""

    def names() -> set[str]:
        found = kubectl.run("get", "crd", "-l", "contract=istio-crds", "-o", "name")
        return {line.partition("/")[2] for line in found.split()}

    yield names
    if left := names():
        kubectl.run("delete", "crd", *left)


def test_our_chart_of_definitions_labels_them_and_takes_them_with_it(
    stack: Stack, kubectl: Kubectl, definitions: Callable[[], set[str]]
) -> None:
    chart = Path(meshtier.__file__).parent / "charts/istio-crds"
    body = f"""
    k8s.helm.v3.Release(
        "istio-crds", name="istio-crds", namespace=NS, chart="{chart}",
        values={{"labels": {{"contract": "istio-crds"}}}}, opts=opts)
    """
    stack.up(body)
    assert definitions() == set(ISTIO_CRDS)
    one = kubectl.get("crd", ISTIO_CRDS[0])
    assert "helm.sh/resource-policy" not in one["metadata"]["annotations"]
    assert len(stack.plain_state()) < 20_000, "definitions are no part of the state"
    stack.engine.destroy().check()
    assert definitions() == set()
