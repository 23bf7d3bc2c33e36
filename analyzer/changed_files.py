"""From files that changed to what is to be judged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analyzer.inputs import ARCHITECTURE
from analyzer.template.sniff import is_template


def concerned(files: Iterable[Path]) -> list[Path]:
    """The architectures that files belong to, and the templates that belong to none; each once.

    What is neither is left: hooks and pipelines name every file that changed. A file that is gone
    still concerns its architecture.
    """
    found: dict[Path, None] = {}
    for file in files:
        architecture = _architecture_of(file)
        if architecture is not None:
            found[architecture] = None
        elif is_template(file):
            found[file] = None
    return list(found)


def _architecture_of(file: Path) -> Path | None:
    """The nearest architecture.yaml upwards, within the repository."""
    for folder in file.parents if file.is_absolute() else _parents_here(file):
        for name in ARCHITECTURE:
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def _parents_here(file: Path) -> Iterable[Path]:
    """The folders above a relative path; above the present one, by their whole names."""
    yield from file.parents
    yield from Path.cwd().parents
