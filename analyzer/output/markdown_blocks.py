"""The pieces of Markdown that platforms show: escaped words, code, tables, folds, what fits.

Text from templates is untrusted: it makes no markup, no link, no mention and no reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.escape import visible
from analyzer.findings import Severity
from analyzer.output.grouping import counted

# GitHub refuses a comment of more than 65,536 characters.
LIMIT = 65_000
# Of how many findings of one rule the places are told, where not all findings can be.
PLACES = (10, 5, 2)
_CLOSING = 200  # characters of the closing sentence, at most
# Marks, tags, tables, mentions and references anywhere; links; lists, rules and a platform's own
# commands where a line starts.
_MARKUP = re.compile(
    r"[\\`*_\[\]<>#|~&@$!%]|:(?=\u2060?//)|(?<=www)\.|^[-+=/]|^\d(?=\d*[.)]\s)", re.IGNORECASE
)
# Platforms look for these in the text that is shown, where an entity is a character again: an
# invisible one (word joiner) parts them from what they would refer to.
_REFERENCE = re.compile(r"[@#~&$!%](?=[\w\"])|:(?=//)|(?<=www)\.|(?<=\bGH)-(?=\d)", re.IGNORECASE)
_JOINER = "\u2060"
WORST = {
    Severity.CRITICAL: "\N{LARGE RED CIRCLE} critical",
    Severity.HIGH: "\N{LARGE RED CIRCLE} high",
    Severity.MEDIUM: "\N{LARGE ORANGE CIRCLE} medium",
    Severity.LOW: "\N{LARGE YELLOW CIRCLE} low",
    Severity.INFO: "\N{MEDIUM WHITE CIRCLE} info",
}


@dataclass(frozen=True, slots=True)
class Section:
    """What opens it, its entries, what closes it; without an entry it is not shown."""

    opening: str
    entries: Sequence[str]
    closing: str = ""


def fitting(forms: Iterable[Iterable[Section]], limit: int = LIMIT) -> str:
    """The first of the forms that is shown whole in `limit` characters; else what fits of the last.

    The fullest form comes first; one is only made where those before it are too large.
    """
    whole: list[Section] = []
    for form in forms:
        whole = list(form)
        if sum(map(_size, whole)) <= limit - _CLOSING:
            break
    return fitted(whole, limit)


def _size(section: Section) -> int:
    return sum(map(size, (section.opening, *section.entries, section.closing)))


def fitted(sections: Iterable[Section], limit: int = LIMIT) -> str:
    """The sections in `limit` characters; what does not fit is counted in a closing sentence."""
    room = limit - _CLOSING
    shown: list[str] = []
    left_out = 0
    for section in sections:
        around = size(section.opening) + size(section.closing)
        room -= around
        kept = []
        for entry in section.entries:
            if left_out == 0 and size(entry) <= room:
                kept.append(entry)
                room -= size(entry)
            else:
                left_out += 1
        if kept:
            shown.append(section.opening + "".join(kept) + section.closing)
        else:
            room += around
    if left_out:
        entries = counted(left_out, "more entry", "more entries")
        shown.append(
            f"\n**{entries} not shown**: a comment holds no more. "
            "The other formats hold the whole run.\n"
        )
    return "".join(shown)


def size(text: str) -> int:
    """Characters as platforms count them: those beyond the basic plane twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def folded(summary: str, entries: Sequence[str]) -> Section:
    """A section that opens when its summary is clicked."""
    opening = f"\n<details><summary>{escaped(summary)}</summary>\n\n"
    return Section(opening, entries, "\n</details>\n")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], words: int) -> Section:
    """A table whose first `words` columns are words, and whose others are figures."""
    rule = "|" + "---|" * words + "--:|" * (len(headers) - words)
    return Section(
        f"\n| {' | '.join(headers)} |\n{rule}\n", [f"| {' | '.join(row)} |\n" for row in rows]
    )


def escaped(text: object) -> str:
    """Words that stay words: every character that would be markup is written as an entity."""
    return _escaped(visible(text).strip())


def prose(text: object) -> str:
    """Words as `escaped` writes them; what stands between two backticks is code."""
    parts = visible(text).strip().split("`")
    if len(parts) % 2 == 0:  # one of them has no other
        return escaped(text)
    return "".join(code(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _escaped(line: str) -> str:
    parted = _REFERENCE.sub(lambda match: match[0] + _JOINER, line)
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", parted)


def code(text: object) -> str:
    """A code span, fenced with more backticks than it holds; a bar would end a table's cell."""
    words = visible(text).replace("|", "\N{BROKEN BAR}")
    fence = "`" * (_longest_run(words) + 1)
    pad = " " if "`" in (words[:1], words[-1:]) else ""
    return f"{fence}{pad}{words}{pad}{fence}" if words.strip() else ""


def block(text: str, language: str = "") -> str:
    """A block of code, line by line, fenced with more backticks than it holds."""
    lines = [_visible_line(line) for line in text.splitlines()]
    fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    return "\n".join((f"{fence}{language}", *lines, fence))


def _visible_line(line: str) -> str:
    """A line with its own indentation; a tab is shown as blanks."""
    return visible(line.expandtabs(4)).rstrip()


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
