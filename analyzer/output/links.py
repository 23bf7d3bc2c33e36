"""Where a file of the repository is looked at in a browser."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analyzer.escape import encodable
from analyzer.model import Location


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of a commit's files: `url` is what stands before a path below `root`."""

    url: str
    root: Path

    def of(self, location: Location) -> str:
        """The page of a place; "" for a file outside the repository."""
        name = below(self.root, location.file)
        if not name:
            return ""
        line = f"#L{location.line}" if location.line else ""
        return f"{self.url}{quote(name, safe='/')}{line}"


def repository_root(folder: Path) -> Path:
    """The nearest folder upwards that holds `.git`; the folder itself where there is none."""
    return next(
        (parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder
    )


def below(root: Path, file: str) -> str:
    """A file's path from the root, with forward slashes; "" where it lies outside."""
    path = Path(os.path.abspath(file))  # noqa: PTH100 - a symbolic link keeps its own name
    if not path.is_relative_to(root):
        return ""
    name = str(path.relative_to(root)).replace(os.sep, "/")
    return encodable(name)
