"""The lines of a template that a finding is about, with its secrets masked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analyzer.findings import Excerpt, Finding, Verdict
from analyzer.model import Location
from analyzer.secrets import masked

_LINES = 8
_WIDTH = 160


@dataclass
class Excerpts:
    """Where excerpts come from: the lines of the templates that were read, by file.

    `secrets` are literal texts that must never be shown.
    """

    texts: Mapping[str, Sequence[str]]
    secrets: Collection[str]
    _read: dict[str, Sequence[str]] = field(default_factory=dict)
    _shown: dict[tuple[str, int], str] = field(default_factory=dict)

    def shown(self, finding: Finding) -> Finding:
        """The finding with its excerpt where it needs one, and without any secret."""
        if not finding.message:
            return finding
        excerpt = None
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and finding.location:
            excerpt = self._excerpt(finding.location)
        return replace(finding, message=masked(finding.message, self.secrets), excerpt=excerpt)

    def _excerpt(self, place: Location) -> Excerpt | None:
        if not place.line:
            return None
        last = min(place.end_line or place.line, place.line + _LINES - 1)
        lines = range(place.line, min(last, len(self._lines(place.file))) + 1)
        if not lines:
            return None
        return Excerpt(place.line, tuple(self._line(place.file, line) for line in lines))

    def _line(self, file: str, number: int) -> str:
        """A line as it is shown; findings of one resource share most of theirs."""
        key = (file, number)
        if key not in self._shown:
            self._shown[key] = _cut(masked(self._lines(file)[number - 1], self.secrets))
        return self._shown[key]

    def _lines(self, file: str) -> Sequence[str]:
        if file in self.texts:
            return self.texts[file]
        if file not in self._read:
            try:
                text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
            except OSError:
                text = ""
            self._read[file] = text.splitlines()
        return self._read[file]


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]} ..."
