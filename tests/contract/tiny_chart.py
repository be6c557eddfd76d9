"""A small chart of our own, the program that installs it, and looks at what came of it."""

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from lab.kubectl import Kubectl, KubectlError

from .conftest import Stack

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
    """The program, with a release's name, its patience in seconds and its values."""
    return RELEASE % {"name": name, "timeout": timeout, "values": repr(values)}


def place(stack: Stack) -> Stack:
    """Put the chart beside the stack's program."""
    for name, text in CHART.items():
        path = stack.program / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return stack


def colour_of(kubectl: Kubectl, namespace: str) -> Callable[..., str]:
    """Asks for the colour that a release's ConfigMap has in the cluster."""

    def get(name: str = "tiny") -> str:
        return kubectl.get("configmap", f"{name}-settings", "-n", namespace)["data"]["colour"]

    return get


def is_gone(kubectl: Kubectl, *which: str) -> None:
    """Assert that the cluster has no such object."""
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get(*which)


def rewrite_status(kubectl: Kubectl, namespace: str, status: str) -> None:
    """Change what helm keeps about the first revision of the release."""
    name = "sh.helm.release.v1.tiny.v1"
    stored = kubectl.get("secret", name, "-n", namespace)["data"]["release"]
    kept = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(stored))))
    kept["info"]["status"] = status
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(kept).encode())))
    patch = json.dumps({"data": {"release": packed.decode()}})
    kubectl.run("patch", "secret", name, "-n", namespace, "-p", patch)
