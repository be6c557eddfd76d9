"""A Helm release that is refused, fails half way, is out of reach, or was there before."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from lab.kubectl import Kubectl
from lab.toolchain import Toolchain

from .conftest import Stack
from .tiny_chart import colour_of, is_gone, place, release, rewrite_status

pytestmark = pytest.mark.contract


@pytest.fixture
def charted(stack: Stack) -> Stack:
    return place(stack)


@pytest.fixture
def colour(kubectl: Kubectl, namespace: str) -> Callable[..., str]:
    return colour_of(kubectl, namespace)


def test_a_name_in_use_is_refused(charted: Stack, colour: Callable[..., str]) -> None:
    charted.up(release())
    second = release(colour="blue").replace('"tiny", name=', '"second", name=')
    done = charted.up(release() + second, expect_failure=True)
    assert done.returncode != 0
    assert "cannot re-use a name that is still in use" in done.output
    assert colour() == "red"
    assert not [one for one in charted.engine.resources() if one["urn"].endswith("::second")]


def test_a_release_that_does_not_become_ready_stays_in_the_state(
    charted: Stack, kubectl: Kubectl
) -> None:
    done = charted.up(release(timeout=2, rollout=True), expect_failure=True)
    assert done.returncode != 0
    assert "was created, but failed to initialize completely" in done.output
    kept = charted.resource("tiny")
    assert kept["outputs"]["status"]["status"] == "failed"
    assert kept["initErrors"]

    charted.up(release(rollout=False))
    assert charted.engine.outputs()["status"]["status"] == "deployed"
    is_gone(kubectl, "deployment", "tiny", "-n", charted.namespace)

    done = charted.up(release(timeout=2, rollout=True), expect_failure=True)
    assert "failed to initialize completely" in done.output
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 3


def test_an_operation_in_progress_is_reported_in_helms_words(
    charted: Stack, kubectl: Kubectl
) -> None:
    charted.up(release())
    rewrite_status(kubectl, charted.namespace, "pending-upgrade")
    done = charted.up(release(colour="blue"), expect_failure=True)
    assert done.returncode != 0
    assert "another operation (install/upgrade/rollback) is in progress" in done.output
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 1


def test_a_cluster_out_of_reach_is_named_and_nothing_is_forgotten(
    charted: Stack, tmp_path: Path, colour: Callable[..., str]
) -> None:
    charted.up(release())
    reachable = charted.kubeconfig
    config = yaml.safe_load(reachable.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    charted.kubeconfig = tmp_path / "dead.yaml"
    charted.kubeconfig.write_text(json.dumps(config))
    done = charted.up(release(colour="blue"), expect_failure=True)
    assert done.returncode != 0
    assert "unreachable" in done.output
    refreshed = charted.engine.refresh()
    assert refreshed.returncode != 0
    assert charted.resource("tiny")["outputs"]["status"]["revision"] == 1

    charted.kubeconfig = reachable
    assert charted.up(release(colour="blue")).changes.get("update", 0) >= 1
    assert colour() == "blue"


def test_a_chart_that_can_not_be_found_is_refused_in_the_preview(charted: Stack) -> None:
    charted.write(release().replace("./tiny", "./absent"))
    done = charted.engine.preview()
    assert done.returncode != 0
    assert "absent" in done.output
    assert "check the chart name and repository configuration" in done.output


# Only the stand-in runs a command.


@pytest.fixture
def only_stand_in(request: pytest.FixtureRequest) -> None:
    if "official" in request.node.name:
        pytest.skip("about the stand-in only")


def test_nothing_secret_is_on_helms_command_line_and_nothing_stays_behind(
    only_stand_in: None, charted: Stack, toolchain: Toolchain, tmp_path: Path
) -> None:
    scratch, said = tmp_path / "scratch", tmp_path / "said"
    scratch.mkdir()
    recorder = tmp_path / "helm"
    recorder.write_text(f'#!/bin/sh\necho "$@" >> {said}\nexec {toolchain.path("helm")} "$@"\n')
    recorder.chmod(0o755)
    charted.engine.env = {"MESHTIER_HELM": str(recorder), "TMPDIR": str(scratch)}
    body = release().replace("values={}", 'values={"password": pulumi.Output.secret("canary-pw")}')
    charted.up(body)
    token = yaml.safe_load(charted.kubeconfig.read_text())["users"][0]["user"].get("token")
    lines = said.read_text()
    assert "install tiny" in lines
    assert "canary-pw" not in lines
    assert not token or token not in lines
    assert not list(scratch.glob("meshtier-helm-*"))
    shutil.rmtree(scratch)
    charted.engine.env = {}


def test_a_release_that_nobody_recorded_is_refused_also_where_objects_are_taken_over(
    make_stack: Callable[..., Stack], colour: Callable[..., str]
) -> None:
    stack = make_stack(cluster_identifier="contract/one", upsert_existing_objects=True)
    place(stack)
    stack.up(release())
    urn = stack.resource("tiny")["urn"]
    stack.engine.run("state", "delete", urn, "--yes", "--stack", stack.engine.stack).check()
    refused = stack.up(release(colour="blue"), expect_failure=True)
    assert refused.returncode != 0
    assert "cannot re-use a name that is still in use" in refused.output
    assert colour() == "red"
