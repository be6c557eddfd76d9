"""What is refused, in which words, and that nothing is registered then."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import meshtier
import pulumi
import pytest

from tests.mocked.documents import SETTINGS, document, on
from tests.support.recorder import Recorder, pem, record


def refusal(program: Callable[[], object]) -> list[str]:
    """Return the lines a program is refused with; fails when it registered anything."""
    recorder = Recorder()
    with pytest.raises(pulumi.RunError) as refused:
        record(program, recorder)
    assert recorder.registered == [], "nothing may exist after a refusal"
    return str(refused.value).splitlines()


def environment(args: dict[str, Any]) -> Callable[[], object]:
    """Return the program of one environment."""
    return lambda: meshtier.Environment("prod", args)  # pyright: ignore[reportArgumentType]


def test_a_wrong_document_is_refused_before_anything_exists(folder: Path) -> None:
    wrong = document()
    wrong["seeds"]["eu"]["userClusters"]["eu-a"]["mesh"] = {"netwrok": "a"}
    lines = refusal(environment({"environment": wrong}))
    assert any("seeds.eu.userClusters.eu-a.mesh.netwrok" in line for line in lines)


def test_a_missing_kubeconfig_is_told_beside_whatever_else_is_wrong(folder: Path) -> None:
    (folder / "eu-a.yaml").unlink()
    wrong = document()
    wrong["seeds"]["eu"]["userClusters"]["eu-a"]["mesh"] = {"netwrok": "a"}
    paths = [line.split(":")[0] for line in refusal(environment({"environment": wrong}))]
    assert paths == [
        "seeds.eu.userClusters.eu-a.mesh.netwrok",
        "seeds.eu.userClusters.eu-a.cloud.existing.kubeconfig",
    ]


def test_every_missing_kubeconfig_is_told_at_once(folder: Path) -> None:
    (folder / "hq.yaml").unlink()
    (folder / "eu-a.yaml").write_text("just: text\n")
    (folder / "us-b.yaml").write_bytes(b"\xff\xfe")
    assert refusal(environment({"environment": document()})) == [
        "master.cloud.existing.kubeconfig: got 'hq.yaml' (no such file or directory); "
        "allowed a readable kubeconfig file, relative to the program; "
        "create the file or correct it",
        "seeds.eu.userClusters.eu-a.cloud.existing.kubeconfig: got 'eu-a.yaml' (no context set); "
        "allowed a readable kubeconfig file, relative to the program; write a kubeconfig there",
        "seeds.eu.userClusters.us-b.cloud.existing.kubeconfig: got 'us-b.yaml' (not text); "
        "allowed a readable kubeconfig file, relative to the program; "
        "create the file or correct it",
    ]


def test_a_kubeconfig_that_is_not_yaml_is_not_quoted(folder: Path) -> None:
    (folder / "hq.yaml").write_text("token: [canary\n: x")
    (line,) = refusal(environment({"environment": document()}))
    assert "(not YAML)" in line
    assert "canary" not in line


def test_a_context_that_does_not_exist_is_named(folder: Path) -> None:
    wrong = document()
    wrong["master"]["cloud"]["existing"]["context"] = "other"
    (line,) = refusal(environment({"environment": wrong}))
    assert "'hq.yaml' (no context named 'other')" in line


def test_a_kubeconfig_key_without_a_value_is_refused(folder: Path) -> None:
    wrong = document()
    wrong["master"]["cloud"] = {"existing": {"kubeconfigKey": "hq"}}
    lines = refusal(environment({"environment": wrong, "kubeconfigs": {"other": "x"}}))
    assert lines == [
        "master.cloud.existing.kubeconfigKey: got 'hq', under which no kubeconfig is given; "
        "allowed the name of a given one (other); "
        "set the secret with `pulumi config set --secret meshtier:hq`"
    ]


def test_a_chain_of_trust_that_nothing_asks_for_is_refused(folder: Path) -> None:
    trust = {"root_certificate": pem("root"), "members": {}}
    (line,) = refusal(environment({"environment": document(), "trust": trust}))
    assert line == (
        "trust: got a chain of trust that nothing asks for; allowed one only with "
        "`mesh.trust.root: provided`; remove it, or set `mesh.trust.root` to 'provided'"
    )


def test_a_cloud_without_its_extra_is_told_once_with_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)
    told = (
        "got a cloud whose SDK, pulumi-aws, is not installed; "
        "allowed a cloud whose extra of meshtier is installed; "
        'run `pip install "meshtier[aws]"`'
    )
    asked = on("gcp", "aws")
    assert refusal(environment({"environment": asked})) == [f"seeds.eu.cloud.aws: {told}"]
    del asked["mesh"]["id"]
    lines = refusal(environment({"environment": asked}))
    assert [line.partition(":")[0] for line in lines] == ["mesh.id", "seeds.eu.cloud.aws"]


def test_defaults_of_a_cloud_alone_ask_for_no_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_gcp", None)
    asked = document()
    asked["master"]["defaults"] = {"cloud": {"gcp": SETTINGS["gcp"]}}
    del asked["mesh"]["id"]
    (line,) = refusal(environment({"environment": asked}))
    assert line.startswith("mesh.id:")
