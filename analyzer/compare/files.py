"""The base's files: where they were written, and how their places are told to the reader."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from analyzer.repository import Repository, Tree


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a base commit, written into `folder`, beside the working tree.

    `moved` maps the base's paths to those of now. `roots` are places in the folder and how the
    user named them, the innermost first: files are told in this spelling.
    """

    tree: Tree
    folder: Path
    roots: tuple[tuple[Path, Path], ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def path(self, file: Path) -> str:
        """A file of the working tree by its path from the repository's top; "" outside of it.

        A symbolic link below the top is what it is called, not what it leads to: that may change.
        """
        spelled = Path(os.path.abspath(file))  # noqa: PTH100 - a symbolic link keeps its own name
        root = self.tree.root
        if not spelled.is_relative_to(root):  # it, or a folder above it, is called otherwise
            tops = (folder for folder in (spelled, *spelled.parents) if _real(folder) == root)
            top = next(tops, None)
            spelled = root / spelled.relative_to(top) if top else _real(spelled)
        return spelled.relative_to(root).as_posix() if spelled.is_relative_to(root) else ""

    def before(self, file: Path) -> Path:
        """Where a path of the working tree stands in the base; itself outside the repository."""
        path = self.path(file)
        if not path:
            return file
        return self.moved_from(file) or self.folder / path

    def moved_from(self, file: Path) -> Path | None:
        """Where a file stands in the base that was moved since; None for all others."""
        path = self.path(file)
        old = next((old for old, new in self.moved.items() if new == path), "")
        return self.folder / old if old and not self.tree.holds(path) else None

    def shown(self, file: str) -> str:
        """A file of the base as the user would name it."""
        place = Path(file)
        for root, named in self.roots:
            if place.is_relative_to(root):
                return f"{named / place.relative_to(root)}"
        return file

    def told(self, text: str) -> str:
        """A sentence without the folder into which the base was written."""
        return text.replace(f"{self.folder}{os.sep}", "").replace(f"{self.folder}", ".")

    def now(self, file: str) -> str:
        """A file of the base, as it is shown, under the name that it has now."""
        moved = self.moved.get(self.path(Path(file)))
        return self.shown(f"{self.folder / moved}") if moved else file

    def stands(self, file: Path) -> bool:
        """Whether a file of the base is still there, under this name or another one."""
        return Path(self.now(self.shown(f"{file}"))).exists()

    def same(self, file: Path) -> bool:
        """Whether a file of the working tree has in the base the same path and content.

        One that is reached by a symbolic link has not: the base may have led elsewhere.
        """
        path = self.path(file)
        if not path or _real(file) != self.tree.root / path:
            return False
        try:
            return self.tree.has_same(path, file.read_bytes())
        except OSError:
            return False


def _real(place: Path) -> Path:
    # Unlike Path.resolve, this takes links that go in circles.
    return Path(os.path.realpath(place))


def _spelled(root: Path) -> Path:
    """A repository's top as one would write it: from the working folder, where that is inside."""
    inside = _real(Path.cwd()).is_relative_to(root)
    return Path(os.path.relpath(root)) if inside else root


@contextmanager
def base_files(
    repository: Repository, commit: str, given: Sequence[Path], also: Sequence[Path]
) -> Iterator[Files]:
    """The files of a commit in a folder that goes away again; `also` are read by their paths."""
    tree = repository.tree(commit)
    with tempfile.TemporaryDirectory(prefix="assay-base-") as name:
        folder = Path(os.path.realpath(name))
        files = Files(tree, folder, moved=repository.renamed(commit))
        roots = [*((files.before(path), path) for path in given), (folder, _spelled(tree.root))]
        roots.sort(key=lambda root: -len(root[0].parts))
        files = replace(files, roots=tuple(roots))
        # No search upwards for a configuration leaves the base.
        (folder / ".git").mkdir()
        named = [files.before(path) for path in (*given, *also)]
        tree.write(
            folder,
            also=[p.relative_to(folder).as_posix() for p in named if p.is_relative_to(folder)],
        )
        yield files
