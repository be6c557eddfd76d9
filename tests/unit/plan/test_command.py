"""`python -m meshtier.plan`: what it prints, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from meshtier.plan.__main__ import main

from tests.support.stack_files import SMALL_STACK


def write(folder: Path, text: str) -> list[str]:
    """Write the file of stack `x`; return the arguments that name it."""
    (folder / "Pulumi.x.yaml").write_text(text, encoding="utf-8")
    return ["--stack", "x", "--stacks-dir", str(folder)]


def refusal(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said about a stack file that can't be planned."""
    assert main(write(folder, text)) == 2
    said = capsys.readouterr()
    assert said.out == "", "nothing half-made on standard output"
    return said.err.replace(str(folder), "<stacks>")


def test_tables_come_first_and_the_diagram_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(write(tmp_path, SMALL_STACK)) == 0
    said = capsys.readouterr().out
    assert said.startswith("environment x: 3 clusters, ")
    assert said.index("CLUSTER") < said.index("flowchart TD")


def test_json_and_diagram_come_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = write(tmp_path, SMALL_STACK)
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "x"
    assert main([*arguments, "--mermaid"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD\n")


def test_warnings_stay_off_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = write(tmp_path, SMALL_STACK.replace("1.31.1", "1.31.0"))
    assert main([*arguments, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("warning: mesh.istio.version: got ")
    json.loads(said.out)


def test_a_wrong_document_is_refused_with_every_problem_and_no_traceback(tmp_path: Path) -> None:
    text = SMALL_STACK.replace("name: hq", "name: HQ").replace("network: eu", "netwrk: eu")
    done = subprocess.run(
        [sys.executable, "-m", "meshtier.plan", *write(tmp_path, text)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "master.name",
        "seeds.eu.userClusters.shop.mesh.netwrk",
    ]


def test_a_stack_that_is_not_there_names_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = write(tmp_path, SMALL_STACK)
    assert main(["--stack", "y", *arguments[2:]]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path}: got no readable file Pulumi.y.yaml; allowed one of x; "
        "name one with --stack, or the directory with --stacks-dir\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "config: [",
            "<stacks>/Pulumi.x.yaml: got text that is not YAML at line 1; allowed YAML; correct it",
        ),
        (
            "encryptionsalt: x",
            "<stacks>/Pulumi.x.yaml: config: got nothing; allowed a mapping with "
            "meshtier:environment; write the environment document below it",
        ),
        (
            "config: {other:key: 1}",
            "<stacks>/Pulumi.x.yaml: config.meshtier:environment: got nothing; allowed a mapping; "
            "write the environment document there, as YAML and not as text",
        ),
        (
            "config: {'meshtier:environment': '{}'}",
            "<stacks>/Pulumi.x.yaml: config.meshtier:environment: got a text; allowed a mapping; "
            "write the environment document there, as YAML and not as text",
        ),
        (
            "config: {'meshtier:environment': {secure: v1:abc}}",
            "<stacks>/Pulumi.x.yaml: config.meshtier:environment: got an encrypted value; allowed "
            "a mapping in clear; keep secrets in config keys of their own, and name the keys in "
            "the document",
        ),
    ],
)
def test_a_stack_file_without_a_readable_document_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert refusal(tmp_path, text, capsys) == f"{said}\n"


def test_what_pulumi_reads_as_a_text_is_refused_where_a_text_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL_STACK.replace("network: eu}", "network: eu, wait: no}")
    assert refusal(tmp_path, text, capsys) == (
        "seeds.eu.userClusters.shop.mesh.wait: got 'no'; allowed true or false; write true or "
        "false without quotes\n"
    )


def test_a_key_that_stands_twice_is_refused_as_pulumi_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{SMALL_STACK}      eu:\n        cloud: {{existing: {{kubeconfig: other.yaml}}}}\n"
    assert refusal(tmp_path, text, capsys) == (
        "<stacks>/Pulumi.x.yaml: got the key 'eu' at line 12, which stands at line 6 too; allowed "
        "every key once in its mapping; put what both hold under one\n"
    )


def test_dates_and_words_for_keys_come_out_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = "{istiod: {podAnnotations: {reviewed: 2026-11-01, on: 2026-02-30, a: b}}}"
    istio = f"{{version: 1.31.1, values: {values}}}"
    arguments = write(tmp_path, SMALL_STACK.replace("{version: 1.31.1}", istio))
    assert main([*arguments, "--json"]) == 0
    said = capsys.readouterr().out
    assert '"reviewed": "2026-11-01 00:00:00 +0000 UTC"' in said
    assert '"on": "2026-02-30"' in said
