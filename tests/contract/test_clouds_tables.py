"""What the tables of the cloud plugins say is true of the official SDKs, and whom logins answer."""

import json
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from lab.plugins.aws.kinds import KINDS as AWS
from lab.plugins.cloud import extract, login
from lab.plugins.cloud.clusters import api_server
from lab.plugins.cloud.model import Kind
from lab.plugins.cloud.store import Cloud
from lab.plugins.contract import PluginError
from lab.plugins.gcp.kinds import KINDS as GCP

from .cloud_caller import PLUGINS

pytestmark = pytest.mark.contract

KINDS = {**AWS, **GCP}


@pytest.mark.parametrize("package", PLUGINS)
def test_versions_and_shapes_are_those_of_the_sdk(package: str) -> None:
    from importlib.metadata import version

    assert PLUGINS[package].version == version(f"pulumi-{package}")
    kinds = import_module(f"lab.plugins.{package}.kinds").KINDS
    fresh = extract.text(extract.Extraction(package).read(kinds))
    assert extract.path(package).read_text() == fresh, "run python -m lab.plugins.cloud.extract"


@pytest.mark.parametrize("type", KINDS)
def test_a_table_names_only_what_the_type_has(type: str) -> None:
    shapes = PLUGINS[type.split(":")[0]].shapes
    kind = KINDS[type]
    inputs, outputs = shapes.inputs(type), shapes.outputs(type)
    assert set(_named_inputs(kind)) <= inputs
    assert {path.split(".")[0] for path in kind.outputs} <= inputs | outputs
    assert {link.to for link in kind.links} <= set(KINDS)


def _named_inputs(kind: Kind) -> Iterator[str]:
    paths = (*kind.replaces, *kind.keeps, *kind.defaults, *kind.unique, *kind.choices)
    for path in (*paths, *(link.path for link in kind.links), *sum(kind.alternatives, ())):
        yield re.split(r"[.\[]", path)[0]
    if kind.named:
        yield kind.named


def test_an_exec_plugin_answers_for_the_cluster_it_is_asked_for(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--region", "us-west-2", "--output", "json", "eks", "get-token"]
    asked += ["--cluster-name", "shop", "--role-arn", "arn:aws:iam::1:role/mesh"]
    assert login.answer("aws", asked)["status"] == {
        "clientCertificateData": "certificate of shop",
        "clientKeyData": "key of shop",
    }
    with pytest.raises(PluginError, match="no API server for the cluster 'lost'"):
        login.answer("aws", ["eks", "get-token", "--cluster-name", "lost"])
    asked = ["--use_application_default_credentials"]
    with pytest.raises(PluginError, match="gcloud isn't logged in"):
        login.answer("gke-gcloud-auth-plugin", [])
    with pytest.raises(PluginError, match="needs provideClusterInfo"):
        login.answer("gke-gcloud-auth-plugin", asked)
    info = {"apiVersion": "v", "spec": {"cluster": {"server": api_server(cloud, "pay").server}}}
    monkeypatch.setenv("KUBERNETES_EXEC_INFO", json.dumps(info))
    answered = login.answer("gke-gcloud-auth-plugin", asked)
    assert answered["status"]["clientKeyData"] == "key of pay"
    assert answered["apiVersion"] == "v"
