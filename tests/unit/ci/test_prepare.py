"""What a job needs is made by the checkout's own rules, and found by what comes after."""

from pathlib import Path

import pytest

from .repository import CI, Repository, repository

MAKEFILE = "venv:\n\t@echo made >>made\n"
PYTHON = """#!/bin/sh
[ "$*" = "-m lab.toolchain pulumi" ] || exit 1
echo "tool    version  from   seconds  where"
echo "pulumi  3.259.0  cache  0.1      $PWD/tree"
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "checkout")
    scripts = {".venv/bin/python": PYTHON, "tree/bin/pulumi": "#!/bin/sh\necho v3.259.0\n"}
    made.commit({"Makefile": MAKEFILE, **scripts})
    for name in scripts:
        (made.root / name).chmod(0o755)
    return made


def test_pulumi_is_found_by_later_steps_of_either_forge(repo: Repository, tmp_path: Path) -> None:
    github, gitlab = tmp_path / "github", tmp_path / "gitlab"
    env = {"GITHUB_PATH": str(github), "CI_PATH_FILE": str(gitlab)}
    done = repo.run("prepare", "pulumi", env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "v3.259.0\n"
    folder = repo.root / "tree" / "bin"
    assert github.read_text() == f"{folder}\n"
    assert gitlab.read_text() == f"PATH='{folder}':$PATH\n"


def test_a_job_without_an_engine_gets_none(repo: Repository) -> None:
    (repo.root / ".venv" / "bin" / "python").unlink()
    assert repo.run("prepare").returncode == 0
    assert (repo.root / "made").read_text() == "made\n"


def test_every_script_is_a_posix_one_and_can_be_run() -> None:
    scripts = [path for path in CI.iterdir() if path.is_file() and not path.suffix]
    assert len(scripts) > 10
    for path in scripts:
        assert path.read_text().startswith("#!/bin/sh\n"), path.name
        assert path.stat().st_mode & 0o111, path.name
