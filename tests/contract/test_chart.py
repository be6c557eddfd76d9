"""A chart's objects as resources: their names, parent, order, and what helm's marks mean."""

from collections.abc import Iterator
from typing import Any

import pytest

from lab.kubectl import Kubectl, KubectlError

from .conftest import Stack

pytestmark = pytest.mark.contract

CHART = {
    "Chart.yaml": "{apiVersion: v2, name: tiny, version: 1.2.3}",
    "values.yaml": "{colour: red}",
    "crds/widgets.yaml": """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.charts.contract.example}
spec:
  group: charts.contract.example
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
""",
    "templates/a-widget.yaml": """\
apiVersion: charts.contract.example/v1
kind: Widget
metadata: {name: one}
spec: {colour: {{ .Values.colour }}}
""",
    "templates/settings.yaml": """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: kept
      labels: {colour: {{ .Values.colour }}}
      annotations: {helm.sh/resource-policy: keep}
  - apiVersion: v1
    kind: Secret
    metadata: {name: hidden}
    stringData: {password: canary-of-the-chart}
""",
    "templates/hook.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
""",
    "templates/cluster.yaml": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: {{ .Release.Namespace }}-nothing}
rules: []
""",
}

PROGRAM = """
    k8s.helm.v4.Chart(
        "tiny", chart="./tiny", namespace=NS, values={"colour": "%s"}, skip_await=%s, opts=opts)
"""
GROUP = "charts.contract.example"


@pytest.fixture
def charted(stack: Stack, kubectl: Kubectl) -> Iterator[Stack]:
    """A stack whose program has the chart beside it; the definition is removed at the end."""
    for name, text in CHART.items():
        path = stack.program / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    yield stack
    kubectl.run("delete", "crd", f"widgets.{GROUP}", "--ignore-not-found")


def children_of_chart(charted: Stack) -> dict[str, dict[str, Any]]:
    """What the state holds below the chart, by type."""
    component = charted.resource("tiny")
    assert component["type"] == "kubernetes:helm.sh/v4:Chart"
    return {
        one["type"]: one
        for one in charted.engine.resources()
        if one.get("parent") == component["urn"]
    }


def test_objects_of_a_chart_are_children_with_names_of_their_own(
    charted: Stack, kubectl: Kubectl
) -> None:
    ns = charted.namespace
    done = charted.up(PROGRAM % ("red", "False"))
    children = {
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": f"widgets.{GROUP}",
        f"kubernetes:{GROUP}/v1:Widget": f"{ns}/one",
        "kubernetes:core/v1:ServiceAccount": f"{ns}/kept",
        "kubernetes:core/v1:Secret": f"{ns}/hidden",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": f"{ns}-nothing",
    }
    made = children_of_chart(charted)
    assert {type: one["urn"].rsplit("::", 1)[1] for type, one in made.items()} == {
        type: f"tiny:{name}" for type, name in children.items()
    }
    provider = charted.resource("cluster")["urn"]
    assert all(one["provider"].startswith(provider) for one in made.values())
    assert {t for t, one in made.items() if one.get("retainOnDelete")} == {
        "kubernetes:core/v1:ServiceAccount"
    }
    order = [one.type for one in done.operations if one.op == "create"]
    definition, widget, *_ = (order.index(type) for type in children)
    assert definition < widget, "a definition comes before what it defines"
    assert "canary-of-the-chart" not in charted.plain_state()
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get("configmap", "hook", "-n", ns)

    assert charted.up(PROGRAM % ("red", "False")).changes == {}
    changed = charted.up(PROGRAM % ("blue", "True"))
    assert changed.counts[f"update kubernetes:{GROUP}/v1:Widget"] == 1
    widget_now = kubectl.get("widgets", "one", "-n", ns)
    assert widget_now["spec"] == {"colour": "blue"}
    assert widget_now["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"

    charted.engine.destroy().check()
    kept = kubectl.get("serviceaccount", "kept", "-n", ns)
    assert kept["metadata"]["labels"]["colour"] == "blue"
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get("secret", "hidden", "-n", ns)


def test_a_preview_lists_the_children_and_unknown_values_leave_them_out(charted: Stack) -> None:
    seen = charted.preview(PROGRAM % ("red", "False"))
    created = {one.name for one in seen.operations if one.op == "create"}
    assert f"tiny:{charted.namespace}/one" in created

    unknown = """
    key = tls.PrivateKey(
        "key", algorithm="ED25519", opts=pulumi.ResourceOptions(provider=tls.Provider("tls")))
    k8s.helm.v4.Chart(
        "tiny", chart="./tiny", namespace=NS, values={"colour": key.public_key_openssh}, opts=opts)
    """
    seen = charted.preview(unknown)
    created = {one.name for one in seen.operations if one.op == "create"}
    assert "tiny" in created
    assert not [name for name in created if name.startswith("tiny:")]
    assert "unknown values" in seen.output
