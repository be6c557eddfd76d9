"""No key, token or kubeconfig in anything that is kept or shown."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.toolchain import CHECKOUT
from tests.support.engine import Engine

from .documents import CLUSTERS, ENVIRONMENT, MEMBERS
from .needles import credentials, dresses, key_lines, leaks, sealed
from .stage import Stage

pytestmark = pytest.mark.engine

ROOT_KEY_AND_CAS = 1 + len(MEMBERS)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Real secrets of the stack that stands, and all that was written beside them."""

    secrets: frozenset[str]
    artefacts: tuple[Path, ...]


@pytest.fixture(scope="module")
def evidence(stage: Stage) -> Evidence:
    engine = stage.stand()
    engine.preview("--diff").check()
    engine.run("stack", "--show-urns", "--stack", ENVIRONMENT).check()
    engine.run("stack", "output", "--json", "--stack", ENVIRONMENT).check()
    engine.run("stack", "export", "--stack", ENVIRONMENT).check()
    printed = [print_plan(engine, form) for form in ([], ["--json"], ["--mermaid"])]
    folders = (engine.folder, engine.workspace.state)
    found = [path for one in folders for path in one.rglob("*") if path.is_file()]
    # From here on secrets are shown on purpose, and land beside what was collected.
    return Evidence(secrets=frozenset(secrets_of(stage, engine)), artefacts=(*found, *printed))


def secrets_of(stage: Stage, engine: Engine) -> set[str]:
    """Keys, tokens and kubeconfig credentials, from the state and from the clusters."""
    exported = engine.run("stack", "export", "--show-secrets", "--stack", ENVIRONMENT).check()
    keys = key_lines(sealed(json.loads(exported.stdout)))
    kubeconfigs = engine.outputs(show_secrets=True)["kubeconfigs"]
    tokens: set[str] = set()
    for name in MEMBERS:
        base = "/api/v1/namespaces/istio-system/secrets"
        for secret in stage.reach(name).get(base)["items"]:
            data = {key: decoded(value) for key, value in (secret.get("data") or {}).items()}
            keys |= key_lines(data.values())
            tokens |= {data["token"]} if "token" in data else set()
    own = {one for text in kubeconfigs.values() for one in credentials(text)}
    keys |= key_lines(decoded(one) for one in own)
    assert len(kubeconfigs) == len(own) == len(CLUSTERS)
    assert len(tokens) == len(MEMBERS)
    assert len(keys) >= ROOT_KEY_AND_CAS
    return keys | tokens | own | {engine.workspace.passphrase.read_text()}


def print_plan(engine: Engine, form: list[str]) -> Path:
    """What `python -m meshtier.plan` shows of the same stack file."""
    stack = ["--stack", ENVIRONMENT, "--stacks-dir", str(engine.folder)]
    command = [sys.executable, "-m", "meshtier.plan", *stack, *form]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    target = engine.root / f"plan{''.join(form)}.txt"
    target.write_text(done.stdout + done.stderr)
    return target


def test_nothing_kept_or_shown_holds_a_secret(evidence: Evidence) -> None:
    assert leaks(evidence.secrets, evidence.artefacts) == []


def test_all_that_matters_was_looked_at(evidence: Evidence) -> None:
    kinds = {path.suffix for path in evidence.artefacts}
    assert {".json", ".jsonl", ".out", ".err", ".yaml", ".txt"} <= kinds
    contents = b"".join(path.read_bytes() for path in evidence.artefacts)
    assert contents.count(b"local-mesh-eu-shop-cacerts") > 10, "these runs are about our stack"


PLANTED = {
    "raw": lambda text: text,
    "in JSON": lambda text: json.dumps({"a": f"x{text}\n"}),
    "in base64": lambda text: base64.b64encode(f"xy{text}z".encode()).decode(),
    "in base64 of base64": lambda text: base64.b64encode(
        base64.b64encode(f"x{text}y".encode())
    ).decode(),
}


@pytest.mark.parametrize("dress", PLANTED)
def test_a_planted_secret_is_found(evidence: Evidence, tmp_path: Path, dress: str) -> None:
    plant: Callable[[str], str] = PLANTED[dress]
    for number, secret in enumerate(sorted(evidence.secrets)):
        artefact = tmp_path / f"{number}.txt"
        artefact.write_text(f"before {plant(secret)} after")
        assert leaks([secret], [artefact]) == [str(artefact)]


def test_every_dress_is_long_enough_to_mean_something(evidence: Evidence) -> None:
    assert min(len(dress) for one in evidence.secrets for dress in dresses(one)) >= 32


def decoded(value: str) -> str:
    """A value of a Secret as text."""
    return base64.b64decode(value).decode(errors="replace")
