"""A resource is done when it works, not when the server has its object."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from lab.kubectl import Kubectl, KubectlError
from lab.spec import BALANCER_ADDRESSES
from lab.toolchain import Toolchain
from tests.support.session import end_session

from .conftest import Stack

pytestmark = pytest.mark.contract

DEPLOYMENT = """
    labels = {"app": "web"}
    k8s.apps.v1.Deployment(
        "web", metadata=about("web"%s),
        spec={
            "replicas": 1,
            "selector": {"match_labels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "web", "image": "none.example/web:%s"}]},
            },
        },
        opts=pulumi.ResourceOptions(
            provider=provider, custom_timeouts=pulumi.CustomTimeouts(create="%s", update="%s")))
"""


class Hand:
    """Plays the kubelet: says that every Pod of a namespace is ready, until it is stopped."""

    def __init__(self, kubectl: Kubectl, namespace: str) -> None:
        self._kubectl = kubectl
        self._namespace = namespace
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.readied: set[str] = set()

    def __enter__(self) -> "Hand":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            for pod in self._kubectl.get("pods", "-n", self._namespace)["items"]:
                self._ready(pod["metadata"]["name"])

    def _ready(self, name: str) -> None:
        condition = {
            "type": "Ready",
            "status": "True",
            "lastTransitionTime": "2020-01-01T00:00:00Z",
        }
        status = {"status": {"phase": "Running", "podIP": "192.0.2.9", "conditions": [condition]}}
        try:
            self._kubectl.run(
                *("patch", "pod", name, "-n", self._namespace, "--subresource=status"),
                *("--type=merge", "-p", json.dumps(status)),
            )
        except KubectlError:
            return  # it is being deleted
        self.readied.add(name)


def test_a_deployment_waits_for_its_pods(stack: Stack, kubectl: Kubectl) -> None:
    with Hand(kubectl, stack.namespace) as hand:
        stack.up(DEPLOYMENT % ("", "1", "2m", "2m"))
        live = kubectl.get("deployment", "web", "-n", stack.namespace)
        assert live["status"]["availableReplicas"] == 1
        assert stack.resource("web")["outputs"]["status"]["availableReplicas"] == 1
        stack.up(DEPLOYMENT % ("", "2", "2m", "2m"))
        assert len(hand.readied) == 2, "the second generation has a Pod of its own"


def test_a_deployment_that_does_not_become_ready_stays_in_the_state_with_its_reason(
    stack: Stack, kubectl: Kubectl
) -> None:
    done = stack.up(DEPLOYMENT % ("", "1", "3s", "3s"), expect_failure=True)
    assert done.returncode != 0
    assert "was successfully created, but the Kubernetes API server" in done.output
    kept = stack.resource("web")
    assert kept["id"] == f"{stack.namespace}/web"
    assert kept["initErrors"]
    with Hand(kubectl, stack.namespace):
        again = stack.up(DEPLOYMENT % ("", "1", "2m", "2m"))
    assert again.changes == {"update": 1}, "what failed to become ready is tried again"
    assert "initErrors" not in stack.resource("web")


def test_an_interrupted_wait_ends_soon_and_keeps_the_object(
    stack: Stack, kubectl: Kubectl, toolchain: Toolchain
) -> None:
    stack.write(DEPLOYMENT % ("", "1", "5m", "5m"))
    command = [str(toolchain.path("pulumi")), "up", "--yes", "--skip-preview", "--non-interactive"]
    process = subprocess.Popen(
        [*command, "--stack", stack.engine.stack],
        cwd=stack.engine.folder,
        env=stack.engine.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        begun = time.monotonic()
        while not kubectl.get("deployments", "-n", stack.namespace)["items"]:
            assert time.monotonic() - begun < 120
            time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    finally:
        end_session(process.pid)
    assert stack.resource("web")["initErrors"]


def test_a_resource_that_says_so_is_not_waited_for(stack: Stack) -> None:
    skip = ', annotations={"pulumi.com/skipAwait": "true"}'
    begun = time.monotonic()
    stack.up(DEPLOYMENT % (skip, "1", "2m", "2m"))
    assert time.monotonic() - begun < 60


def test_a_load_balancer_waits_for_its_address(stack: Stack, kubectl: Kubectl) -> None:
    body = """
        made = k8s.core.v1.Service(
            "s", metadata=about("s"),
            spec={"type": "LoadBalancer", "ports": [{"name": "tcp", "port": 80}]},
            opts=pulumi.ResourceOptions(
                provider=provider, custom_timeouts=pulumi.CustomTimeouts(create="%s", update="%s")))
        pulumi.export("address", made.status.load_balancer.ingress[0].ip)
    """
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}]}
    taking = [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"taken-{i}"}, "spec": spec}
        for i in range(BALANCER_ADDRESSES)
    ]
    for service in taking:
        service["metadata"]["namespace"] = stack.namespace
    kubectl.apply(taking)
    done = stack.up(body % ("3s", "3s"), expect_failure=True)
    assert done.returncode != 0
    assert "Service was not allocated an IP address" in done.output
    kubectl.run("delete", "service", "-n", stack.namespace, "taken-0")
    stack.up(body % ("1m", "1m"))
    assert stack.engine.outputs()["address"]


SELECTING = """
    k8s.core.v1.Service(
        "s", metadata=about("s"), spec={"selector": {"app": "web"}, "ports": [{"port": 80}]},
        opts=pulumi.ResourceOptions(
            provider=provider, custom_timeouts=pulumi.CustomTimeouts(create="%s", update="%s")))
