"""What the steps ask git."""

import subprocess

from .refusal import Refusal


def ask(*arguments: str) -> str | None:
    """Return what a git command prints in the current folder, None when it fails."""
    done = subprocess.run(["git", *arguments], capture_output=True, check=False, text=True)
    return done.stdout if done.returncode == 0 else None


def tree() -> str:
    """Return the hash of the checkout's whole content, whatever commit it came by.

    A merge, a squash and a rebase that come to the same content have the same one.
    """
    found = ask("rev-parse", "--verify", "HEAD^{tree}")
    if found is None:
        raise Refusal("git", "no commit here", "a checkout", "run it in one")
    return found.strip()


def is_clean() -> bool:
    """Return whether the files are those of the commit."""
    return ask("status", "--porcelain", "--untracked-files=no") == ""
