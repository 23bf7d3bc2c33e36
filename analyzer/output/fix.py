"""What `assay fix` shows: each patch with its finding, whether it is safe, and its price."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.escape import visible_diff
from analyzer.findings import RuleInfo
from analyzer.fixes.mending import Mended, Patch
from analyzer.output.grouping import counted
from analyzer.output.json import plain
from analyzer.output.remedies import remedy_words
from analyzer.output.text_blocks import BLANK, Block, Span, line, span

_STYLES = {"+": "pass", "-": "high"}
_HEADERS = 2  # lines of a diff that name its file


def patch_blocks(
    mended: Mended, rules: Mapping[str, RuleInfo], *, written: bool = False
) -> Iterator[Block]:
    """Every patch, then how many there are; those that are not made say why."""
    for patch in mended.patches:
        yield from _patch(patch, rules, written=written)
    taken = [patch for patch in mended.patches if patch.taken]
    words = counted(len(taken), "patch", "patches")
    files = counted(len(mended.after), "file")
    done = "written to" if written else "for"
    if taken:
        yield line(span(f"{words} {done} {files}", "pass"), "" if written else _hint(mended))
    else:
        yield line("nothing to write", _hint(mended))


def _hint(mended: Mended) -> str:
    unsafe = sum(1 for patch in mended.patches if _held_back(patch))
    more = f"; --unsafe adds {counted(unsafe, 'patch', 'patches')}" if unsafe else ""
    taken = any(patch.taken for patch in mended.patches)
    return f"(--write writes them{more})" if taken else f"({more[2:]})" if more else ""


def _held_back(patch: Patch) -> bool:
    remedy = patch.finding.remedy
    return not patch.taken and not patch.refusal and remedy is not None and remedy.holds


def _patch(patch: Patch, rules: Mapping[str, RuleInfo], *, written: bool) -> Iterator[Block]:
    finding, remedy = patch.finding, patch.finding.remedy
    rule = rules.get(finding.rule)
    severity = Span(finding.severity.name.ljust(8), finding.severity.label)
    yield line(severity, span(finding.rule, "rule"), rule.title if rule else "")
    where = f"in {', '.join(filter(None, patch.profiles))}" if any(patch.profiles) else ""
    place = span(finding.location or "", "place")
    yield line(f"{finding.resource} ({finding.type})", place, where, indent=6)
    yield line(finding.message, indent=6)
    if remedy is not None:
        words = patch.refusal or remedy_words(remedy)
        label = (
            "not made:" if patch.refusal else "written:" if written and patch.taken else "patch:"
        )
        yield line(span(label, "label"), span(words, "fix"), indent=6)
        for text in remedy.diff.splitlines()[_HEADERS:]:
            yield (Span(" " * 8), span(text, _STYLES.get(text[:1], "")))
    yield BLANK


def patch_document(mended: Mended, *, written: bool = False) -> str:
    """The patches as JSON, and the text of each file that changes is left to the files."""
    patches: list[dict[str, Any]] = [
        {
            "system": patch.system,
            "profiles": list(patch.profiles),
            "taken": patch.taken,
            "written": written and patch.taken,
            "refusal": patch.refusal,
            "finding": plain(patch.finding),
        }
        for patch in mended.patches
    ]
    document = {"format": 1, "files": list(mended.after), "patches": patches}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def patch_diff(mended: Mended) -> str:
    """All that is taken as one unified diff; control characters are made visible."""
    return visible_diff(mended.diff)