"""


def test_a_service_waits_for_a_pod_that_it_selects(stack: Stack, kubectl: Kubectl) -> None:
    done = stack.up(SELECTING % ("3s", "3s"), expect_failure=True)
    assert done.returncode != 0
    assert "Service does not target any Pods" in done.output
    # Only a Pod on a node that exists is a Service's target.
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": stack.namespace}}
    kubectl.apply([node])
    try:
        kubectl.run(
            *("run", "web", "-n", stack.namespace, "--image=none.example/web", "--labels=app=web"),
            "--overrides=" + json.dumps({"spec": {"nodeName": stack.namespace}}),
        )
        with Hand(kubectl, stack.namespace):
            stack.up(SELECTING % ("1m", "1m"))
    finally:
        kubectl.run("delete", "node", stack.namespace)


def test_a_definition_serves_its_kind_when_it_is_done(stack: Stack, kubectl: Kubectl) -> None:
    group = f"{stack.namespace}.example"
    stack.up(f"""
        made = k8s.apiextensions.v1.CustomResourceDefinition(
            "things", metadata={{"name": "things.{group}"}}, opts=opts,
            spec={{
                "group": "{group}", "scope": "Namespaced",
                "names": {{"kind": "Thing", "plural": "things"}},
                "versions": [{{
                    "name": "v1", "served": True, "storage": True,
                    "schema": {{"open_apiv3_schema": {{"type": "object"}}}}}}]}})
        pulumi.export("status", made.status)
    """)
    conditions = {
        one["type"]: one["status"] for one in stack.engine.outputs()["status"]["conditions"]
    }
    assert conditions["Established"] == "True"
    assert kubectl.get(f"things.{group}", "-n", stack.namespace)["items"] == []


def test_a_token_secret_waits_for_its_token(stack: Stack) -> None:
    stack.up("""
        account = k8s.core.v1.ServiceAccount("a", metadata=about("a"), opts=opts)
        made = k8s.core.v1.Secret(
            "token", type="kubernetes.io/service-account-token",
            metadata=about(
                "token",
                annotations={"kubernetes.io/service-account.name": account.metadata["name"]}),
            opts=opts)
        pulumi.export("keys", pulumi.Output.unsecret(made.data.apply(lambda data: sorted(data))))
    """)
    assert stack.engine.outputs()["keys"] == ["ca.crt", "namespace", "token"]


def test_a_deleted_namespace_is_gone(make_stack: Callable[..., Stack], kubectl: Kubectl) -> None:
    stack = make_stack()
    stack.up("""
        made = k8s.core.v1.Namespace("n", metadata={"name": NS + "-more"}, opts=opts)
        k8s.core.v1.ConfigMap(
            "c", metadata={"name": "c", "namespace": made.metadata["name"]}, opts=opts)
    """)
    stack.up("")
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get("namespace", f"{stack.namespace}-more")
