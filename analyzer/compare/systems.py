"""Which system of the base a system is, and whether anything that it reads has changed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from analyzer.compare.files import Files
from analyzer.compare.pairing import SIMILAR, likeness
from analyzer.compare.values import Leaf, leaves
from analyzer.errors import InputError
from analyzer.results import Problem
from analyzer.system import System
from analyzer.template import read_source

_MOST = 2_500  # pairs of templates that are held against each other
# What a template says where it may read other files; or that it is written otherwise than plainly.
_READS_OTHERS = re.compile(
    rb"CloudFormation::Stack|Serverless::Application|AWS::Include|\\[uUx\r\n]|\0"
)


@dataclass(frozen=True, slots=True)
class Twin:
    """A system, and what it was in the base: None where it is new.

    `same` where every file that it reads is the same. It is not `read` where that base cannot be
    read, or where several systems have its name: then nothing is compared.
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
    direct = [by_file.get(_place(system)) for system in head]
    taken = {id(system) for system in direct}
    left = [system for system in base if id(system) not in taken]
    by_name = {system.name: system for system in left if system.file}
    moved = _moved([s for s, d in zip(head, direct, strict=True) if d is None], left, files)
    unread = {files.now(problem.file) for problem in broken}
    called = Counter(system.name for system in head)
    return [
        Twin(
            system,
            base=there or (by_name if system.file else moved).get(system.name),
            same=there is not None and called[system.name] == 1 and _is_same(system, files, given),
            read=_place(system) not in unread and called[system.name] == 1,
        )
        for system, there in zip(head, direct, strict=True)
    ]


def _place(system: System) -> str:
    """Where a system stands: its own file, or its template."""
    return system.file or system.name


def _moved(head: Sequence[System], base: Sequence[System], files: Files) -> dict[str, System]:
    """Templates that git does not know as moved: the most similar of those that have gone.

    Moves that are not committed are such, and templates that are written in the other language now.
    """
    gone = [s for s in base if not s.file and not Path(s.name).exists()]
    new = [s for s in head if not s.file and files.path(Path(s.name)) not in files.tree.entries]
    pairs = list(_candidates(gone, new))
    said = {s.name: Counter(_said(s)) for pair in pairs for s in pair}
    scores = [(likeness(said[a.name], said[b.name]), a.name, b.name, a) for a, b in pairs]
    found: dict[str, System] = {}
    used: set[str] = set()
    for score, old, now, system in sorted(scores, key=lambda item: (-item[0], *item[1:3])):
        if score >= SIMILAR and old not in used and now not in found:
            used.add(old)
            found[now] = system
    return found


def _candidates(gone: Sequence[System], new: Sequence[System]) -> Iterator[tuple[System, System]]:
    """All pairs; of very many, those whose files are called the same."""
    if len(gone) * len(new) <= _MOST:
        yield from product(gone, new)
        return
    called: dict[str, list[System]] = defaultdict(list)
    for system in gone:
        called[Path(system.name).stem].append(system)
    for system in new:
        yield from ((other, system) for other in called[Path(system.name).stem])


def _said(system: System) -> Iterator[Leaf]:
    """Every value of a template, YAML or JSON, with the names that lead to it."""
    for template in system.templates:
        try:
            yield from leaves(read_source(template).data, {})
        except InputError:
            continue  # nothing in it can be compared


def _file(system: System, files: Files) -> str:
    return files.shown(system.file) if system.file else system.name


def _is_same(system: System, files: Files, given: Sequence[Path]) -> bool:
    read = [*system.templates, *([Path(system.file)] if system.file else given)]
    return all(files.same(file) for file in read) and not any(map(_reads_others, system.templates))


def _reads_others(template: Path) -> bool:
    return _READS_OTHERS.search(template.read_bytes()) is not None
