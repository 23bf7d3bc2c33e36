"""What text output says of a run, block by block; every word passes through `visible`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.findings import Finding, Verdict
from analyzer.output.changes import change_words, compared, moved, run_counts, standing_words
from analyzer.output.coverage import by_account, coverage_words, place, shortfalls
from analyzer.output.grouping import (
    Shared,
    all_findings,
    by_severity,
    by_system,
    counted,
    listed,
    shared,
)
from analyzer.output.money import (
    amount,
    budget_style,
    budget_words,
    cost_words,
    declared_range,
    declared_words,
)
from analyzer.output.text_blocks import BLANK, Block, Line, Span, Table, line, span
from analyzer.output.text_changes import (
    columns,
    cost_change,
    cost_lines,
    effects,
    is_of_change,
    opening,
)
from analyzer.output.text_findings import told as findings_told
from analyzer.results import INCOMPLETE_KINDS, RAN, Judgement, Run


def blocks(run: Run, *, quiet: bool = False) -> Iterator[Block]:
    """Everything that text output shows; `quiet` leaves the failures and the last line.

    How far accounts were read comes first, always; what could not be used is always named.
    """
    yield from _coverage(run)
    yield from opening(run)
    against = compared(run)
    for system, judgements in by_system(run).items():
        yield from _system(run, system, judgements, quiet=quiet, against=against)
    yield from problem_lines(run, grave=quiet)
    if not quiet:
        yield from _engines(run)
        if run.judgements:
            yield BLANK
            yield summary(run)
    yield BLANK
    yield line(last_line(run))


def _coverage(run: Run) -> Iterator[Line]:
    if not run.coverage:
        return
    yield BLANK
    yield line(span("coverage", "group"))
    for account, lines in by_account(run).items():
        style = "pass" if all(one.complete for one in lines) else "unknown"
        yield line(account, span(coverage_words(lines), style), indent=2)
    for short in shortfalls(run):
        times = f"{short.times:,} times" if short.times > 1 else ""
        yield line(span(short.what, "unknown"), times, f"({place(short.regions)})", indent=6)


def _system(
    run: Run, system: str, judgements: Sequence[Judgement], *, quiet: bool, against: bool
) -> Iterator[Block]:
    told = shared(judgements, failed=quiet)
    if against:
        told = [item for item in told if is_of_change(item.finding)]
    if quiet and not told:
        return
    title = next((judgement.title for judgement in judgements if judgement.title), "")
    regions = listed(list(dict.fromkeys(name for j in judgements for name in j.regions)))
    yield BLANK
    yield line(
        span(system or "templates", "heading"), title and f"- {title}", regions and f"({regions})"
    )
    for profiles, items in _by_profiles(told, judgements).items():
        listing = list(findings_told(run, [item.finding for item in items]))
        if listing:
            yield BLANK
            yield line(span(_profiles(profiles, judgements), "group"))
            yield from listing
    if quiet:
        return
    if not any(item.finding.failed for item in told):
        yield line("no new failure" if against else "no failure found", indent=2)
    if against:
        yield from effects(judgements)
    else:
        yield from _claims(judgements)
    yield from _costs(list(moved(judgements)) if against else judgements)


def _by_profiles(
    told: Iterable[Shared], judgements: Sequence[Judgement]
) -> dict[tuple[str, ...], list[Shared]]:
    """What all profiles share comes first, then the rest in the profiles' order."""
    order = {judgement.profile: place for place, judgement in enumerate(judgements)}
    groups: dict[tuple[str, ...], list[Shared]] = {}
    for item in told:
        groups.setdefault(item.profiles, []).append(item)
    ranked = sorted(groups, key=lambda names: (-len(names), [order[name] for name in names]))
    return {names: groups[names] for names in ranked}


def _profiles(profiles: Sequence[str], judgements: Sequence[Judgement]) -> str:
    if len(judgements) == 1:
        return f"profile {profiles[0]}" if profiles[0] else "findings"
    if len(profiles) == len(judgements):
        return f"all {len(profiles)} profiles"
    return f"profile{'s' if len(profiles) > 1 else ''} {listed(profiles)}"


def _claims(judgements: Iterable[Judgement]) -> Iterator[Line]:
    told: dict[tuple[str, Verdict, tuple[tuple[str, str], ...]], list[str]] = {}
    for judgement in judgements:
        for claim in judgement.claims:
            against = claim.contradicted_by or claim.undecided_by
            if claim.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                told.setdefault((claim.text, claim.verdict, against), []).append(judgement.profile)
    if told:
        yield BLANK
        yield line(span("claims that do not hold, or cannot be confirmed", "group"))
    for (text, verdict, against), profiles in told.items():
        failed = verdict is Verdict.FAIL
        word = span("CONTRADICTED", "high") if failed else span("NOT DECIDED", "unknown")
        yield line(word, f'"{text}"', profiles != [""] and f"({listed(profiles)})", indent=2)
        for rule, resource in against:
            yield line(span(rule, "rule"), resource, indent=6)


