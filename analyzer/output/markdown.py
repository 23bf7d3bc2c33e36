"""A run as GitHub Markdown: failures first, the rest folded, no longer than a comment holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from analyzer.findings import OURS, Finding, Severity, Verdict
from analyzer.output.changes import compared, counts
from analyzer.output.coverage import by_account, coverage_words, place, shortfalls
from analyzer.output.grouping import (
    all_findings,
    by_severity,
    by_system,
    counted,
    disputed,
    listed,
    rank,
    shared,
)
from analyzer.output.markdown_blocks import (
    LIMIT,
    PLACES,
    Section,
    code,
    escaped,
    fitting,
    folded,
    prose,
    table,
)
from analyzer.output.markdown_changes import (
    Page,
    added_waivers,
    change_sections,
    compared_with,
    headline,
)
from analyzer.output.markdown_findings import (
    Told,
    brief,
    failure,
    gathered,
    set_aside,
    unknown,
    whose,
)
from analyzer.output.money import amount, budget_words, cost_words, declared_range, declared_words
from analyzer.output.text_parts import last_line
from analyzer.results import RAN, Judgement, Run


def markdown(run: Run, *, limit: int = LIMIT) -> str:
    """The run as GitHub Markdown of at most `limit` characters; what is left out is counted.

    What a change does comes first, where the run was compared.
    """
    return fitting((_form(run, number) for number in (0, *PLACES)), limit)


def _form(run: Run, places: int) -> Iterator[Section]:
    """The whole run; where `places` is not 0, findings of one rule are told together."""
    yield _head(run)
    yield from _change(run, places) if compared(run) else ()
    yield from _sections(run, places)


def _head(run: Run) -> Section:
    return Section("", [f"## {marks(run)} assay\n\n{escaped(last_line(run))}\n"])


def marks(run: Run) -> str:
    """What the run comes to at a glance; good is only what was judged, and judged whole."""
    failed = any(map(counts, all_findings(run)))
    if run.complete and all_findings(run):
        return "\N{CROSS MARK}" if failed else "\N{WHITE HEAVY CHECK MARK}"
    return "\N{CROSS MARK} \N{WARNING SIGN}" if failed else "\N{WARNING SIGN}"


def _change(run: Run, places: int) -> Iterator[Section]:
    page = Page(run, patches=False, places=places)
    yield Section(f"\n## The change: {headline(run)}\n\n", [f"{compared_with(run)}\n"])
    yield added_waivers(page)
    yield from change_sections(page)
    yield Section("\n", ["## The whole run\n"])


def _sections(run: Run, places: int) -> Iterator[Section]:
    yield Section("\n### Coverage\n\n", list(_coverage(run)))
    yield problems(run)
    yield _summary(run)
    groups = _groups(run, places)
    for name, told in groups.items():
        own = [one for one in told if one[0].failed and one[0].engine == OURS]
        entries = _entries(run, own, failure, places)
        yield folded(f"{name}: {counted(len(own), 'failure')}", entries)
    for system, judgements in by_system(run).items():
        claims = list(_claims(judgements))
        yield folded(f"{system}: claims that do not hold, or cannot be confirmed", claims)
    yield folded("Cost per month", list(_costs(run)))
    for name, told in groups.items():
        undecided = [one for one in told if one[0].verdict is Verdict.UNKNOWN]
        entries = _entries(run, undecided, unknown, places)
        yield folded(f"{name}: {len(undecided):,} unknown", entries)
    for name, told in groups.items():
        foreign = [one for one in told if one[0].failed and one[0].engine != OURS]
        entries = _entries(run, foreign, brief, places)
        yield folded(f"{name}: {counted(len(foreign), 'finding')} of other engines", entries)
    for name, told in groups.items():
        rest = [one for one in told if one[0].waiver or disputed(one[0])]
        entries = [set_aside(finding, where) for finding, where in rest]
        yield folded(f"{name}: {len(rest):,} waived or disputed", entries)
    yield Section("\n", [engines(run)])


def _groups(run: Run, places: int) -> dict[str, list[Told]]:
    """The findings, worst first: by system, or of all together where `places` is not 0."""
    groups: dict[str, list[Told]] = {}
    systems = by_system(run)
    together = places > 0 and len(systems) > 1
    for system, judgements in systems.items():
        name = "all systems" if together else system
        groups.setdefault(name, []).extend(
            (item.finding, whose(item, len(judgements), system if together else ""))
            for item in shared(judgements)
        )
    return {name: sorted(told, key=lambda one: rank(one[0])) for name, told in groups.items()}


def _entries(
    run: Run, told: Iterable[Told], alone: Callable[[Run, Finding, str], str], places: int
) -> list[str]:
    if not places:
        return [alone(run, finding, where) for finding, where in told]
    return list(gathered(run, told, partial(alone, run), most=places))


def _coverage(run: Run) -> Iterator[str]:
    """How far accounts were read: a line each, and what was not."""
    for account, lines in by_account(run).items():
        mark = "" if all(line.complete for line in lines) else "\N{WARNING SIGN} "
        yield f"- {mark}{escaped(account)}: {escaped(coverage_words(lines))}\n"
    for short in shortfalls(run):
        where = f"{short.account}, {place(short.regions)}"
        yield f"  - {escaped(short.what)} ({short.times:,}; {escaped(where)})\n"


def problems(run: Run) -> Section:
    """What could not be used, and what is wrong with waivers and settings."""
    return Section("\n### Problems\n\n", [f"- {prose(problem)}\n" for problem in run.problems])


def _summary(run: Run) -> Section:
    levels = list(by_severity(all_findings(run)))
    headers = ["system", "profile", *(level.label for level in levels), "unknown", "pass"]
    headers += ["USD/month", "declared"]
    return table(headers, [_row(judgement, levels) for judgement in run.judgements], words=2)


def _row(judgement: Judgement, levels: Sequence[Severity]) -> list[str]:
    counts = by_severity(judgement.findings)
    return [
        escaped(judgement.system),
        escaped(judgement.profile),
        *(f"**{counts[level]}**" if level in counts else "0" for level in levels),
        str(len(judgement.with_verdict(Verdict.UNKNOWN))),
        str(len(judgement.with_verdict(Verdict.PASS))),
        amount(judgement.usd) if judgement.cost else "",
        escaped(declared_range(judgement)),
    ]


def _claims(judgements: Iterable[Judgement]) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for judgement in judgements:
        for claim in judgement.claims:
            failed = claim.verdict is Verdict.FAIL
            if failed or claim.verdict is Verdict.UNKNOWN:
                against = claim.contradicted_by if failed else claim.undecided_by
                places = ", ".join(f"{escaped(rule)} {code(name)}" for rule, name in against)
                word = "contradicted by" if failed else "not decided:"
                entry = f"\N{LEFT DOUBLE QUOTATION MARK}{escaped(claim.text)}"
                entry += f"\N{RIGHT DOUBLE QUOTATION MARK} is {word} {places}"
                told.setdefault(entry, []).append(judgement.profile)
    for entry, profiles in told.items():
        names = listed([escaped(name) for name in profiles if name])
        yield f"- {entry}{f' ({names})' if names else ''}\n"


def _costs(run: Run) -> Iterator[str]:
    for judgement in run.judgements:
        if judgement.cost or judgement.declared:
            name = "/".join(filter(None, (judgement.system, judgement.profile)))
            parts = (cost_words(judgement), declared_words(judgement), budget_words(judgement))
            yield f"- {escaped(name)}: {escaped(', '.join(filter(None, parts)))}\n"


def engines(run: Run) -> str:
    """Which engines judged, in small print."""
    parts = [
        f"{status.name} {status.version}".strip() + f" ({status.status})"
        for status in run.engines
        if status.name != OURS or status.status != RAN
    ]
    return f"<sub>{escaped(', '.join([f'assay {run.version}, {run.date}', *parts]))}</sub>\n"
