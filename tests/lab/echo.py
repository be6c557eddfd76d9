"""The lab's echo workload as one pod with a Service, and requests sent from it."""

import json
from typing import Any

from lab.kubectl import Kubectl
from lab.running import RunningLab

POD = "caller"
SERVICE = "echo"
NAMESPACE = "default"
IMAGE = "docker.io/meshtier/echo:1"


def install(kubectl: Kubectl, cluster: str) -> None:
    """Create the pod and its LoadBalancer Service; return when the pod is Ready."""
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1}
    container = {
        "name": "echo",
        "image": IMAGE,
        "env": [{"name": "CLUSTER", "value": cluster}],
        "readinessProbe": probe,
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": POD, "namespace": NAMESPACE, "labels": {"app": SERVICE}},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [container]},
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": SERVICE, "namespace": NAMESPACE},
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": SERVICE},
            "ports": [{"port": 80, "targetPort": 8080}],
        },
    }
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": NAMESPACE},
    }
    # The controller makes the account too; a pod that comes first would be refused.
    kubectl.apply([account])
    kubectl.apply([pod, service])
    kubectl.run("wait", f"pod/{POD}", "--for=condition=Ready", "--timeout=120s")
    ingress = "--for=jsonpath={.status.loadBalancer.ingress[0].ip}"
    kubectl.run("wait", f"service/{SERVICE}", ingress, "--timeout=120s")


def pod_address(kubectl: Kubectl) -> str:
    return kubectl.get("pod", POD)["status"]["podIP"]


def balancer_address(kubectl: Kubectl) -> str:
    return kubectl.get("service", SERVICE)["status"]["loadBalancer"]["ingress"][0]["ip"]


def get(lab: RunningLab, cluster: str, url: str, tries: int = 20) -> dict[str, Any]:
    """What a request from the cluster's pod brought back: see the echo program.

    Tries again because kube-proxy refuses connections for a moment after endpoints change.
    """
    argv = ["/echo", "get", "-timeout", "2s", "-n", str(tries), url]
    done = lab.clusters[cluster].exec(POD, NAMESPACE, "echo", argv, timeout=90)
    return json.loads(done.stdout)


def answered_by(answer: dict[str, Any]) -> str:
    """The cluster whose echo answered with 200."""
    assert answer["status"] == 200, answer
    return json.loads(answer["body"])["cluster"]
