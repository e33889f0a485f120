"""Small repositories of git, with a book in them."""

from __future__ import annotations

import subprocess
from pathlib import Path

_AUTHOR = (
    "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip


def git(folder: Path, *words: str) -> str:
    """What git answers in a folder."""
    command = ["git", *_AUTHOR, *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def commit(folder: Path, name: str = "") -> str:
    """Commit all that lies in a folder, begin a repository where there is none, and tag it."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", name or "a commit")
    if name:
        git(folder, "tag", name)
    return git(folder, "rev-parse", "HEAD")
