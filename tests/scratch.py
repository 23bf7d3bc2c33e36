"""A git repository made for one test."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "Test"),
        ("EMAIL", "test@example.com"),
        ("DATE", "2026-01-01T00:00:00Z"),
    )
}


@dataclass(frozen=True)
class Scratch:
    """A repository in a folder."""

    root: Path

    def git(self, *arguments: str) -> str:
        """Call git in it."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the git of the user
            cwd=self.root,
            env={**environment, **_WHO, "GIT_CONFIG_GLOBAL": os.devnull},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> Path:
        """Put a file into the working tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self, **files: str) -> str:
        """Write files (`__` stands for a slash, a last `_` for a dot) and commit everything."""
        for name, text in files.items():
            self.write(_path(name), text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


def _path(name: str) -> str:
    stem, _, suffix = name.replace("__", "/").rpartition("_")
    return f"{stem}.{suffix}"


def scratch(root: Path) -> Scratch:
    """A new repository without a commit, on the branch main."""
    root.mkdir(parents=True, exist_ok=True)
    made = Scratch(root)
    made.git("init", "--quiet", "--initial-branch=main")
    return made
