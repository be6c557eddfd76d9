"""Echo workloads in every member: who answers, what it saw, and from where it was called."""

from collections.abc import Iterable
from typing import Any, Final

from .kubectl import Kubectl

NAMESPACE: Final = "probe"
PLAIN: Final = "probe-plain"
"""Namespace without sidecars: what stands outside the mesh."""
IMAGE: Final = "docker.io/meshtier/echo:1"
PORT: Final = 8080


def service_name(cluster: str) -> str:
    """Return the Service that only this cluster's workload answers for."""
    return f"echo-{cluster}"


def url(cluster: str) -> str:
    """Return the address by which every member calls the workload of one cluster."""
    return f"http://{service_name(cluster)}.{NAMESPACE}.svc.cluster.local:{PORT}/"


def install(kubectl: Kubectl, cluster: str, members: Iterable[str]) -> None:
    """Create one cluster's workload, and the Services of all members.

    A Service that exists only in another cluster has no DNS name here, so each cluster
    gets every name (Istio, "deployment models": namespace sameness).
    """
    kubectl.apply(
        [
            _namespace(NAMESPACE, injected=True),
            _namespace(PLAIN, injected=False),
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": service_name(cluster), "namespace": NAMESPACE},
            },
            *(_service(member) for member in members),
            _deployment(cluster, NAMESPACE, service_account=service_name(cluster)),
            _deployment(cluster, PLAIN, service_account="default"),
        ]
    )


def wait(kubectl: Kubectl, cluster: str, seconds: int = 120) -> None:
    """Wait until both workloads of a cluster are rolled out."""
    for namespace in (NAMESPACE, PLAIN):
        target = f"deploy/{service_name(cluster)}"
        kubectl.run("rollout", "status", target, "-n", namespace, f"--timeout={seconds}s")


def remove(kubectl: Kubectl) -> None:
    """Remove the workloads of a cluster and wait until they are gone."""
    kubectl.run("delete", "namespace", NAMESPACE, PLAIN, "--ignore-not-found", "--wait=true")


def _namespace(name: str, *, injected: bool) -> dict[str, Any]:
    injection = {"istio-injection": "enabled" if injected else "disabled"}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": injection},
    }


def _service(cluster: str) -> dict[str, Any]:
    name = service_name(cluster)
    port = {"name": "http", "port": PORT, "targetPort": PORT, "appProtocol": "http"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": {"app": name}},
        "spec": {"selector": {"app": name}, "ports": [port]},
    }


def _deployment(cluster: str, namespace: str, *, service_account: str) -> dict[str, Any]:
    name = service_name(cluster)
    container = {
        "name": "echo",
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": PORT}],
        "env": [{"name": "CLUSTER", "value": cluster}],
        "readinessProbe": {
            "httpGet": {"path": "/healthz", "port": PORT},
            "periodSeconds": 1,
        },
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "serviceAccountName": service_account,
                    "terminationGracePeriodSeconds": 1,
                    "containers": [container],
                },
            },
        },
    }
