"""The files of a commit, written out from git's objects without touching index or working tree.

`git archive` would be shorter, but attributes of the repository change what it writes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from analyzer.errors import InputError
from analyzer.repository.git import git, streamed

INCOMPLETE = "a partial clone: fetch without --filter"
"""What to do about a repository without some of its objects."""

_LINK, _SUBMODULE = "120000", "160000"
# What is read by the ends of its name; all else is read only where one of these names it.
_READ = (".yaml", ".yml", ".json", ".template", ".toml", ".py")
_NAMING = ("architecture.yaml", "architecture.yml", "assay.yaml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit: its mode and the id of its content, as git writes them."""

    mode: str
    id: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit by their paths from the repository's top folder."""

    root: Path
    commit: str
    entries: Mapping[str, Entry]

    @property
    def submodules(self) -> tuple[str, ...]:
        """The folders whose files stand in repositories of their own."""
        return tuple(p for p, entry in self.entries.items() if entry.mode == _SUBMODULE)

    def holds(self, path: str) -> bool:
        """Whether there is a file or a folder of that path; "" is the top folder."""
        return path in ("", ".") or any(
            name == path or name.startswith(f"{path}/") for name in self.entries
        )

    def has_same(self, path: str, content: bytes) -> bool:
        """Whether the commit has exactly this content under a path."""
        entry = self.entries.get(path)
        return entry is not None and entry.mode != _LINK and entry.id == _id(content, entry.id)

    def write(self, folder: Path, also: Sequence[str] = ()) -> None:
        """Write what can be read of the commit into an empty folder; `also` names more paths.

        That is every template, every document and pack by the end of its name, and of other files
        those whose names stand in an architecture.yaml or assay.yaml. A symbolic link is written
        where it leads to a place inside the folder. Raises `InputError` where a content is missing.
        """
        files = {
            path: e for path, e in self.entries.items() if e.mode != _SUBMODULE and _sane(path)
        }
        links = {path: entry for path, entry in files.items() if entry.mode == _LINK}
        whole = {path: entry for path, entry in files.items() if entry.mode != _LINK}
        wanted = {path: e for path, e in whole.items() if path.endswith(_READ) or path in also}
        naming = b"\n".join(self._write(folder, wanted))
        rest = {path: entry for path, entry in whole.items() if path not in wanted}
        self._write(folder, {path: e for path, e in rest.items() if _name(path) in naming})
        for id_, content in _contents(self.root, {entry.id: path for path, entry in links.items()}):
            for path in (path for path, entry in links.items() if entry.id == id_):
                _link(folder, path, content)
        _drop_escaping(folder, links)

    def _write(self, folder: Path, entries: Mapping[str, Entry]) -> list[bytes]:
        """Write whole files; gives the contents of those that name others."""
        places: dict[str, list[str]] = {}
        for path, entry in entries.items():
            places.setdefault(entry.id, []).append(path)
        made: set[str] = set()
        naming = []
        for id_, content in _contents(self.root, places):
            for path in places[id_]:
                above, _, name = path.rpartition("/")
                if above not in made:
                    (folder / above).mkdir(parents=True, exist_ok=True)
                    made.add(above)
                (folder / path).write_bytes(content)
                if name in _NAMING:
                    naming.append(content)
        return naming


def read_tree(root: Path, commit: str) -> Tree:
    """The paths of a commit."""
    entries = {}
    for line in git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        facts, tab, path = line.partition("\t")
        if tab:
            mode, _, id_ = facts.split(" ")
            entries[path] = Entry(mode, id_)
    return Tree(root, commit, entries)


def _id(content: bytes, like: str) -> str:
    """The id that git gives a content, in the same kind of digest as another."""
    digest = hashlib.sha1 if len(like) == 40 else hashlib.sha256  # noqa: PLR2004 - hex of SHA-1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


def _sane(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and ".git" not in parts


def _name(path: str) -> bytes:
    return os.fsencode(PurePosixPath(path).name)


def _contents(root: Path, ids: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{id_}\n" for id_ in ids).encode())
        asked.seek(0)
        with streamed(root, asked, "cat-file", "--batch") as process:
            try:
                for id_ in ids:
                    yield id_, _content(process.stdout, id_, root)
            finally:
                _end(process)


def _content(stream: IO[bytes] | None, id_: str, root: Path) -> bytes:
    header = stream.readline().split() if stream else []
    if stream is None or len(header) != 3:  # noqa: PLR2004 - id, type, size
        raise InputError(
            f"the content {id_[:12]} is not in the repository",
            file=str(root),
            hint=INCOMPLETE,
        )
    content = stream.read(int(header[2]))
    stream.read(1)
    return content


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()


def _link(folder: Path, path: str, content: bytes) -> None:
    """Make a symbolic link, unless its own folder is one that leads elsewhere."""
    place = folder / path
    if b"\0" in content or not _within(place.parent, folder):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(place):
        place.symlink_to(os.fsdecode(content))


def _drop_escaping(folder: Path, links: Mapping[str, Entry]) -> None:
    """Take away the links that lead out of the folder, directly or through one another."""
    for path in links:
        place = folder / path
        if place.is_symlink() and not _within(place, folder):
            place.unlink()


def _within(place: Path, folder: Path) -> bool:
    # Unlike Path.resolve, this takes links that go in circles.
    return Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder))
