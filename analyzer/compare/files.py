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
        """A file of the working tree by its path from the repository's top; "" outside of it."""
        place = Path(os.path.realpath(file))
        inside = place.is_relative_to(self.tree.root)
        return place.relative_to(self.tree.root).as_posix() if inside else ""

    def before(self, file: Path) -> Path:
        """Where a path of the working tree stands in the base; itself outside the repository."""
        path = self.path(file)
        if not path:
            return file
        moved_from = {new: old for old, new in self.moved.items()}
        if not self.tree.holds(path):
            path = moved_from.get(path, path)
        return self.folder / path

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

    def same(self, file: Path) -> bool:
        """Whether a file of the working tree has in the base the same path and content."""
        path = self.path(file)
        try:
            return bool(path) and self.tree.has_same(path, file.read_bytes())
        except OSError:
            return False


@contextmanager
def base_files(
    repository: Repository, commit: str, given: Sequence[Path], also: Sequence[Path]
) -> Iterator[Files]:
    """The files of a commit in a folder that goes away again; `also` are read by their paths."""
    tree = repository.tree(commit)
    with tempfile.TemporaryDirectory(prefix="assay-base-") as name:
        folder = Path(os.path.realpath(name))
        files = Files(tree, folder, moved=repository.renamed(commit))
        roots = [*((files.before(path), path) for path in given), (folder, tree.root)]
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
