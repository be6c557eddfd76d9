"""A throw-away git repository, and the checkout's scripts run in it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CI = Path(__file__).parents[3] / "ci"


@dataclass(frozen=True)
class Repository:
    """A folder under git."""

    root: Path

    def git(self, *arguments: str) -> str:
        """Run git, by an author of its own; return what it printed."""
        author = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *author, *arguments], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Write files (None deletes one), commit them, and return the commit."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return self.git("rev-parse", "HEAD")

    def run(
        self, script: str, *arguments: str, env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of the scripts here, without anybody's runner around it."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
        return subprocess.run(
            [str(CI / script), *arguments],
            cwd=self.root,
            env={**kept, "CI_OUT": "out", **(env or {})},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


def repository(root: Path) -> Repository:
    """Return a new, empty repository."""
    root.mkdir(parents=True, exist_ok=True)
    made = Repository(root)
    made.git("init", "--quiet", "--initial-branch", "main")
    return made
