"""A Helm release: installed, upgraded, refused, half failed, gone, and out of reach."""

import base64
import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import meshtier
import pytest
import yaml
from meshtier.plan.istio_crds import ISTIO_CRDS

from lab.kubectl import Kubectl, KubectlError
from lab.toolchain import Toolchain

from .conftest import Stack

pytestmark = pytest.mark.contract

CHART = {
    "Chart.yaml": "{apiVersion: v2, name: tiny, version: 1.2.3, appVersion: '9'}",
    "values.yaml": "{colour: red, rollout: false, webhook: false, password: none}",
    "templates/settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  colour: {{ .Values.colour }}
  marker: only-in-the-manifest
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-secret
stringData:
  password: {{ .Values.password }}
""",
    "templates/rollout.yaml": """\
{{- if .Values.rollout }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {matchLabels: {app: never}}
  template:
    metadata: {labels: {app: never}}
    spec: {containers: [{name: never, image: never}]}
{{- end }}
""",
    "templates/webhook.yaml": """\
{{- if .Values.webhook }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: {{ .Release.Namespace }}-{{ .Release.Name }}
  labels: {colour: {{ .Values.colour }}}
webhooks:
  - name: check.contract.example
    failurePolicy: Ignore
    sideEffects: None
    admissionReviewVersions: [v1]
    clientConfig: {service: {name: none, namespace: default}}
    rules:
      - {apiGroups: [contract.example], apiVersions: [v1], operations: [CREATE], resources: [x]}
{{- end }}
""",
}

RELEASE = """
    done = k8s.helm.v3.Release(
        "tiny", name="%(name)s", namespace=NS, chart="./tiny", values=%(values)s,
        timeout=%(timeout)s, opts=opts)
    pulumi.export("status", done.status)
    pulumi.export("names", done.resource_names)
"""


def release(name: str = "tiny", timeout: int = 60, **values: Any) -> str:
    return RELEASE % {"name": name, "timeout": timeout, "values": repr(values)}


@pytest.fixture
def charted(stack: Stack) -> Stack:
    """A stack whose program has the chart beside it."""
    _place(stack)
    return stack


def _place(stack: Stack) -> None:
    for name, text in CHART.items():
        path = stack.program / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def colour(kubectl: Kubectl, namespace: str) -> Callable[..., str]:
    """The colour that a release's ConfigMap has in the cluster."""

    def get(name: str = "tiny") -> str:
        return kubectl.get("configmap", f"{name}-settings", "-n", namespace)["data"]["colour"]

    return get


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
    _is_gone(kubectl, "configmap", "tiny-settings", "-n", ns)

    charted.engine.destroy().check()
    _is_gone(kubectl, "configmap", "other-settings", "-n", ns)


def _is_gone(kubectl: Kubectl, *which: str) -> None:
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get(*which)


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


def test_a_name_in_use_is_refused(charted: Stack, colour: Callable[..., str]) -> None:
    charted.up(release())
    second = release(colour="blue").replace('"tiny", name=', '"second", name=')
    done = charted.up(release() + second, expect_failure=True)
    assert done.returncode != 0
    assert "cannot re-use a name that is still in use" in done.output
    assert colour() == "red"
    assert not [one for one in charted.engine.resources() if one["urn"].endswith("::second")]


def test_a_release_that_does_not_become_ready_stays_in_the_state(
    charted: Stack, kubectl: Kubectl
) -> None:
    done = charted.up(release(timeout=2, rollout=True), expect_failure=True)
    assert done.returncode != 0
    assert "was created, but failed to initialize completely" in done.output
    kept = charted.resource("tiny")
    assert kept["outputs"]["status"]["status"] == "failed"
    assert kept["initErrors"]

    charted.up(release(rollout=False))
    assert charted.engine.outputs()["status"]["status"] == "deployed"
    _is_gone(kubectl, "deployment", "tiny", "-n", charted.namespace)

    done = charted.up(release(timeout=2, rollout=True), expect_failure=True)
    assert "failed to initialize completely" in done.output
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 3


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


def test_an_operation_in_progress_is_reported_in_helms_words(
    charted: Stack, kubectl: Kubectl
) -> None:
    charted.up(release())
    _rewrite_status(kubectl, charted.namespace, "pending-upgrade")
    done = charted.up(release(colour="blue"), expect_failure=True)
    assert done.returncode != 0
    assert "another operation (install/upgrade/rollback) is in progress" in done.output
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 1


def test_a_cluster_out_of_reach_is_named_and_nothing_is_forgotten(
    charted: Stack, tmp_path: Path, colour: Callable[..., str]
) -> None:
    charted.up(release())
    reachable = charted.kubeconfig
    config = yaml.safe_load(reachable.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    charted.kubeconfig = tmp_path / "dead.yaml"
    charted.kubeconfig.write_text(json.dumps(config))
    done = charted.up(release(colour="blue"), expect_failure=True)
    assert done.returncode != 0
    assert "unreachable" in done.output
    refreshed = charted.engine.refresh()
    assert refreshed.returncode != 0
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 1

    charted.kubeconfig = reachable
    assert charted.up(release(colour="blue")).changes.get("update", 0) >= 1
    assert colour() == "blue"


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


def test_a_chart_that_can_not_be_found_is_refused_in_the_preview(charted: Stack) -> None:
    charted.write(release().replace("./tiny", "./absent"))
    done = charted.engine.preview()
    assert done.returncode != 0
    assert "absent" in done.output
    assert "check the chart name and repository configuration" in done.output


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


# Only the stand-in runs a command, and only it says what it does with a release that exists.


@pytest.fixture
def only_stand_in(request: pytest.FixtureRequest) -> None:
    if "official" in request.node.name:
        pytest.skip("about the stand-in only")


def test_nothing_secret_is_on_helms_command_line_and_nothing_stays_behind(
    only_stand_in: None, charted: Stack, toolchain: Toolchain, tmp_path: Path
) -> None:
    scratch, said = tmp_path / "scratch", tmp_path / "said"
    scratch.mkdir()
    recorder = tmp_path / "helm"
    recorder.write_text(f'#!/bin/sh\necho "$@" >> {said}\nexec {toolchain.path("helm")} "$@"\n')
    recorder.chmod(0o755)
    charted.engine.env = {"MESHTIER_HELM": str(recorder), "TMPDIR": str(scratch)}
    body = release().replace("values={}", 'values={"password": pulumi.Output.secret("canary-pw")}')
    charted.up(body)
    token = yaml.safe_load(charted.kubeconfig.read_text())["users"][0]["user"].get("token")
    lines = said.read_text()
    assert "install tiny" in lines
    assert "canary-pw" not in lines
    assert not token or token not in lines
    assert not list(scratch.glob("meshtier-helm-*"))
    shutil.rmtree(scratch)
    charted.engine.env = {}


@pytest.mark.parametrize("status", ["deployed", "failed", "pending-install"])
def test_a_release_that_nobody_recorded_is_taken_over_where_the_provider_says_so(
    only_stand_in: None,
    make_stack: Callable[..., Stack],
    kubectl: Kubectl,
    colour: Callable[..., str],
    status: str,
) -> None:
    stack = make_stack(cluster_identifier="contract/one", upsert_existing_objects=True)
    _place(stack)
    stack.up(release())
    urn = stack.resource("tiny")["urn"]
    stack.engine.run("state", "delete", urn, "--yes", "--stack", stack.engine.stack).check()
    _rewrite_status(kubectl, stack.namespace, status)
    assert stack.up(release(colour="blue")).changes == {"create": 1}
    assert colour() == "blue"
    assert stack.engine.outputs()["status"]["status"] == "deployed"


def _rewrite_status(kubectl: Kubectl, namespace: str, status: str) -> None:
    name = "sh.helm.release.v1.tiny.v1"
    stored = kubectl.get("secret", name, "-n", namespace)["data"]["release"]
    kept = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(stored))))
    kept["info"]["status"] = status
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(kept).encode())))
    patch = json.dumps({"data": {"release": packed.decode()}})
    kubectl.run("patch", "secret", name, "-n", namespace, "-p", patch)
