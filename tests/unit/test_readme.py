"""What the README shows is true: its document loads, its refusal is said so, its commands exist."""

import copy
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from meshtier.errors import SpecError
from meshtier.plan.environment import plan_environment
from meshtier.spec import load

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def block(language: str, containing: str) -> str:
    """Return the fenced block of a language that holds a text."""
    found = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
    return next(text for kind, text in found if kind == language and containing in text)


def document(text: str) -> dict[str, Any]:
    """Return the environment document of a stack file."""
    return yaml.safe_load(text)["config"]["meshtier:environment"]


def test_the_shortest_document_makes_a_mesh_without_a_word_of_warning() -> None:
    spec = load(document(block("yaml", "meshtier:environment")), name="acme")
    mesh = plan_environment(spec).mesh
    assert mesh is not None
    assert [member.cluster for member in mesh.members] == ["eu-pay", "eu-shop"]
    assert spec.warnings == ()


def test_the_shortest_document_of_a_cloud_makes_its_clusters_without_a_word_of_warning() -> None:
    plan = plan_environment(load(document(block("yaml", "acme-eu")), name="acme"))
    made = [one.name for one in plan.cloud if one.type == "gcp:container/cluster:Cluster"]
    assert made == [f"acme-{name}-control-plane" for name in ("hq", "eu", "shop")]
    assert plan.warnings == ()


def test_the_refusal_is_said_in_these_words() -> None:
    wrong = copy.deepcopy(document((ROOT / "stacks/Pulumi.local.yaml").read_text()))
    pay = wrong["seeds"]["eu"]["userClusters"]["eu-pay"]
    pay["addresses"]["pods"] = "10.32.1.7/24"
    with pytest.raises(SpecError) as refused:
        load(wrong, name="local")
    assert block("", "10.32.1.7/24").strip() in str(refused.value).splitlines()


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?m)(?:^|`|\(|official )make (?:-s )?([a-z-]+)", README))
    assert named >= {"local", "test"}
    assert named - targets == set()


def test_every_linked_file_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("target", ["plan", "diff", "preview"])
def test_what_people_read_is_there_for_machines_too(target: str) -> None:
    asked = ["make", "--dry-run", "--no-print-directory", target]
    for more, expected in ([], False), (["JSON=1"], True):
        done = subprocess.run([*asked, *more], cwd=ROOT, check=True, capture_output=True, text=True)
        assert done.stdout.rstrip().endswith("--json") is expected
