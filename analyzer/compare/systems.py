"""Which system of the base a system is, and whether anything that it reads has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.compare.files import Files
from analyzer.compare.pairing import SIMILAR, likeness
from analyzer.results import Problem
from analyzer.system import System

# What a template says where it may read other files.
_READS_OTHERS = (b"CloudFormation::Stack", b"Serverless::Application", b"AWS::Include")


@dataclass(frozen=True, slots=True)
class Twin:
    """A system, and what it was in the base: None where it is new, or could not be `read`.

    `same` where every file that it reads is the same.
    """

    head: System
    base: System | None
    same: bool = False
    read: bool = True


def twins(
    head: Sequence[System],
    base: Sequence[System],
    broken: Iterable[Problem],
    files: Files,
    given: Sequence[Path] = (),
) -> list[Twin]:
    """Each system of now with its counterpart: by its file, also a moved one, else by its name.

    `broken` are the problems of the base's files, as they are shown; `given` files that every
    template without an architecture is read with.
    """
    by_file = {files.now(_file(system, files)): system for system in base}
    by_name = {system.name: system for system in base if system.file}
    unread = {files.now(problem.file) for problem in broken}
    found = {}
    for system in head:
        there = by_file.get(system.file or system.name)
        found[system.name] = there or by_name.get(system.name if system.file else "")
    found.update(_moved([s for s in head if found[s.name] is None], base, files))
    return [
        Twin(
            system,
            found[system.name],
            same=_file_before(found[system.name], files) == (system.file or system.name)
            and _is_same(system, files, given),
            read=(system.file or system.name) not in unread,
        )
        for system in head
    ]


def _moved(head: Sequence[System], base: Sequence[System], files: Files) -> dict[str, System]:
    """Templates that were moved and not committed: the most similar of those that have gone."""
    gone = [s for s in base if not s.file and not Path(s.name).exists()]
    new = [s for s in head if not s.file and files.path(Path(s.name)) not in files.tree.entries]
    texts = {id(s): Counter(_lines(s)) for s in (*gone, *new)} if gone and new else {}
    scores = [(likeness(texts[id(a)], texts[id(b)]), a.name, b.name, a) for a in gone for b in new]
    found: dict[str, System] = {}
    used: set[str] = set()
    for score, old, now, system in sorted(scores, key=lambda item: (-item[0], *item[1:3])):
        if score >= SIMILAR and old not in used and now not in found:
            used.add(old)
            found[now] = system
    return found


def _lines(system: System) -> list[bytes]:
    return [line for template in system.templates for line in template.read_bytes().splitlines()]


def _file_before(system: System | None, files: Files) -> str:
    return _file(system, files) if system is not None else ""


def _file(system: System, files: Files) -> str:
    return files.shown(system.file) if system.file else system.name


def _is_same(system: System, files: Files, given: Sequence[Path]) -> bool:
    read = [*system.templates, *([Path(system.file)] if system.file else given)]
    return all(files.same(file) for file in read) and not any(map(_reads_others, system.templates))


def _reads_others(template: Path) -> bool:
    content = template.read_bytes()
    return any(word in content for word in _READS_OTHERS)
