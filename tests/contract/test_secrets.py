"""What is secret stays out of the readable state, events and output."""

import json

import pytest

from lab.kubectl import Kubectl

from .conftest import Stack

pytestmark = pytest.mark.contract

CANARY = "Canary-3f8a"
ENCODED = "Q2FuYXJ5LTNmOGE"


def test_secret_data_is_encrypted_in_the_state(stack: Stack, kubectl: Kubectl) -> None:
    body = f"""
        made = k8s.core.v1.Secret(
            "s", metadata=about("s"), string_data={{"password": "{CANARY}%s"}}, opts=opts)
        pulumi.export("data", made.data)
    """
    first = stack.up(body % "")
    live = kubectl.get("secret", "s", "-n", stack.namespace)["data"]["password"]
    assert live.startswith(ENCODED)
    stack.engine.refresh().check()
    assert stack.up(body % "").changes == {}
    second = stack.up(body % "-two")
    assert second.changes == {"replace": 1}
    state = stack.plain_state()
    for text in (state, first.output, second.output, json.dumps([*first.events, *second.events])):
        assert CANARY not in text
        assert ENCODED not in text
    assert stack.engine.outputs(show_secrets=True)["data"]["password"].startswith(ENCODED)


def test_a_secret_input_anywhere_is_a_secret_output(stack: Stack) -> None:
    body = f"""
        hidden = pulumi.Output.secret("{CANARY}")
        made = k8s.core.v1.ConfigMap(
            "c", metadata=about("c", annotations={{"a": hidden, "b": "seen"}}),
            data={{"key": hidden, "other": "visible"}}, opts=opts)
        pulumi.export("metadata", made.metadata)
    """
    stack.up(body)
    stack.engine.refresh().check()
    stack.up(body)
    state = stack.plain_state()
    assert CANARY not in state
    assert "visible" in json.dumps(stack.resource("c")["outputs"]), "only what is secret is hidden"


def test_the_kubeconfig_is_encrypted_in_the_state(stack: Stack) -> None:
    stack.up('k8s.core.v1.ConfigMap("c", metadata=about("c"), opts=opts)')
    assert "client-key-data" not in stack.plain_state()
