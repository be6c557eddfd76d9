"""Commands that print into a pipe: quiet when nobody reads on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from meshtier.plan.piped import piped

from tests.support.stack_files import SMALL_STACK


def unread(module: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command whose reader is gone, as `head` is after its lines."""
    pulumi = folder / "pulumi"
    pulumi.write_text("#!/bin/sh\necho {}\n")
    pulumi.chmod(0o755)
    read, write = os.pipe()
    os.close(read)
    try:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments, "--stack", "x"],
            cwd=folder,
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("meshtier.plan", ()),
        ("meshtier.plan", ("--json",)),
        ("meshtier.review", ("diff", "--json", "--base-dir", "stacks")),
        ("meshtier.page", ()),
        ("meshtier.recover", ()),
    ],
)
def test_a_command_that_nobody_reads_on_ends_as_other_commands_do(
    tmp_path: Path, module: str, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.x.yaml").write_text(SMALL_STACK)
    done = unread(module, *arguments, folder=tmp_path)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_command_that_is_read_keeps_its_status() -> None:
    assert piped(lambda: 2) == 2