def _costs(judgements: Iterable[Judgement]) -> Iterator[Line]:
    priced = [
        one for one in judgements if one.cost or one.declared or (one.before and one.before.cost)
    ]
    if priced:
        yield BLANK
        yield line(span("cost per month", "group"))
    for judgement in priced:
        parts = (cost_words(judgement), cost_change(judgement), declared_words(judgement))
        yield line(
            judgement.profile and f"{judgement.profile}:",
            ", ".join(filter(None, parts)),
            span(budget_words(judgement), budget_style(judgement)),
            indent=2,
        )
        yield from cost_lines(judgement)


def problem_lines(run: Run, *, grave: bool = False) -> Iterator[Line]:
    """What could not be used (`grave`: that alone), and what is wrong with waivers and settings."""
    told = [problem for problem in run.problems if problem.kind in INCOMPLETE_KINDS or not grave]
    if told:
        yield BLANK
        yield line(span("problems", "group"))
    for problem in told:
        yield line(span(f"{problem.kind}:", "high"), problem, indent=2)


def _engines(run: Run) -> Iterator[Line]:
    if run.engines:
        yield BLANK
        yield line(span("engines", "group"))
    for engine in run.engines:
        seconds = f"in {engine.seconds:.1f} s" if engine.status == RAN else ""
        words = engine.message if engine.message.startswith(engine.status) else engine.status
        note = "" if words == engine.message else engine.message
        yield line(engine.name, engine.version, words, seconds, note and f"- {note}", indent=2)


def summary(run: Run) -> Table:
    """A row per system and profile: failures by severity, verdicts, cost and declared cost."""
    levels = list(by_severity(all_findings(run)))
    against = compared(run)
    changes = ("new", "fixed") if against else ()
    headers = ("system", "profile", *changes, *(level.label for level in levels), "unknown", "pass")
    rows = []
    for judgement in run.judgements:
        counts = by_severity(judgement.findings)
        unknown = len(judgement.with_verdict(Verdict.UNKNOWN))
        passed = len(judgement.with_verdict(Verdict.PASS))
        rows.append(
            (
                span(judgement.system),
                span(judgement.profile),
                *(columns(judgement) if against else ()),
                *(_number(counts.get(level, 0), level.label) for level in levels),
                _number(unknown, "unknown"),
                _number(passed, "pass"),
                Span(amount(judgement.usd) if judgement.cost else "-"),
                span(declared_range(judgement) or "-"),
            )
        )
    last = len(headers)
    return Table((*headers, "USD/month", "declared"), tuple(rows), frozenset(range(2, last + 2)))


def last_line(run: Run) -> str:
    """What the run comes to, in one sentence or two that hide nothing."""
    findings = all_findings(run)
    if not findings:
        words = "Nothing was judged."
    else:
        counts = _change_counts(run) if compared(run) else _counts(findings)
        profiles = f"in {counted(len(run.judgements), 'profile')}"
        words = f"{counts} {profiles} of {counted(len(by_system(run)), 'system')}."
    return f"{words} {incomplete(run)}".strip()


def _counts(findings: Sequence[Finding]) -> str:
    """`4 failures (1 high, 3 low), 2 unknown`: in each profile, as the table has them."""
    counts = by_severity(findings)
    levels = ", ".join(f"{number} {level.label}" for level, number in counts.items())
    unknown = sum(finding.verdict is Verdict.UNKNOWN for finding in findings)
    waived = sum(finding.verdict is Verdict.FAIL and not finding.failed for finding in findings)
    words = [
        f"{counted(sum(counts.values()), 'failure')} ({levels})" if counts else "No failure",
        f"{unknown:,} unknown",
        f"{waived:,} waived" if waived else "",
    ]
    return ", ".join(filter(None, words))


def _change_counts(run: Run) -> str:
    """`2 new failures, 1 fixed; as before 4 failures, 2 unknown`: each once in its system."""
    counts = run_counts(run)
    words = ", ".join(change_words(counts))
    return f"{words[0].upper()}{words[1:]}; as before {', '.join(standing_words(counts))}"


def incomplete(run: Run) -> str:
    """Why not everything could be judged; "" where it was."""
    if run.complete:
        return ""
    broken = {finding.rule for finding in all_findings(run) if finding.error}
    inputs = sum(problem.kind in INCOMPLETE_KINDS for problem in run.problems)
    calls = sum(line.planned - line.answered for line in run.coverage)
    reasons = [
        f"{counted(calls, 'call')} without an answer" if calls else "",
        counted(inputs, "problem") if inputs else "",
        f"{counted(len(broken), 'rule')} that could not be run" if broken else "",
    ]
    return f"Not everything could be judged: {listed(list(filter(None, reasons)))}."


def _number(number: int, style: str) -> Span:
    return Span(f"{number:,}", style if number else "")
