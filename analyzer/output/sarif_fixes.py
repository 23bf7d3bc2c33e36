"""A worked-out fix as SARIF has it: the lines that go, and the text that takes their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from analyzer.escape import visible
from analyzer.findings import Finding, Remedy
from analyzer.output.remedies import remedy_words
from analyzer.template import MASK

_HUNK = re.compile(r"@@ -(\d+)")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_NEWLINE = "\\ No newline"


@dataclass(slots=True)
class _Replacement:
    """Lines of the old text, from the first one, and those that come in their place."""

    first: int
    gone: int = 0
    come: list[str] = field(default_factory=list)


def sarif_fixes(
    finding: Finding, remedy: Remedy, artifact: Callable[[str], dict[str, str]]
) -> dict[str, Any]:
    """The `fixes` of a result; none where a secret stands in what would be written.

    `artifact` names a file as the rest of the document does.
    """
    lines = _LINE.findall(remedy.diff)
    masked = any(line[:1] in "+-" and MASK in line for line in lines)
    if not lines or masked or any(line.startswith(_NO_NEWLINE) for line in lines):
        return {}
    # A diff leaves out what an absolute name begins with.
    absolute = finding.location is not None and finding.location.file.startswith("/")
    changes = [
        {
            "artifactLocation": artifact(f"/{file}" if absolute else file),
            "replacements": [_shown(replacement) for replacement in replacements],
        }
        for file, replacements in _files(lines)
    ]
    if not changes:
        return {}
    words = {"text": visible(remedy_words(remedy))}
    return {"fixes": [{"description": words, "artifactChanges": changes}]}


def _files(lines: list[str]) -> Iterator[tuple[str, list[_Replacement]]]:
    """Each file of a diff with its replacements."""
    starts = [
        number
        for number, (line, below) in enumerate(pairwise(lines))
        if line.startswith("--- a/") and below.startswith("+++ b/")
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        name = lines[start].removeprefix("--- a/").rstrip("\r\n")
        yield name, list(_replacements(lines[start + 2 : end]))


def _replacements(lines: list[str]) -> Iterator[_Replacement]:
    line, current = 1, None
    for text in lines:
        hunk = _HUNK.match(text)
        if hunk or text[:1] == " ":
            if current is not None:
                yield current
            line, current = (int(hunk[1]), None) if hunk else (line + 1, None)
            continue
        current = current or _Replacement(line)
        if text[:1] == "-":
            current.gone += 1
            line += 1
        else:
            current.come.append(text[1:])
    if current is not None:
        yield current


def _shown(replacement: _Replacement) -> dict[str, Any]:
    """From the begin of the first line to the begin of the one behind the last."""
    first, last = replacement.first, replacement.first + replacement.gone
    region = {"startLine": first, "startColumn": 1, "endLine": last, "endColumn": 1}
    shown: dict[str, Any] = {"deletedRegion": region}
    if replacement.come:
        shown["insertedContent"] = {"text": "".join(replacement.come)}
    return shown
