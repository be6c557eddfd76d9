"""`python -m meshtier.review`: what it prints, reads and refuses."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from meshtier.review.__main__ import main

from .changes import LOCAL, STACKS, changed
from .previews import LEAVING, printed

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def stack_file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the local stack after one of the changes into a directory of its own."""

    def write(folder: str, name: str) -> Path:
        directory = tmp_path / folder
        directory.mkdir(exist_ok=True)
        content = {"config": {"meshtier:environment": changed(LOCAL[name])}}
        (directory / "Pulumi.local.yaml").write_text(yaml.safe_dump(content))
        return directory

    return write


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with the local stack as it is, and nothing else."""
    root = tmp_path / "checkout"
    (root / "stacks").mkdir(parents=True)
    (root / "stacks" / "Pulumi.local.yaml").write_bytes((STACKS / "Pulumi.local.yaml").read_bytes())
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    monkeypatch.chdir(root)
    return root


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True)


def write(root: Path, name: str) -> None:
    """Change the stack in the checkout."""
    content = {"config": {"meshtier:environment": changed(LOCAL[name])}}
    (root / "stacks" / "Pulumi.local.yaml").write_text(yaml.safe_dump(content))


def test_the_checkout_is_compared_with_a_revision(repository: Path, capsys: Capture) -> None:
    assert main(["diff", "--stack", "local", "--base", "main"]) == 0
    assert capsys.readouterr().out == "local: no change in the mesh.\n"
    write(repository, "more-replicas")
    assert main(["diff", "--stack", "local", "--base", "main"]) == 0
    assert capsys.readouterr().out.startswith("local: 3 gateways changed; every call takes")
    git(repository, "commit", "-aqm", "second")
    assert main(["diff", "--stack", "local", "--base", "HEAD~1", "--head", "main"]) == 0
    assert "3 gateways changed" in capsys.readouterr().out
    assert main(["diff", "--stack", "local", "--base", "main"]) == 0
    assert "no change" in capsys.readouterr().out


def test_a_new_and_a_removed_environment_are_changes(repository: Path, capsys: Capture) -> None:
    git(repository, "rm", "-q", "stacks/Pulumi.local.yaml")
    (repository / "stacks").mkdir(exist_ok=True)
    git(repository, "commit", "-qm", "gone")
    assert main(["diff", "--stack", "local", "--base", "HEAD~1"]) == 0
    assert capsys.readouterr().out.startswith("local: the whole environment goes; 6 calls become")
    write(repository, "nothing")
    assert main(["comment", "--stack", "local", "--base", "HEAD"]) == 0
    assert "**`local`: a new environment with 6 clusters; 6 calls" in capsys.readouterr().out


def test_a_base_that_is_refused_now_breaks_no_comment(repository: Path, capsys: Capture) -> None:
    file = repository / "stacks" / "Pulumi.local.yaml"
    file.write_text("config: {'meshtier:environment': {master: {name: HQ}, nonsense: 1}}")
    git(repository, "commit", "-aqm", "older")
    write(repository, "nothing")
    assert main(["comment", "--stack", "local", "--base", "main"]) == 0
    said = capsys.readouterr().out
    assert "refuses the document of `main`" in said
    assert "- refused: `nonsense: got an unknown key;" in said
    file.write_text("config: [")
    git(repository, "commit", "-aqm", "no YAML")
    assert main(["comment", "--stack", "local", "--base", "main", "--head-dir", str(STACKS)]) == 0
    assert "refused: `main:stacks/Pulumi.local.yaml: got text that is not YAML" in (
        capsys.readouterr().out
    )


def test_a_head_that_is_refused_ends_a_diff_with_2(repository: Path, capsys: Capture) -> None:
    (repository / "stacks" / "Pulumi.local.yaml").write_text("config: {}")
    assert main(["diff", "--stack", "local", "--base", "main"]) == 2
    assert "the document is refused" in capsys.readouterr().out


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD:stacks", "-x"])
def test_an_unknown_revision_is_refused(repository: Path, capsys: Capture, revision: str) -> None:
    assert main(["diff", "--stack", "local", f"--base={revision}"]) == 2
    assert capsys.readouterr().err == (
        f"--base or --head: got '{revision}', which git does not know here; allowed a commit, "
        "branch or tag of this checkout; fetch it, or name another\n"
    )


def test_directories_serve_where_there_is_no_git(
    stack_file: Callable[[str, str], Path], capsys: Capture
) -> None:
    base, head = stack_file("base", "nothing"), stack_file("head", "network-split")
    arguments = ["--stack", "local", "--base-dir", str(base), "--head-dir", str(head)]
    assert main(["diff", *arguments]) == 0
    assert "2 calls take another way" in capsys.readouterr().out
    assert main(["diff", *arguments, "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["sentence"].startswith("local: 1 cluster changed, ")
    assert seen["refused"] == []
    assert seen["preview"] is None
    compared = seen["comparison"]
    assert (compared["isEmpty"], compared["isNew"], compared["isRemoved"]) == (False, False, False)
    assert compared["calls"][0] == {
        "source": "eu-pay",
        "destination": "eu-shop",
        "effect": "takes another way",
        "before": {"way": "direct", "gateways": [], "reason": ""},
        "after": {"way": "gateway", "gateways": ["eu-shop"], "reason": ""},
    }
    assert compared["changes"][0] == {
        "section": "clusters",
        "what": "cluster",
        "name": "eu-pay",
        "kind": "changed",
        "before": {"network": "eu"},
        "after": {"network": "pay"},
    }
    assert (compared["costs"], compared["losses"]) == ([], []), "a split costs nothing"


def test_a_stack_that_neither_side_has_is_refused(tmp_path: Path, capsys: Capture) -> None:
    arguments = ["--stack", "x", "--base-dir", str(tmp_path), "--head-dir", str(tmp_path)]
    assert main(["diff", *arguments]) == 2
    assert capsys.readouterr().err == (
        "--stack: got x, of which neither the base nor the head has a stack file; allowed a stack "
        "that one of them has; name such a stack, or the directory with --stacks-dir\n"
    )


def test_the_guard_asks_the_heads_document(
    stack_file: Callable[[str, str], Path], tmp_path: Path, capsys: Capture
) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(printed(*LEAVING))
    guard = ["guard", "--stack", "local", "--preview", str(preview), "--head-dir"]
    assert main([*guard, str(stack_file("a", "nothing"))]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith(f"{preview}: eu-pay: got ") for line in said)
    assert main([*guard, str(stack_file("b", "cluster-removed"))]) == 0, "it says it is meant"
    assert capsys.readouterr().err == ""


def test_a_guard_without_a_preview_lets_nothing_through(
    stack_file: Callable[[str, str], Path], tmp_path: Path, capsys: Capture
) -> None:
    head = ["--stack", "local", "--head-dir", str(stack_file("a", "nothing"))]
    assert main(["guard", *head, "--preview", str(tmp_path / "none.json")]) == 2
    assert "got no readable file" in capsys.readouterr().err
    (tmp_path / "broken.json").write_text("error: no stack")
    assert main(["guard", *head, "--preview", str(tmp_path / "broken.json")]) == 2
    (tmp_path / "Pulumi.local.yaml").write_text("config: {}")
    good = tmp_path / "good.json"
    good.write_text(printed(*LEAVING))
    refused = ["--stack", "local", "--head-dir", str(tmp_path), "--preview", str(good)]
    assert main(["guard", *refused]) == 2


def test_a_guard_does_not_pass_a_preview_that_stopped_half_way(
    stack_file: Callable[[str, str], Path], tmp_path: Path, capsys: Capture
) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(printed(errors=["error: out of reach"]))
    head = ["--stack", "local", "--head-dir", str(stack_file("a", "nothing"))]
    assert main(["guard", *head, "--preview", str(preview)]) == 1
    assert capsys.readouterr().err == (
        f"{preview}: got a preview that stopped: error: out of reach; allowed a complete preview; "
        "remove what stopped it\n"
    )


def test_a_diff_beside_a_preview_that_stopped_ends_with_1(
    stack_file: Callable[[str, str], Path], tmp_path: Path, capsys: Capture
) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(printed(errors=["error: out of reach"]))
    same = str(stack_file("a", "nothing"))
    arguments = ["--stack", "local", "--base-dir", same, "--head-dir", same]
    assert main(["diff", *arguments, "--preview", str(preview)]) == 1
    assert "Pulumi's preview stopped: error: out of reach" in capsys.readouterr().out


def test_prices_are_ones_own_where_they_are_given(tmp_path: Path, capsys: Capture) -> None:
    prices = tmp_path / "prices.json"
    prices.write_text('{"gateway replicas": {"monthly": 5, "source": "our contract"}}')
    head = tmp_path / "head"
    head.mkdir()
    content = {"config": {"meshtier:environment": changed(LOCAL["more-replicas"])}}
    (head / "Pulumi.local.yaml").write_text(yaml.safe_dump(content))
    arguments = ["--stack", "local", "--base-dir", str(STACKS), "--head-dir", str(head)]
    assert main(["diff", *arguments, "--prices", str(prices)]) == 0
    line = "+ gateway replicas: 3 → 6, +15 USD a month (our contract)"
    assert line in capsys.readouterr().out
    prices.write_text('{"gateway replicas": 5}')
    assert main(["diff", *arguments, "--prices", str(prices)]) == 2
    assert "got no readable prices" in capsys.readouterr().err


def test_a_preview_comes_through_a_pipe(stack_file: Callable[[str, str], Path]) -> None:
    head = str(stack_file("head", "cluster-removed"))
    command = [sys.executable, "-m", "meshtier.review", "diff", "--stack", "local"]
    done = subprocess.run(
        [*command, "--base-dir", str(STACKS), "--head-dir", head, "--preview", "-"],
        input=printed(*LEAVING, same=7),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("Calls\n") < done.stdout.index("Pulumi: 6 to delete, 7 unchanged")
    assert "  - delete Release local-mesh-eu-pay-istiod" in done.stdout
