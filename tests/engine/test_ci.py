"""The workflow's scripts with the real engine: previewed, applied as previewed, watched since."""

import base64
import json
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab import running
from lab.running import RunningLab
from lab.spec import ClusterLab, LabSpec, Mode
from lab.toolchain import CHECKOUT, Toolchain
from lab.workspace import Workspace
from tests.unit.ci.repository import Repository, repository

pytestmark = pytest.mark.engine

STACK = "tiny"
FILE = f"stacks/Pulumi.{STACK}.yaml"
RECORD = ("--namespace", "meshtier", "configmap", "cluster-eu")
"""What the master knows of its seed."""


@dataclass(kw_only=True)
class Pipeline:
    """A checkout of an environment with two clusters, and the jobs that run for it."""

    repo: Repository
    lab: RunningLab
    toolchain: Toolchain
    env: Mapping[str, str]
    settled: bool = False
    """Whether the document of the last commit is the first one again, and applied."""

    def job(self, script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a script as a job does."""
        return self.repo.run(script, *arguments, env=self.env)

    def preview(self) -> "subprocess.CompletedProcess[str]":
        """Run the job of a pull request."""
        return self.job("preview", STACK, "HEAD~1")

    def made(self, name: str) -> Path:
        """Return where a job leaves a file."""
        return self.repo.root / "out" / STACK / name

    def change(self, **keys: Any) -> None:
        """Commit a document with other top-level keys."""
        self.settled = False
        path = self.repo.root / FILE
        settings = yaml.safe_load(path.read_text())
        settings["config"]["meshtier:environment"] = {**document(self.lab), **keys}
        self.repo.commit({FILE: yaml.safe_dump(settings)})

    def kubectl(self, *arguments: str) -> str:
        """Act on the master by hand; return what it said."""
        config = f"--kubeconfig={self.lab.clusters['hq'].kubeconfig}"
        command = [str(self.toolchain.path("kubectl")), config, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def labels(self) -> Mapping[str, str]:
        """Return the labels of the record, as they are in the cluster."""
        return json.loads(self.kubectl("get", *RECORD, "--output=json"))["metadata"]["labels"]


def document(lab: RunningLab) -> dict[str, Any]:
    """Return a master with one seed, and no mesh."""

    def block(name: str) -> dict[str, Any]:
        return {"cloud": {"existing": {"kubeconfig": str(lab.clusters[name].kubeconfig)}}}

    return {"master": {"name": "hq", **block("hq")}, "seeds": {"eu": block("eu")}}


@pytest.fixture(scope="module")
def pair(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """Two API servers of this file's own: the other tests' stack owns theirs."""
    directory = tmp_path_factory.mktemp("pair")
    spec = LabSpec(
        name=f"ci-{uuid.uuid4().hex[:6]}",
        directory=directory,
        clusters=(ClusterLab(name="hq"), ClusterLab(name="eu")),
        mode=Mode.CONTROL_PLANE,
    )
    try:
        yield running.up(spec, toolchain, progress=lambda line: None)
    finally:
        running.down(directory)


@pytest.fixture(scope="module")
def pipeline(
    pair: RunningLab,
    toolchain: Toolchain,
    pulumi_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pipeline:
    folder = tmp_path_factory.mktemp("pipeline")
    workspace = Workspace(folder / "engine")
    workspace.prepare()
    env = workspace.environment(toolchain, stack=STACK) | {
        "PULUMI_HOME": str(pulumi_home),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    del env["PULUMI_OPTION_CONFIG_FILE"]
    repo = repository(folder / "checkout")
    project = {
        **yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text()),
        "runtime": "python",
        "main": str(CHECKOUT),
    }
    repo.commit({"Pulumi.yaml": yaml.safe_dump(project), "stacks/README": "", ".gitignore": "out"})
    pulumi = str(toolchain.path("pulumi"))
    subprocess.run([pulumi, "stack", "init", STACK], cwd=repo.root, env=env, check=True)
    settings = yaml.safe_load((repo.root / FILE).read_text())
    config = {"pulumi:disable-default-providers": ["*"], "meshtier:environment": document(pair)}
    repo.commit({FILE: yaml.safe_dump({**settings, "config": config})})
    return Pipeline(repo=repo, lab=pair, toolchain=toolchain, env=env)


@pytest.fixture
def converged(pipeline: Pipeline) -> Pipeline:
    """The environment as its document says."""
    if not pipeline.settled:
        pipeline.change()
        succeeded(pipeline.preview())
        succeeded(pipeline.job("up", STACK))
        pipeline.settled = True
    return pipeline


def succeeded(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what a job said; it has to have succeeded."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_preview_leaves_plan_text_steps_and_comment_and_touches_nothing(
    pipeline: Pipeline,
) -> None:
    before = state(pipeline)
    succeeded(pipeline.preview())
    assert state(pipeline) == before
    files = {"plan.json", "seal.json", "diff.txt", "preview.json", "comment.md"}
    assert {path.name for path in pipeline.made("").iterdir()} == files
    comment = pipeline.made("comment.md").read_text()
    assert comment.startswith(f"<!-- meshtier-review: {STACK} -->\n")
    assert "kubernetes:core/v1:ConfigMap" in comment
    steps = json.loads(pipeline.made("preview.json").read_text())["steps"]
    planned = json.loads(pipeline.made("plan.json").read_text())["resourcePlans"]
    assert {one["urn"] for one in steps} == set(planned)


def test_nothing_a_preview_leaves_holds_a_secret(pipeline: Pipeline) -> None:
    said = succeeded(pipeline.preview())
    files = [path.read_text() for path in pipeline.made("").iterdir()]
    for needle in secrets(pipeline.lab):
        assert not any(needle in text for text in (said, *files)), needle[:8]
    # The key is in the plan, so the search above looked at the right place.
    assert "ciphertext" in pipeline.made("plan.json").read_text()


def test_what_was_planned_is_what_is_applied(converged: Pipeline) -> None:
    assert converged.labels()["meshtier.io/environment"] == STACK
    # Nothing is left to do, and a plan of nothing is kept to as well.
    succeeded(converged.preview())
    succeeded(converged.job("up", STACK))


def test_a_document_changed_after_its_preview_is_not_applied(converged: Pipeline) -> None:
    succeeded(converged.preview())
    converged.change(master={**document(converged.lab)["master"], "labels": {"team": "a"}})
    refused = converged.job("up", STACK)
    assert refused.returncode == 2
    assert "plan of tiny: got tree " in refused.stderr
    # Even under a seal for the new content the engine keeps to the plan.
    succeeded(converged.job("plan", "seal", STACK))
    refused = converged.job("up", STACK)
    assert refused.returncode != 0
    assert "violates plan" in refused.stdout + refused.stderr
    assert "team" not in converged.labels()


def test_a_guard_leaves_no_plan(converged: Pipeline) -> None:
    converged.change(seeds={})
    refused = converged.preview()
    assert refused.returncode != 0
    assert "eu: got provider destroyed: " in refused.stderr
    assert not pipeline_plan(converged)
    assert converged.made("comment.md").is_file(), "reviewers see what was refused"


def test_a_policy_leaves_no_plan_and_is_told_in_the_comment(converged: Pipeline) -> None:
    settings = {"owner-labels": {"labels": ["cost-center"]}}
    converged.repo.commit({f"policies/{STACK}.json": json.dumps(settings)})
    try:
        refused = converged.preview()
    finally:
        converged.repo.commit({f"policies/{STACK}.json": None})
    assert refused.returncode != 0
    assert not pipeline_plan(converged)
    assert "got none of cost-center" in converged.made("comment.md").read_text()


def test_an_environment_left_alone_has_not_drifted(converged: Pipeline) -> None:
    before = state(converged)
    succeeded(converged.job("drift", STACK))
    assert converged.made("drift.md").read_text() == ""
    assert state(converged) == before


def test_what_was_changed_by_hand_is_found(converged: Pipeline) -> None:
    converged.kubectl("patch", *RECORD, "--patch", '{"data": {"level": "changed"}}')
    drifted = converged.job("drift", STACK)
    assert drifted.returncode == 3, drifted.stdout + drifted.stderr
    report = converged.made("drift.md").read_text()
    assert "- changed: `kubernetes:core/v1:ConfigMap` **tiny-eu-record-in-master**" in report


def test_what_was_deleted_by_hand_is_found(converged: Pipeline) -> None:
    converged.kubectl("delete", *RECORD)
    drifted = converged.job("drift", STACK)
    assert drifted.returncode == 3, drifted.stdout + drifted.stderr
    report = converged.made("drift.md").read_text()
    assert "- gone: `kubernetes:core/v1:ConfigMap` **tiny-eu-record-in-master**" in report


def state(pipeline: Pipeline) -> dict[Path, int]:
    """Return what the backend holds, with the time of each last change: locks would show too."""
    root = Path(pipeline.env["PULUMI_BACKEND_URL"].removeprefix("file://"))
    return {path: path.stat().st_mtime_ns for path in root.rglob("*")}


def pipeline_plan(pipeline: Pipeline) -> bool:
    """Return whether a job left a plan."""
    return pipeline.made("plan.json").exists()


def secrets(lab: RunningLab) -> list[str]:
    """Return what of the kubeconfigs nobody may see, as it is and decoded."""
    found: list[str] = []
    for cluster in lab.clusters.values():
        for user in yaml.safe_load(cluster.kubeconfig.read_text())["users"]:
            key = user["user"]["client-key-data"]
            found += [key, base64.b64decode(key).decode().splitlines()[1]]
    return found
