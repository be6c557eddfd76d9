"""The provider itself: which cluster it is, and what happens when that doesn't answer."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.kubectl import Kubectl

from .conftest import Stack

pytestmark = pytest.mark.contract

ONE = 'k8s.core.v1.ConfigMap("c", metadata=about("c"), data={"a": "%s"}, opts=opts)'


def elsewhere(kubeconfig: Path, target: Path, server: str = "") -> Path:
    """A copy of a kubeconfig that points to a port where nobody listens, or to `server`."""
    if not server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            server = f"https://127.0.0.1:{probe.getsockname()[1]}"
    config = json.loads(kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = server
    target.write_text(json.dumps(config))
    return target


def test_another_address_of_an_identified_cluster_replaces_nothing(
    stack: Stack, kubeconfig: Path, tmp_path: Path
) -> None:
    stack.up(ONE % "b")
    address = json.loads(kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
    stack.kubeconfig = elsewhere(
        kubeconfig, tmp_path / "moved.yaml", address.replace("127.0.0.1", "localhost")
    )
    done = stack.up(ONE % "b")
    assert done.changes == {"update": 1}, "only the provider itself"
    assert stack.resource("cluster")["inputs"]["kubeconfig"]


def test_another_address_without_an_identity_replaces_everything(
    make_stack: Callable[..., Stack], kubeconfig: Path, tmp_path: Path
) -> None:
    stack = make_stack()
    stack.up(ONE % "b")
    address = json.loads(kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
    stack.kubeconfig = elsewhere(
        kubeconfig, tmp_path / "moved.yaml", address.replace("127.0.0.1", "localhost")
    )
    assert stack.preview(ONE % "b").changes == {"replace": 2}


def test_another_identity_replaces_everything(stack: Stack) -> None:
    stack.up(ONE % "b")
    stack.provider = {"cluster_identifier": "contract/two"}
    assert stack.preview(ONE % "b").changes == {"replace": 2}


def test_an_unreachable_cluster_fails_every_step_and_loses_no_state(
    stack: Stack, kubeconfig: Path, kubectl: Kubectl, tmp_path: Path
) -> None:
    stack.up(ONE % "b")
    before = stack.resource("c")
    stack.kubeconfig = elsewhere(kubeconfig, tmp_path / "gone.yaml")
    server = json.loads(stack.kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
    two = ONE % "b" + '\n    k8s.core.v1.ConfigMap("d", metadata=about("d"), opts=opts)'.replace(
        "    ", ""
    )

    assert stack.preview(two).changes["create"] == 1, "a preview goes on from the inputs"

    created = stack.up(two, expect_failure=True)
    assert created.returncode != 0
    assert "configured Kubernetes cluster is unreachable" in created.output
    assert server in created.output, "says which server"

    changed = stack.up(ONE % "changed", expect_failure=True)
    assert changed.returncode != 0
    for command in (stack.engine.refresh, stack.engine.destroy):
        failed = command()
        assert failed.returncode != 0
        assert "unreachable" in failed.output

    after = stack.resource("c")
    assert (after["id"], after["inputs"]) == (before["id"], before["inputs"])
    stack.kubeconfig = kubeconfig
    assert "create" not in stack.up(ONE % "b").changes
    assert kubectl.get("configmap", "c", "-n", stack.namespace)["data"] == {"a": "b"}


def test_a_lost_cluster_leaves_the_state_where_the_provider_says_so(
    make_stack: Callable[..., Stack], kubeconfig: Path, tmp_path: Path
) -> None:
    stack = make_stack(cluster_identifier="contract/one", delete_unreachable=True)
    stack.up(ONE % "b")
    stack.kubeconfig = elsewhere(kubeconfig, tmp_path / "gone.yaml")
    stack.up("")
    assert not [one for one in stack.engine.resources() if one["urn"].endswith("::c")]


def test_a_kubeconfig_that_is_not_known_yet_previews_creations(
    stack: Stack, kubeconfig: Path
) -> None:
    body = """
        key = tls.PrivateKey(
            "key", algorithm="ED25519", opts=pulumi.ResourceOptions(provider=tls.Provider("tls")))
        text = open(settings["kubeconfig"]).read()
        later = k8s.Provider(
            "later",
            kubeconfig=key.public_key_pem.apply(lambda _: text),
            cluster_identifier="contract/later",
        )
        k8s.core.v1.ConfigMap(
            "c", metadata=about("c"), data={"a": "b"},
            opts=pulumi.ResourceOptions(provider=later))
    """
    previewed = stack.preview(body)
    # The stack, three providers, the key and the object.
    assert previewed.changes == {"create": 6}
    done = stack.up(body)
    assert done.changes == {"create": 6}


def test_a_kubeconfig_may_be_a_path_and_name_a_context(
    make_stack: Callable[..., Stack], kubeconfig: Path, kubectl: Kubectl, tmp_path: Path
) -> None:
    stack = make_stack(context="contract")
    copy = tmp_path / "copy.yaml"
    shutil.copy(kubeconfig, copy)
    body = f"""
        by_path = k8s.Provider("path", kubeconfig="{copy}", namespace=NS)
        k8s.core.v1.ConfigMap(
            "c", metadata={{"name": "c"}}, data={{"a": "b"}},
            opts=pulumi.ResourceOptions(provider=by_path))
    """
    stack.up(body)
    assert kubectl.get("configmap", "c", "-n", stack.namespace)["data"] == {"a": "b"}


def test_an_exec_plugin_logs_in(stack: Stack, kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl.run("create", "serviceaccount", "robot", "-n", stack.namespace)
    subject = f"--serviceaccount={stack.namespace}:robot"
    kubectl.run(
        "create", "rolebinding", "robot", "-n", stack.namespace, "--clusterrole=edit", subject
    )
    token = kubectl.run("create", "token", "robot", "-n", stack.namespace).strip()
    api = "client.authentication.k8s.io/v1"
    answer = tmp_path / "answer.json"
    answer.write_text(
        json.dumps({"apiVersion": api, "kind": "ExecCredential", "status": {"token": token}})
    )
    config = json.loads(stack.kubeconfig.read_text())
    login = {"apiVersion": api, "command": "cat", "args": [str(answer)], "interactiveMode": "Never"}
    config["users"][0]["user"] = {"exec": login}
    stack.kubeconfig = tmp_path / "exec.yaml"
    stack.kubeconfig.write_text(json.dumps(config))
    stack.up(ONE % "b")
    live = kubectl.get("configmap", "c", "-n", stack.namespace, "--show-managed-fields")
    assert live["data"] == {"a": "b"}
    outside = stack.up(
        'k8s.core.v1.Namespace("n", metadata={"name": NS + "-more"}, opts=opts)',
        expect_failure=True,
    )
    assert "forbidden" in outside.output, "it really is the other user"
