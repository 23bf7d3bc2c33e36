"""What text output says about a deployed system that differs from its templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.cost_lines import total
from analyzer.drift import Drift
from analyzer.findings import Finding, Verdict
from analyzer.output.coverage import coverage_words
from analyzer.output.grouping import counted
from analyzer.output.money import amount, signed
from analyzer.output.text_blocks import BLANK, Block, line, span
from analyzer.results import CoverageLine


def blocks(drift: Drift, coverage: Sequence[CoverageLine]) -> Iterator[Block]:
    """What was changed, what breaks by it, and what it costs."""
    yield BLANK
    style = "pass" if all(one.complete for one in coverage) else "unknown"
    yield line(span("coverage", "group"), span(coverage_words(coverage), style))
    for one in coverage:
        for what, _ in one.failures:
            yield line(span(what, "unknown"), f"({one.region})", indent=6)
    yield BLANK
    yield line(span(f"{drift.system} {drift.profile}".strip(), "heading"))
    yield from _changed(drift)
    yield from _findings("these changes break", drift.broken)
    yield from _findings("these changes mend", drift.mended)
    yield from _claims(drift)
    yield BLANK
    yield line(_cost_words(drift))
    if drift.not_compared:
        yield BLANK
        yield line(span("not compared", "group"))
    for item in drift.not_compared:
        yield line(f"{item.resource} {item.property}".strip(), f"- {item.reason}", indent=2)
    yield BLANK
    yield line(_last(drift))


def _changed(drift: Drift) -> Iterator[Block]:
    for gone in drift.missing:
        yield BLANK
        yield line(span("GONE", "high"), gone.resource, f"({gone.type})", gone.reason, indent=2)
    last = ""
    for change in drift.changed:
        if change.resource != last:
            last = change.resource
            yield BLANK
            yield line(
                span("CHANGED", "medium"),
                change.resource,
                f"({change.type})",
                change.physical_id,
                indent=2,
            )
        place = f"[{change.location}]" if change.location else ""
        told = (
            f"{change.declared or 'nothing'} is {change.deployed or 'gone'}"
            if change.declared
            else f"{change.deployed} was added"
        )
        yield line(span(change.property, "rule"), told, place, indent=6)


def _findings(title: str, findings: Sequence[Finding]) -> Iterator[Block]:
    if findings:
        yield BLANK
        yield line(span(title, "group"))
    for finding in findings:
        yield line(
            span(finding.severity.label.upper(), finding.severity.label),
            span(finding.rule, "rule"),
            finding.resource,
            finding.message,
            indent=2,
        )


def _claims(drift: Drift) -> Iterator[Block]:
    told = [claim for claim in drift.claims if claim.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    if told:
        yield BLANK
        yield line(span("claims that do not hold of what is deployed", "group"))
    for claim in told:
        failed = claim.verdict is Verdict.FAIL
        word = span("CONTRADICTED", "high") if failed else span("NOT DECIDED", "unknown")
        yield line(word, f'"{claim.text}"', indent=2)


def _cost_words(drift: Drift) -> str:
    declared, deployed = total(drift.declared_cost), total(drift.deployed_cost)
    return (
        f"As declared {amount(declared)} USD a month, as deployed {amount(deployed)}"
        f" ({signed(deployed - declared)})."
    )


def _last(drift: Drift) -> str:
    if not drift.drifted:
        return f"{counted(drift.compared, 'resource')} compared: as the templates say."
    resources = {(change.stack, change.resource) for change in drift.changed}
    return (
        f"{counted(drift.compared, 'resource')} compared: {counted(len(drift.changed), 'change')}"
        f" in {counted(len(resources), 'resource')}, {len(drift.missing)} gone,"
        f" {counted(len(drift.broken), 'new failure')}."
    )
