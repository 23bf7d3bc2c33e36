"""A comment for a pull request: what fails first, the rest folded, never longer than GitHub takes.

Text from templates is untrusted: it makes no markup, no link, no mention and no reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from analyzer.escape import visible
from analyzer.findings import Finding, Severity, Verdict
from analyzer.output.coverage import by_account, coverage_words, place, shortfalls
from analyzer.output.grouping import (
    Shared,
    all_findings,
    by_severity,
    by_system,
    counted,
    disputed,
    listed,
    shared,
)
from analyzer.output.money import amount, budget_words, cost_words, declared_range, declared_words
from analyzer.output.text_findings import fix_words, title
from analyzer.output.text_parts import last_line
from analyzer.results import Judgement, Run

# GitHub refuses a comment of more than 65,536 characters.
LIMIT = 65_000
# Marks, tags, tables, mentions and references anywhere; links; lists and rules where a line starts.
_MARKUP = re.compile(
    r"[\\`*_\[\]<>#|~&@$!]|:(?=//)|(?<=www)\.|^[-+=]|^\d(?=\d*[.)]\s)", re.IGNORECASE
)
_WORST = {
    Severity.CRITICAL: "\N{LARGE RED CIRCLE} critical",
    Severity.HIGH: "\N{LARGE RED CIRCLE} high",
    Severity.MEDIUM: "\N{LARGE ORANGE CIRCLE} medium",
    Severity.LOW: "\N{LARGE YELLOW CIRCLE} low",
    Severity.INFO: "\N{MEDIUM WHITE CIRCLE} info",
}


def markdown(run: Run, *, limit: int = LIMIT) -> str:
    """The run as GitHub Markdown of at most `limit` characters; what is left out is counted."""
    sections = [_head(run), *_sections(run)]
    return _fitted(sections, limit)


_Section = tuple[str, list[str], str]  # what opens it, its entries, what closes it


def _fitted(sections: Iterable[_Section], limit: int) -> str:
    room = limit - 200  # for the closing sentence
    shown: list[str] = []
    left_out = 0
    for opening, entries, closing in sections:
        room -= len(opening) + len(closing)
        kept = []
        for entry in entries:
            if left_out == 0 and len(entry) <= room:
                kept.append(entry)
                room -= len(entry)
            else:
                left_out += 1
        if kept:
            shown.append(opening + "".join(kept) + closing)
        else:
            room += len(opening) + len(closing)
    if left_out:
        entries_ = counted(left_out, "more entry", "more entries")
        shown.append(
            f"\n**{entries_} not shown**: a comment holds no more. "
            "The other formats hold the whole run.\n"
        )
    return "".join(shown)


def _head(run: Run) -> _Section:
    counts = by_severity(all_findings(run))
    mark = "\N{CROSS MARK}" if counts else "\N{WHITE HEAVY CHECK MARK}"
    if not run.complete or not all_findings(run):
        mark += " \N{WARNING SIGN}"
    return "", [f"## {mark} assay\n\n{escaped(last_line(run))}\n"], ""


def _sections(run: Run) -> Iterator[_Section]:
    yield "\n### Coverage\n\n", list(_coverage(run)), ""
    yield "\n### Problems\n\n", [f"- {escaped(problem)}\n" for problem in run.problems], ""
    yield _summary(run)
    systems = {system: shared(judgements) for system, judgements in by_system(run).items()}
    many = {system: len(judgements) for system, judgements in by_system(run).items()}
    for system, told in systems.items():
        own = [item for item in told if item.finding.failed and item.finding.engine == "assay"]
        entries = [_failure(run, item, many[system]) for item in own]
        yield _folded(f"{system}: {counted(len(own), 'failure')}", entries)
    for system, judgements in by_system(run).items():
        claims = list(_claims(judgements))
        yield _folded(f"{system}: claims that do not hold, or cannot be confirmed", claims)
    yield _folded("Cost per month", list(_costs(run)))
    for system, told in systems.items():
        unknown = [item for item in told if item.finding.verdict is Verdict.UNKNOWN]
        entries = [_unknown(run, item, many[system]) for item in unknown]
        yield _folded(f"{system}: {len(unknown)} unknown", entries)
    for system, told in systems.items():
        foreign = [item for item in told if item.finding.failed and item.finding.engine != "assay"]
        entries = [_brief(run, item, many[system]) for item in foreign]
        yield _folded(f"{system}: {counted(len(foreign), 'finding')} of other engines", entries)
    for system, told in systems.items():
        rest = [item for item in told if item.finding.waiver or disputed(item.finding)]
        entries = [_set_aside(item, many[system]) for item in rest]
        yield _folded(f"{system}: {len(rest)} waived or disputed", entries)
    yield "\n", [_engines(run)], ""


def _coverage(run: Run) -> Iterator[str]:
    """How far accounts were read: a line each, and what was not."""
    for account, lines in by_account(run).items():
        mark = "" if all(line.complete for line in lines) else "\N{WARNING SIGN} "
        yield f"- {mark}{escaped(account)}: {escaped(coverage_words(lines))}\n"
    for short in shortfalls(run):
        where = f"{short.account}, {place(short.regions)}"
        yield f"  - {escaped(short.what)} ({short.times:,}; {escaped(where)})\n"


def _folded(summary: str, entries: list[str]) -> _Section:
    opening = f"\n<details><summary>{escaped(summary)}</summary>\n\n"
    return opening, entries, "\n</details>\n"


def _summary(run: Run) -> _Section:
    levels = [level for level in reversed(Severity) if level in by_severity(all_findings(run))]
    headers = ["system", "profile", *(level.label for level in levels), "unknown", "pass"]
    headers += ["USD/month", "declared"]
    opening = f"\n| {' | '.join(headers)} |\n|---|---|{'--:|' * (len(headers) - 2)}\n"
    return opening, [_row(judgement, levels) for judgement in run.judgements], ""


def _row(judgement: Judgement, levels: Sequence[Severity]) -> str:
    counts = by_severity(judgement.findings)
    cells = [
        escaped(judgement.system),
        escaped(judgement.profile),
        *(f"**{counts[level]}**" if level in counts else "0" for level in levels),
        str(len(judgement.with_verdict(Verdict.UNKNOWN))),
        str(len(judgement.with_verdict(Verdict.PASS))),
        amount(judgement.usd) if judgement.cost else "",
        escaped(declared_range(judgement)),
    ]
    return f"| {' | '.join(cells)} |\n"


def _failure(run: Run, item: Shared, profiles: int) -> str:
    finding = item.finding
    lines = [
        f"- {_WORST[finding.severity]} **{escaped(finding.rule)}** {escaped(title(run, finding))}",
        f"  {_place(finding)}{_where(item, profiles)}",
        f"  {escaped(finding.message)}" if finding.message else "",
        f"  Fix: {code(fix_words(finding.fix))}" if finding.fix else "",
        f"  Also: {escaped(', '.join(finding.also))}" if finding.also else "",
    ]
    return "  \n".join(filter(None, lines)) + "\n"


def _unknown(run: Run, item: Shared, profiles: int) -> str:
    finding = item.finding
    lines = [
        f"- **{escaped(finding.rule)}** {escaped(title(run, finding))}",
        f"  {_place(finding)}{_where(item, profiles)}",
        f"  {escaped(finding.message)}" if finding.message else "",
        *(f"  Hangs on: {escaped(reason)}" for reason in finding.hangs_on),
    ]
    return "  \n".join(filter(None, lines)) + "\n"


def _brief(run: Run, item: Shared, profiles: int) -> str:
    finding = item.finding
    words = escaped(finding.message or title(run, finding))
    engine = escaped(finding.engine)
    return (
        f"- {_WORST[finding.severity]} **{escaped(finding.rule)}** ({engine}) "
        f"{_place(finding)}{_where(item, profiles)} {words}\n"
    )


def _set_aside(item: Shared, profiles: int) -> str:
    finding = item.finding
    waiver = finding.waiver
    until = f" until {waiver.until}" if waiver and waiver.until else ""
    owner = f" ({waiver.owner})" if waiver and waiver.owner else ""
    reason = f"waived{until}: {waiver.reason}{owner}" if waiver else finding.message
    rule = escaped(finding.rule)
    return f"- **{rule}** {_place(finding)}{_where(item, profiles)} {escaped(reason)}\n"


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


def _engines(run: Run) -> str:
    parts = [
        f"{status.name} {status.version}".strip() + f" ({status.status})" for status in run.engines
    ]
    return f"<sub>{escaped(', '.join([f'assay {run.version}, {run.date}', *parts]))}</sub>\n"


def _place(finding: Finding) -> str:
    place = f" {code(finding.location)}" if finding.location else ""
    return f"{code(finding.resource)}{place}"


def _where(item: Shared, profiles: int) -> str:
    if len(item.profiles) == profiles:
        return ""
    return f" ({listed([escaped(name) for name in item.profiles])})"


def escaped(text: object) -> str:
    """Words that stay words: every character that would be markup is written as an entity."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", visible(text).strip())


def code(text: object) -> str:
    """A code span, fenced with more backticks than it holds; a bar would end a table's cell."""
    words = visible(text).replace("|", "\N{BROKEN BAR}")
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (words[:1], words[-1:]) else ""
    return f"{fence}{pad}{words}{pad}{fence}" if words.strip() else ""
