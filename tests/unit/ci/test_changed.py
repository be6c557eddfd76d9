"""Which environments a change touches."""

import json
from pathlib import Path

import pytest

from .repository import Repository, repository

FILES = {
    "stacks/Pulumi.local.yaml": "a",
    "stacks/Pulumi.production.yaml": "a",
    "stacks/Pulumi.staging.yaml": "a",
    "components/meshtier/plan/mesh.py": "a",
    "vendor/charts/istiod/values.yaml": "a",
    "eu.kubeconfig": "a",
    "README.md": "a",
}
ALL = ["production", "staging"]


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "checkout")
    made.commit(FILES)
    return made


def names(repo: Repository, *arguments: str) -> list[str]:
    """Return what the script prints."""
    done = repo.run("changed", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"stacks/Pulumi.staging.yaml": "b"}, ["staging"]),
        ({"stacks/Pulumi.staging.yaml": "b", "stacks/Pulumi.production.yaml": "b"}, ALL),
        ({"components/meshtier/plan/mesh.py": "b"}, ALL),
        ({"policies/rules/mtls.py": "b"}, ALL),
        ({"stacks/charts/values.yaml": "b"}, ALL),
        ({"stacks/Pulumi.local.yaml": "b"}, []),
        ({"README.md": "b", "docs/a.png": "b", "tests/test_a.py": "b", "lab/a.py": "b"}, []),
        ({"vendor/charts/istiod/values.yaml": "b"}, ALL),
        ({"vendor/charts/istiod/README.md": "b"}, ALL),
        ({"eu.kubeconfig": "b"}, ALL),
        ({"eu.kubeconfig": None}, ALL),
        ({"README.md": "b", "labs/charts/values.yaml": "b"}, ALL),
        ({"lab/toolchain/table.py": "b"}, ALL),
        ({".github/workflows/preview.yml": "b"}, ALL),
        ({"stacks/Pulumi.staging.yaml": "b", "README.md": "b"}, ["staging"]),
        ({"stacks/Pulumi.new.yaml": "a"}, ["new"]),
        ({"stacks/Pulumi....yaml": "a", "stacks/Pulumi.-x.yaml": "a"}, ALL),
        ({"stacks/Pulumi.new.yaml": "a", "stacks/Pulumi.staging.yaml": None}, ["new"]),
    ],
)
def test_a_change_names_the_environments_it_touches(
    repo: Repository, files: dict[str, str | None], expected: list[str]
) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.commit(files)
    assert names(repo, base) == expected


def test_what_others_merged_meanwhile_is_not_the_changes(repo: Repository) -> None:
    repo.git("switch", "--quiet", "--create", "topic")
    repo.commit({"stacks/Pulumi.staging.yaml": "b"})
    repo.git("switch", "--quiet", "main")
    base = repo.commit({"stacks/Pulumi.production.yaml": "b"})
    assert names(repo, base, "topic") == ["staging"]


def test_a_removed_environment_is_told_and_not_previewed(repo: Repository) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.commit({"stacks/Pulumi.staging.yaml": None})
    assert names(repo, base) == []
    assert names(repo, "--gone", base) == ["staging"]


@pytest.mark.parametrize(
    "files",
    [
        {"stacks/Pulumi.staging.yaml": "b", "components/meshtier/plan/mesh.py": None},
        {"stacks/Pulumi.local.yaml": None},
    ],
)
def test_nothing_else_counts_as_a_removed_environment(
    repo: Repository, files: dict[str, str | None]
) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.commit(files)
    assert names(repo, "--gone", base) == []
    assert names(repo, "--gone") == [], "without a base nobody knows"


@pytest.mark.parametrize("base", ["", "0" * 40, "--output=/etc/x", "$(touch x)"])
def test_without_a_base_every_environment_counts(repo: Repository, base: str) -> None:
    assert names(repo, "--", base) == ALL
    assert not (repo.root / "x").exists()


def test_a_workflow_gets_the_names_as_json(repo: Repository, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    done = repo.run("changed", "--output", "stacks", env={"GITHUB_OUTPUT": str(outputs)})
    assert done.returncode == 0, done.stderr
    key, _, value = outputs.read_text().strip().partition("=")
    assert (key, json.loads(value)) == ("stacks", ALL)
