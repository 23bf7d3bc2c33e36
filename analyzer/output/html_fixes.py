"""What the HTML report lists as fixes: worst first, cheapest first, with what all of them cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from analyzer.findings import Finding, Fix, Remedy, Severity

_PATCH = 20_000  # characters; that of a template on one line holds the template twice


@dataclass(frozen=True, slots=True)
class FixRow:
    """One edit and the failures that it settles, which may be several rules' or resources'.

    A fix that was not worked out has no `remedy`.
    """

    findings: tuple[Finding, ...]
    fix: Fix | None
    remedy: Remedy | None

    @property
    def severity(self) -> Severity:
        """That of the worst failure."""
        return max(finding.severity for finding in self.findings)

    @property
    def patch(self) -> str:
        """The patch as a unified diff, "" where there is none, or it is too long for a page."""
        diff = self.remedy.diff if self.remedy else ""
        return diff if len(diff) <= _PATCH else ""

    @property
    def places(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The resources, each with the rules that fail there."""
        found: dict[str, dict[str, None]] = {}
        for finding in self.findings:
            found.setdefault(finding.resource, {})[finding.rule] = None
        return tuple((resource, tuple(rules)) for resource, rules in found.items())


@dataclass(frozen=True, slots=True)
class Sum:
    """What some fixes add to a month, USD; `unpriced` of the `count` have no price."""

    count: int
    low: Decimal
    high: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class FixList:
    """A profile's fixes; `left_out` of them are not listed, `by_hand` failures have none.

    `unshown` of those that are listed have a patch that is too long for a page.
    """

    rows: tuple[FixRow, ...]
    every: Sum
    safe: Sum
    by_hand: int
    left_out: int = 0
    unshown: int = 0


def fix_list(findings: Iterable[Finding], most: int | None = None) -> FixList:
    """The fixes of the failures that stand; all are summed, `most` of them listed."""
    failed = [finding for finding in findings if finding.failed]
    rows = sorted(_rows(failed), key=_order)
    safe = [row for row in rows if row.remedy and row.remedy.safe]
    listed = rows if most is None else rows[:most]
    return FixList(
        rows=tuple(listed),
        every=_sum(rows),
        safe=_sum(safe),
        by_hand=len(failed) - sum(len(row.findings) for row in rows),
        left_out=len(rows) - len(listed),
        unshown=sum(bool(row.remedy and row.remedy.diff) and not row.patch for row in listed),
    )


def settled(failures: Iterable[Finding]) -> Sum | None:
    """What it costs to settle these failures; None where one of them has no fix."""
    failed = list(failures)
    found = fix_list(failed)
    return found.every if failed and not found.by_hand else None


def _rows(failed: Iterable[Finding]) -> Iterator[FixRow]:
    by_edit: dict[object, list[Finding]] = {}
    for index, finding in enumerate(failed):
        remedy = finding.remedy
        if finding.fix is None and (remedy is None or not remedy.diff):
            continue
        edit = remedy.diff if remedy and remedy.diff else index
        by_edit.setdefault(edit, []).append(finding)
    for found in by_edit.values():
        yield FixRow(tuple(found), found[0].fix, found[0].remedy)


def _order(row: FixRow) -> tuple[object, ...]:
    remedy = row.remedy
    price = remedy.usd_high if remedy else None
    first = row.findings[0]
    return (-row.severity, price is None, price or Decimal(0), first.rule, first.resource)


def _sum(rows: Iterable[FixRow]) -> Sum:
    rows = list(rows)
    priced = [
        (remedy.usd_low, remedy.usd_high)
        for remedy in (row.remedy for row in rows)
        if remedy and remedy.usd_low is not None and remedy.usd_high is not None
    ]
    return Sum(
        count=len(rows),
        low=sum((low for low, _ in priced), Decimal(0)),
        high=sum((high for _, high in priced), Decimal(0)),
        unpriced=len(rows) - len(priced),
    )
