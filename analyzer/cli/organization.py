"""What `assay audit` prints about many accounts: a row each as they are done, and the sum."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from analyzer.cli.exit_codes import (
    COMPLIANT,
    INCOMPLETE,
    VIOLATIONS,
    VIOLATIONS_AND_INCOMPLETE,
)
from analyzer.cli.writing import emit, layout
from analyzer.findings import Severity, Verdict
from analyzer.organization import AccountSummary
from analyzer.output.coverage import coverage_words
from analyzer.output.grouping import counted
from analyzer.output.money import amount
from analyzer.output.text_blocks import BLANK, Block, Span, Table, line, span
from analyzer.results import INCOMPLETE_KINDS, Problem


def summarized(
    summaries: Iterable[AccountSummary],
    problems: Sequence[Problem],
    where: str,
    *,
    as_json: bool,
    fail_on: Severity,
    strict: bool,
) -> int:
    """Print the summary of every account and of all, and give the exit code."""
    from analyzer.output.text import shown

    done = sorted(summaries, key=lambda one: one.account.id)
    if as_json:
        emit(json.dumps({"results": where, "accounts": [_plain(one) for one in done]}, indent=1))
    else:
        blocks = list(_blocks(done, problems, where))
        emit(shown(blocks, **layout()))
    return _exit_code(done, problems, fail_on, strict=strict)


def _exit_code(
    done: Sequence[AccountSummary],
    problems: Sequence[Problem],
    fail_on: Severity,
    *,
    strict: bool,
) -> int:
    complete = not any(problem.kind in INCOMPLETE_KINDS for problem in problems) and all(
        not one.error and all(line.complete for line in one.coverage) for one in done
    )
    violated = any(
        any(Severity[name.upper()] >= fail_on for name in one.failures)
        or (strict and one.verdicts.get(Verdict.UNKNOWN.value))
        for one in done
    )
    if violated:
        return VIOLATIONS if complete else VIOLATIONS_AND_INCOMPLETE
    return COMPLIANT if complete else INCOMPLETE


def _plain(one: AccountSummary) -> dict[str, object]:
    return {
        "account": one.account.id,
        "name": one.account.name,
        "resources": one.resources,
        "verdicts": dict(one.verdicts),
        "failures": dict(one.failures),
        "usd_per_month": f"{one.usd}",
        "coverage": coverage_words(one.coverage),
        "complete": not one.error and all(line.complete for line in one.coverage),
        "problems": list(one.problems),
        "error": one.error,
    }


def _blocks(
    done: Sequence[AccountSummary], problems: Sequence[Problem], where: str
) -> Iterator[Block]:
    every = [line for one in done for line in one.coverage]
    style = "pass" if all(one.complete for one in every) else "unknown"
    yield BLANK
    yield line(span("coverage", "group"), span(coverage_words(every), style))
    for one in done:
        short = [line for line in one.coverage if not line.complete]
        if one.error or short:
            yield line(
                one.account.id, span(one.error or coverage_words(short), "unknown"), indent=2
            )
    for problem in problems:
        yield line(span(f"{problem.kind}:", "high"), problem, indent=2)
    yield BLANK
    yield _table(done)
    yield BLANK
    failed = sum((Counter(one.failures) for one in done), Counter[str]())
    usd = sum((one.usd for one in done), Decimal(0))
    yield line(
        f"{counted(len(done), 'account')},",
        f"{counted(sum(one.resources for one in done), 'resource')},",
        f"{counted(failed.total(), 'failure')}, {amount(usd)} USD a month.",
    )
    yield line(f"The result of each account is in {where}/results.")


def _table(done: Sequence[AccountSummary]) -> Table:
    levels = [
        level for level in reversed(Severity) if any(level.label in one.failures for one in done)
    ]
    headers = (
        "account",
        "name",
        "resources",
        *(level.label for level in levels),
        "unknown",
        "pass",
    )
    rows = [
        (
            span(one.account.id),
            span(one.account.name),
            Span(f"{one.resources:,}"),
            *(Span(f"{one.failures.get(level.label, 0):,}") for level in levels),
            Span(f"{one.verdicts.get(Verdict.UNKNOWN.value, 0):,}"),
            Span(f"{one.verdicts.get(Verdict.PASS.value, 0):,}"),
            Span(amount(one.usd)),
        )
        for one in done
    ]
    last = len(headers)
    return Table((*headers, "USD/month"), tuple(rows), frozenset(range(2, last + 1)))
