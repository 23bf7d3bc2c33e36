"""How text output tells of findings: failures in full, what other engines say in a line each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analyzer.escape import visible
from analyzer.findings import OURS, Finding, Fix, Severity, Verdict
from analyzer.output.grouping import disputed, listed
from analyzer.output.remedies import remedy_words
from analyzer.output.text_blocks import Line, Span, line, span
from analyzer.results import Run


def told(run: Run, findings: Sequence[Finding]) -> Iterator[Line]:
    """Failures, then what other engines fail, then what is unknown, waived and disputed."""
    failed = [finding for finding in findings if finding.failed]
    for finding in failed:
        if finding.engine == OURS:
            yield from _failure(run, finding)
    yield from (_brief(run, finding) for finding in failed if finding.engine != OURS)
    for finding in findings:
        if finding.verdict is Verdict.UNKNOWN:
            yield from _unknown(run, finding)
    yield from (_waived(f) for f in findings if f.verdict is Verdict.FAIL and f.waiver)
    yield from (_disputed(finding) for finding in findings if disputed(finding))


def _failure(run: Run, finding: Finding) -> Iterator[Line]:
    yield line(_level(finding.severity), span(finding.rule, "rule"), title(run, finding), indent=2)
    yield line(subject(finding), place(finding), indent=6)
    if finding.message:
        yield line(finding.message, indent=6)
    if finding.fix:
        yield line(span("fix:", "label"), span(fix_words(finding.fix), "fix"), indent=6)
    if finding.remedy:
        yield line(span("patch:", "label"), remedy_words(finding.remedy), indent=6)
    if finding.also:
        yield line(span("also:", "label"), listed(finding.also), indent=6)


def subject(finding: Finding) -> str:
    """`Web (AWS::EC2::SecurityGroup)`; a system or a file has no type."""
    return f"{finding.resource} ({finding.type})" if finding.type else finding.resource


def _brief(run: Run, finding: Finding) -> Line:
    return line(
        _level(finding.severity),
        span(finding.rule, "rule"),
        f"({finding.engine})",
        finding.resource,
        place(finding),
        finding.message or title(run, finding),
        indent=2,
    )


def _unknown(run: Run, finding: Finding) -> Iterator[Line]:
    yield line(
        span("UNKNOWN ", "unknown"), span(finding.rule, "rule"), title(run, finding), indent=2
    )
    yield line(subject(finding), place(finding), indent=6)
    yield line(finding.message, indent=6)
    for reason in finding.hangs_on:
        yield line(span("hangs on:", "label"), reason, indent=6)
    if finding.error:
        yield line(span("error:", "label"), finding.error, indent=6)
    if finding.also:
        yield line(span("also:", "label"), listed(finding.also), indent=6)


def _waived(finding: Finding) -> Line:
    waiver = finding.waiver
    until = f"until {waiver.until}" if waiver and waiver.until else ""
    owner = f"by {waiver.owner}" if waiver and waiver.owner else ""
    return line(
        span("WAIVED  ", "waived"),
        span(finding.rule, "rule"),
        finding.resource,
        place(finding),
        until,
        owner,
        waiver and f"- {waiver.reason}",
        indent=2,
    )


def _disputed(finding: Finding) -> Line:
    return line(
        span("DISPUTED", "waived"),
        span(finding.rule, "rule"),
        f"({finding.engine})",
        finding.resource,
        place(finding),
        finding.message,
        indent=2,
    )


def title(run: Run, finding: Finding) -> str:
    """The rule's title, where its engine gave one."""
    rule = run.rules.get(finding.rule)
    return rule.title if rule else ""


def place(finding: Finding) -> Span:
    """File and line, as editors open it."""
    return span(finding.location or "", "place")


def fix_words(fix: Fix | None) -> str:
    """What would pass, as a template writes it, on one line; "" where no rule says it."""
    if fix is None:
        return ""
    parts = [
        *(_change(path, value) for path, value in {**fix.set, **fix.attributes}.items()),
        *(_change(path, None) for path in fix.remove),
        *(
            _change(path, value, of=key.rpartition("/")[2])
            for key, values in fix.elsewhere.items()
            for path, value in values.items()
        ),
        *(f"with {visible(name)} ({_type(added)})" for name, added in fix.add.items()),
    ]
    return "; ".join(filter(None, (", ".join(parts), visible(fix.note))))


def _change(path: str, value: Any, of: str = "") -> str:
    """A property with its value; `-` at the end of a path is one more in a list."""
    listed = visible(path.removesuffix("/-"))
    name = (f"{listed} of {visible(of)}" if listed else visible(of)) if of else listed or "it"
    if value is None:
        return f"without {name}"
    return f"{'added to ' if path.endswith('/-') else ''}{name}: {_value(value)}"


def _type(added: Mapping[str, Any]) -> str:
    return visible(f"{added.get('Type', '')}")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return visible(value)
    return visible(json.dumps(value, ensure_ascii=False, default=str))


def _level(severity: Severity) -> Span:
    return Span(severity.name.ljust(8), severity.label)
