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
    """Where excerpts come from: the lines of the templates that were read, by file."""

    texts: Mapping[str, Sequence[str]]
    _read: dict[str, Sequence[str]] = field(default_factory=dict)

    def shown(self, finding: Finding, secrets: Collection[str]) -> Finding:
        """The finding with its excerpt where it needs one, and without any secret."""
        if not finding.message:
            return finding
        excerpt = None
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and finding.location:
            excerpt = self._excerpt(finding.location, secrets)
        return replace(finding, message=masked(finding.message, secrets), excerpt=excerpt)

    def _excerpt(self, place: Location, secrets: Collection[str]) -> Excerpt | None:
        if not place.line:
            return None
        lines = self._lines(place.file)[place.line - 1 : place.end_line or place.line][:_LINES]
        if not lines:
            return None
        return Excerpt(place.line, tuple(_cut(masked(line, secrets)) for line in lines))

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
