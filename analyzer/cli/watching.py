"""`assay check --watch`: judged again whenever an input changes, until somebody stops it.

Files are looked at four times a second rather than followed by the system's notices: that needs no
library, costs a millisecond for hundreds of files, and works on network and container mounts.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from analyzer.cli.exit_codes import BAD_INPUT
from analyzer.cli.writing import emit, layout
from analyzer.configuration import FILE_NAME, WAIVERS_NAME, nearest_file
from analyzer.errors import AssayError
from analyzer.output.grouping import counted
from analyzer.output.rounds import Earlier, blocks
from analyzer.output.text import shown
from analyzer.output.text_blocks import BLANK, line, span
from analyzer.output.text_parts import last_line
from analyzer.results import Run

_SUFFIXES = (".yaml", ".yml", ".json", ".template", ".py", ".toml")
_SKIPPED = {"node_modules", "__pycache__", "venv", "site-packages"}
_EVERY = 0.25  # seconds between two looks
_RESTS = 20  # looks after which what is still being written is judged as it is

Stamps = dict[Path, tuple[int, int, int]]


@dataclass
class Watch:
    """What is watched, how it is judged and shown, and what the last rounds told.

    `judge` gives a run, `show` prints the first one whole, `code` gives a run's exit code. Files in
    `ignored` are written by ourselves.
    """

    places: Sequence[Path]
    judge: Callable[[], Run]
    show: Callable[[Run], None]
    code: Callable[[Run], int]
    ignored: Collection[Path] = ()
    last_code: int | None = None
    _earlier: Earlier = field(default_factory=Earlier)
    _met: set[Path] = field(default_factory=set)

    def until_stopped(self) -> int:
        """Judge at every change; Ctrl-C ends it with the exit code of the last round."""
        try:
            before = self._judged(self._stamps())
            click.echo(f"assay: watching {counted(len(before), 'file')}; Ctrl-C stops", err=True)
            while True:
                now = _changed(self._stamps, before)
                before = self._judged(now, _names(before, now))
        except KeyboardInterrupt:
            if self.last_code is None:
                raise
            click.echo("", err=True)
            return self.last_code

    def _judged(self, now: Stamps, names: Sequence[str] = ()) -> Stamps:
        """A round over files as they are now; those that it met for the first time come to them.

        What changes while it is judged is a change.
        """
        met = set(self._met)
        self._round(names)
        return {**stamps(self._met - met), **now}

    def _round(self, names: Sequence[str] = ()) -> None:
        started = time.monotonic()
        try:
            run = self.judge()
            first = not self._earlier.known and self.last_code is None
            told = () if first else tuple(blocks(self._earlier, run))
            if first:
                self.show(run)
            self._remember(run)
        except (AssayError, OSError, click.ClickException) as error:
            # A line that is wrong now is a line that somebody is still writing.
            self.last_code = BAD_INPUT
            words = error.format_message() if isinstance(error, click.ClickException) else error
            click.echo(f"assay: {' '.join(f'{words}'.split())}", err=True)
            return
        if not first:
            seconds = f"({time.monotonic() - started:.2f} s)"
            clock = datetime.now().astimezone().strftime("%H:%M:%S")
            head = line(span(clock, "label"), *names)
            emit(shown([BLANK, head, *told, line(last_line(run), seconds)], **layout()))

    def _remember(self, run: Run) -> None:
        self._earlier = self._earlier.and_now(run)
        self.last_code = self.code(run)
        for judgement in run.judgements:
            self._met.update(Path(template) for template in judgement.templates)
            self._met.update(
                Path(resource.location.file)
                for resource in judgement.resources
                if resource.location
            )

    def _stamps(self) -> Stamps:
        ours = {file.absolute() for file in self.ignored}
        found = stamps([*self.places, *self._met])
        return {file: stamp for file, stamp in found.items() if file not in ours}


def places_of(named: Iterable[Path], configuration_file: Path | None) -> list[Path]:
    """What decides what a run gives: what the line names, and the files of the configuration."""
    found = configuration_file or nearest_file(Path.cwd())
    folder = found.parent if found else Path.cwd()
    own = [folder / FILE_NAME, folder / WAIVERS_NAME]
    return [*named, *own, *([found] if found else [])]


def stamps(places: Iterable[Path]) -> Stamps:
    """When each file at or below the places was written, its size and its identity, by its path.

    A file that is replaced has another identity; one that is not there has no stamp.
    """
    found: Stamps = {}
    entered: set[tuple[int, int]] = set()
    left = [place.absolute() for place in places]
    while left:
        place = left.pop()
        with suppress(OSError):
            state = place.stat()
            if not stat.S_ISDIR(state.st_mode):
                found[place] = (state.st_mtime_ns, state.st_size, state.st_ino)
            elif (state.st_dev, state.st_ino) not in entered:
                entered.add((state.st_dev, state.st_ino))
                left.extend(_wanted(place))
    return found


def _wanted(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _SKIPPED:
                continue
            if entry.is_dir() or entry.name.lower().endswith(_SUFFIXES):
                yield folder / entry.name


def _changed(look: Callable[[], Stamps], before: Stamps) -> Stamps:
    """Wait until a file differs, and then until all have come to rest."""
    now = look()
    while now == before:
        time.sleep(_EVERY)
        now = look()
    for _ in range(_RESTS):
        time.sleep(_EVERY)
        later, now = now, look()
        if later == now:
            break
    return now


def _names(before: Mapping[Path, object], now: Mapping[Path, object]) -> list[str]:
    """The files that differ, as seen from here."""
    differ = (file for file in {*before, *now} if before.get(file) != now.get(file))
    here = Path.cwd()
    return sorted(f"{file.relative_to(here) if here in file.parents else file}" for file in differ)
