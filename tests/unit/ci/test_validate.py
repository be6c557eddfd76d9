"""What a fork's change gets: whether its document is right, and what it comes to."""

from pathlib import Path

import pytest
import yaml

from .repository import Repository, repository

FILE = "stacks/Pulumi.staging.yaml"


def text(seed: str) -> str:
    """Return a stack file with one seed."""

    def cloud(name: str) -> dict[str, object]:
        return {"cloud": {"existing": {"kubeconfig": f"{name}.yaml"}}}

    document = {"master": {"name": "hq", **cloud("hq")}, "seeds": {seed: cloud("seed")}}
    return yaml.safe_dump({"config": {"meshtier:environment": document}})


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "checkout")
    made.commit({FILE: text("eu")})
    return made


def test_a_right_document_is_planned_and_reviewed_without_an_engine(
    repo: Repository, tmp_path: Path
) -> None:
    repo.commit({FILE: text("us")})
    summary = tmp_path / "summary"
    env = {"BASE": "HEAD~1", "GITHUB_STEP_SUMMARY": str(summary), "PATH": "/usr/bin:/bin"}
    done = repo.run("validate", "staging", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("environment staging: 2 clusters")
    comment = (repo.root / "out" / "staging" / "comment.md").read_text()
    assert comment.startswith("<!-- meshtier-review: staging -->\n")
    assert "us" in comment
    assert summary.read_text() == comment


def test_a_wrong_document_ends_the_job_with_every_problem(repo: Repository) -> None:
    repo.commit({FILE: text("EU").replace("name: hq", "name: HQ")})
    done = repo.run("validate", "staging", env={"BASE": "HEAD~1"})
    assert done.returncode == 2
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["master.name", "seeds.EU"]
