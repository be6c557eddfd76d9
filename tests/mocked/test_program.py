"""The repository's own program: from a stack's config to an environment."""

import base64
import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.mocked.documents import document, kubeconfig
from tests.support.recorder import Recorder, pem, record

PROGRAM = Path(__file__).parents[2] / "__main__.py"


@pytest.fixture(autouse=True)
def _no_config_is_left() -> Iterator[None]:
    yield
    pulumi.runtime.set_all_config({})


def run(
    config: dict[str, Any], secrets: tuple[str, ...] = (), recorder: Recorder | None = None
) -> Recorder:
    """Run the program with a stack's config, as the engine hands it over."""
    texts = {
        f"meshtier:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
    }
    pulumi.runtime.set_all_config(texts, [f"meshtier:{key}" for key in secrets])
    return record(lambda: runpy.run_path(str(PROGRAM)), recorder)


def test_the_stacks_name_is_the_environments(folder: Path) -> None:
    seen = run({"environment": document()})
    assert [one.name for one in seen.of("Environment")] == ["test"]


def test_kubeconfigs_come_from_the_config_keys_that_the_document_names(folder: Path) -> None:
    asked = document()
    asked["master"]["cloud"] = {"existing": {"kubeconfigKey": "hqAccess"}}
    member = asked["seeds"]["eu"]["userClusters"]["eu-a"]["cloud"]["existing"]
    del member["kubeconfig"]
    member["kubeconfigKey"] = "euAccess"
    config = {"environment": asked, "hqAccess": kubeconfig("H"), "euAccess": kubeconfig("E")}
    seen = run(config, ("hqAccess", "euAccess"))
    for name, text in (("hq", kubeconfig("H")), ("eu-a", kubeconfig("E"))):
        provider = seen.one("kubernetes", f"test-{name}-provider")
        assert provider.inputs["kubeconfig"] == text
        assert "kubeconfig" in provider.secrets


def test_a_key_without_a_value_is_told_by_name(folder: Path) -> None:
    asked = document()
    asked["master"]["cloud"] = {"existing": {"kubeconfigKey": "hqAccess"}}
    with pytest.raises(pulumi.RunError, match=r"pulumi config set --secret meshtier:hqAccess"):
        run({"environment": asked})


def test_a_given_chain_of_trust_comes_from_the_config(folder: Path) -> None:
    trust = {
        "rootCertificate": pem("root"),
        "members": {
            name: {"certificate": pem(f"{name} certificate"), "key": pem(f"{name} key")}
            for name in ("eu-a", "us-b")
        },
    }
    asked = document({"trust": {"root": "provided"}})
    seen = run({"environment": asked, "trust": trust}, ("trust",))
    cacerts = seen.one("Secret", "test-mesh-us-b-cacerts")
    assert base64.b64decode(cacerts.inputs["data"]["ca-key.pem"]).decode() == pem("us-b key")
    assert "data" in cacerts.secrets


def test_a_document_with_encrypted_values_is_refused_before_anything_exists(folder: Path) -> None:
    seen = Recorder()
    with pytest.raises(pulumi.RunError) as refused:
        run({"environment": document()}, ("environment",), seen)
    assert str(refused.value) == (
        "meshtier:environment: got encrypted values; allowed a document in clear, for plan and "
        "state show it; keep secrets in config keys of their own or in Secrets of the clusters, "
        "and name those in the document"
    )
    assert seen.registered == []


@pytest.mark.parametrize(
    ("trust", "paths"),
    [
        ("CANARY", ["trust"]),
        ([1], ["trust"]),
        ({}, ["trust.rootCertificate", "trust.members.eu-a", "trust.members.us-b"]),
        (
            {"rootCertificate": "x", "members": {"eu-a": {"key": "CANARY"}, "us-b": "CANARY"}},
            ["trust.members.eu-a.certificate", "trust.members.us-b"],
        ),
    ],
)
def test_a_given_chain_of_trust_of_another_shape_is_refused_and_not_shown(
    folder: Path, trust: object, paths: list[str]
) -> None:
    asked = document({"trust": {"root": "provided"}})
    with pytest.raises(pulumi.RunError) as refused:
        run({"environment": asked, "trust": trust}, ("trust",))
    said = str(refused.value)
    assert [line.partition(":")[0] for line in said.splitlines()] == paths
    assert "CANARY" not in said
