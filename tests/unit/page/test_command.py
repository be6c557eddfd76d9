"""`python -m meshtier.page`: what it writes, and how it refuses."""

import re
import subprocess
from pathlib import Path

import pytest
from meshtier.page.__main__ import main

from tests.support.pages import data
from tests.support.stack_files import SMALL_STACK


def arguments(folder: Path, text: str = SMALL_STACK) -> list[str]:
    """Write the file of stack `x`; return the arguments that name it and the page."""
    (folder / "Pulumi.x.yaml").write_text(text, encoding="utf-8")
    page = str(folder / "x.html")
    return ["--stack", "x", "--stacks-dir", str(folder), "--html", page]


def test_one_file_is_written_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path)) == 0
    size = -(-(tmp_path / "x.html").stat().st_size // 1024)
    said = capsys.readouterr()
    assert said.out == f"{tmp_path}/x.html: 3 clusters, {size} KiB\n"
    assert said.err == ""
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_a_name_the_page_is_called_after_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments(tmp_path)[:4]) == 0
    assert (tmp_path / "topology-x.html").is_file()


def test_a_wrong_document_is_refused_and_leaves_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, SMALL_STACK.replace("name: hq", "name: HQ"))) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("master.name: got ")
    assert not (tmp_path / "x.html").exists()


def test_a_page_that_can_not_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "no" / "x.html"
    assert main([*arguments(tmp_path)[:4], "--html", str(nowhere)]) == 2
    assert capsys.readouterr().err == (
        f"{nowhere}: got no file that can be written (No such file or directory); "
        "allowed a file in a folder that is there; name one with --html\n"
    )


def test_what_changed_since_a_revision_is_marked(tmp_path: Path) -> None:
    given = arguments(tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example"]
    for command in (["init", "-q"], ["add", "Pulumi.x.yaml"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    changed = SMALL_STACK.replace("          shop:", "          store:").replace(
        "{name: hq,", "{name: hq, labels: {team: x},"
    )
    changed = changed.replace("id: acme", "id: other")
    given = [*arguments(tmp_path, changed), "--base", "HEAD"]
    assert main(given) == 0
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    marks = {one["name"]: one["mark"] for one in data(page)["clusters"]}
    assert marks == {"hq": "changed", "eu": None, "store": "added", "shop": "removed"}
    said = re.findall(r'<span class="\w+">([^<]+)</span>', page)
    assert said == ["added store", "removed shop", "changed hq"], "the mesh is no cluster"


def test_a_revision_that_git_does_not_know_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True)
    assert main([*arguments(tmp_path), "--base", "nothing"]) == 2
    assert "which git does not know here" in capsys.readouterr().err
