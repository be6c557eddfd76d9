"""Kubeconfigs for peers: the shape istiod accepts, nothing beside it."""

import base64

import yaml
from meshtier.plan.kubeconfig import remote_kubeconfig, remote_secret_data, stack_kubeconfig
from meshtier.plan.resources import ExecPlan

LOGIN = ExecPlan(
    command="login", args=("--to", "eu"), provide_cluster_info=True, install_hint="install it"
)


def test_a_kubeconfig_has_one_of_everything_named_after_its_cluster() -> None:
    text = remote_kubeconfig(
        cluster="eu-shop", server="https://10.0.0.1:6443", ca_pem="a certificate\n", token="a token"
    )
    assert yaml.safe_load(text) == {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "eu-shop",
                "cluster": {
                    "certificate-authority-data": "YSBjZXJ0aWZpY2F0ZQo=",
                    "server": "https://10.0.0.1:6443",
                },
            }
        ],
        "users": [{"name": "eu-shop", "user": {"token": "a token"}}],
        "contexts": [{"name": "eu-shop", "context": {"cluster": "eu-shop", "user": "eu-shop"}}],
        "current-context": "eu-shop",
    }


def test_the_stacks_kubeconfig_of_a_made_cluster_runs_the_clouds_command() -> None:
    text = stack_kubeconfig(cluster="eu", server="https://x", authority="YQ==", login=LOGIN)
    seen = yaml.safe_load(text)
    assert seen["clusters"] == [
        {"name": "eu", "cluster": {"certificate-authority-data": "YQ==", "server": "https://x"}}
    ]
    assert seen["users"][0]["user"] == {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "login",
            "args": ["--to", "eu"],
            "provideClusterInfo": True,
            "installHint": "install it",
            "interactiveMode": "Never",
        }
    }


def test_a_publicly_known_authority_is_left_out() -> None:
    text = stack_kubeconfig(cluster="eu", server="https://x", authority=None, login=LOGIN)
    assert yaml.safe_load(text)["clusters"][0]["cluster"] == {"server": "https://x"}


def test_a_name_that_yaml_takes_for_a_number_stays_a_name() -> None:
    text = remote_kubeconfig(cluster="e1", server="https://x", ca_pem="", token="1e3")
    assert yaml.safe_load(text)["users"] == [{"name": "e1", "user": {"token": "1e3"}}]


def test_the_secret_holds_one_key_per_peer_in_any_order() -> None:
    seen = remote_secret_data({"us": "config of us", "eu": "config of eu"})
    assert list(seen) == ["eu", "us"], "the same peers always make the same Secret"
    assert base64.b64decode(seen["us"]) == b"config of us"
