"""A lab's Pulumi commands touch nothing of the user's."""

import subprocess
from pathlib import Path

import pytest

from lab.shell import exports
from lab.stack import Stack
from lab.toolchain import Resolved, Source, Toolchain
from lab.toolchain.model import Tool
from lab.workspace import Workspace


@pytest.fixture
def tools(tmp_path: Path) -> Toolchain:
    binary = tmp_path / "a tool's folder" / "pulumi"
    tool = Tool(name="pulumi", version="1", provides=("pulumi",), usual_seconds=0)
    found = Resolved(
        tool=tool,
        source=Source.CACHE,
        version="1",
        binaries={"pulumi": binary},
        tree=binary.parent,
        seconds=0,
    )
    return Toolchain((found,))


def test_the_passphrase_is_private_and_stays(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "lab")
    workspace.prepare()
    first = workspace.passphrase.read_text()
    workspace.prepare()
    assert workspace.passphrase.read_text() == first, "another one would lock the stack's secrets"
    assert len(first) >= 32
    assert workspace.passphrase.stat().st_mode & 0o777 == 0o600
    assert workspace.root.stat().st_mode & 0o777 == 0o700
    other = Workspace(tmp_path / "other")
    other.prepare()
    assert other.passphrase.read_text() != first


@pytest.mark.parametrize(
    ("file", "exists"),
    [("local.json", True), ("local.json.gz", True), ("local.json.bak", False), ("us.json", False)],
)
def test_a_stack_exists_until_pulumi_removes_it(
    tmp_path: Path, tools: Toolchain, file: str, exists: bool
) -> None:
    """`pulumi stack rm` leaves a copy; taken for the stack, no command would work ever after."""
    workspace = Workspace(tmp_path)
    kept = workspace.state / ".pulumi" / "stacks" / "meshtier" / file
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert Stack(name="local", workspace=workspace, toolchain=tools).exists() is exists


def test_the_users_own_login_is_out_of_reach(tmp_path: Path, tools: Toolchain) -> None:
    mine = {
        "HOME": "/home/me",
        "PATH": "/usr/bin",
        "PULUMI_ACCESS_TOKEN": "token",
        "PULUMI_BACKEND_URL": "https://api.example",
        "PULUMI_CONFIG_PASSPHRASE": "my own",
        "PULUMI_HOME": "/home/me/.pulumi",
    }
    seen = Workspace(tmp_path).environment(tools, mine)
    assert seen["PULUMI_HOME"] == str(tmp_path / "pulumi-home")
    assert seen["PULUMI_BACKEND_URL"] == f"{(tmp_path / 'state').as_uri()}?metadata=skip"
    assert {"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}.isdisjoint(seen)
    assert seen["HOME"] == "/home/me", "the rest of the environment is the user's"


def test_the_virtual_environment_and_the_tools_come_first_on_path(
    tmp_path: Path, tools: Toolchain
) -> None:
    workspace = Workspace(tmp_path)
    once = workspace.variables(tools, {"PATH": "/usr/bin:/bin"})
    folders = once["PATH"].split(":")
    assert folders[0].endswith("/bin")
    assert folders[1:] == [str(tools.path("pulumi").parent), "/usr/bin", "/bin"]
    assert workspace.variables(tools, once)["PATH"] == once["PATH"], "evaluating twice is harmless"


def test_a_shell_takes_the_lines_as_they_are(
    tmp_path: Path, tools: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "token")
    lines = exports(Workspace(tmp_path / "it's a lab"), tools, "local")
    ask = 'printf "%s|%s|%s" "$PULUMI_HOME" "$PULUMI_STACK" "${PULUMI_ACCESS_TOKEN-none}"'
    said = subprocess.run(
        ["/bin/sh", "-eu", "-c", f"{lines}\n{ask}"], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"{tmp_path}/it's a lab/pulumi-home|local|none"
