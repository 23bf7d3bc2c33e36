"""Findings as entries of a Markdown list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from analyzer.findings import OURS, Finding
from analyzer.model import Location
from analyzer.output.grouping import Shared, counted, listed
from analyzer.output.links import Links, below
from analyzer.output.markdown_blocks import WORST, code, escaped, prose
from analyzer.output.remedies import remedy_words
from analyzer.output.text_findings import fix_words, title
from analyzer.results import Run


def failure(
    run: Run, finding: Finding, where: str, links: Links | None = None, *, fix: bool = True
) -> str:
    """A failure: what is asked, where, what is wrong, and what would pass."""
    return _entry(
        f"{WORST[finding.severity]} **{escaped(finding.rule)}** {escaped(title(run, finding))}",
        f"{placed(finding, links)}{where}",
        prose(finding.message),
        f"Fix: {code(fix_words(finding.fix))}" if finding.fix and fix else "",
        f"Patch: {escaped(remedy_words(finding.remedy))}" if finding.remedy and fix else "",
        f"Also: {escaped(', '.join(finding.also))}" if finding.also else "",
    )


def unknown(run: Run, finding: Finding, where: str, links: Links | None = None) -> str:
    """A verdict that could not be reached, and what it hangs on."""
    return _entry(
        f"**{escaped(finding.rule)}** {escaped(title(run, finding))}",
        f"{placed(finding, links)}{where}",
        prose(finding.message),
        *(f"Hangs on: {prose(reason)}" for reason in finding.hangs_on),
    )


def brief(run: Run, finding: Finding, where: str, links: Links | None = None) -> str:
    """A failure in one line."""
    words = prose(finding.message or title(run, finding))
    engine = "" if finding.engine == OURS else f" ({escaped(finding.engine)})"
    return (
        f"- {WORST[finding.severity]} **{escaped(finding.rule)}**{engine} "
        f"{placed(finding, links)}{where} {words}\n"
    )


Told = tuple[Finding, str]  # and whose it is, as Markdown


def gathered(
    run: Run,
    told: Iterable[Told],
    alone: Callable[[Finding, str], str],
    links: Links | None = None,
    *,
    most: int,
) -> Iterator[str]:
    """Findings of one rule in one entry, with the first `most` places; `alone` tells a single one.

    For what is too much to be told one by one.
    """
    groups: dict[tuple[str, str], list[Told]] = {}
    for finding, where in told:
        groups.setdefault((finding.engine, finding.rule), []).append((finding, where))
    for group in groups.values():
        single = len(group) == 1
        yield alone(*group[0]) if single else _together(run, group, links, most=most)


def _together(run: Run, group: Sequence[Told], links: Links | None, *, most: int) -> str:
    finding = group[0][0]
    mark = f"{WORST[finding.severity]} " if finding.failed else ""
    number = counted(len(group), "failure") if finding.failed else f"{len(group):,} unknown"
    places = ", ".join(f"{placed(one, links)}{where}" for one, where in group[:most])
    left = max(len(group) - most, 0)
    rule = run.rules.get(finding.rule)
    return _entry(
        f"{mark}**{escaped(finding.rule)}** {escaped(title(run, finding))}",
        f"{number}: {places}{f' and {left:,} more' if left else ''}",
        f"Fix: {prose(rule.fix)}" if rule and rule.fix and finding.failed else "",
    )


def set_aside(finding: Finding, where: str) -> str:
    """A failure that somebody answers for, or that engines do not agree about."""
    waiver = finding.waiver
    until = f" until {waiver.until}" if waiver and waiver.until else ""
    owner = f" ({waiver.owner})" if waiver and waiver.owner else ""
    reason = f"waived{until}: {waiver.reason}{owner}" if waiver else finding.message
    rule = escaped(finding.rule)
    return f"- **{rule}** {placed(finding)}{where} {escaped(reason)}\n"


def placed(finding: Finding, links: Links | None = None) -> str:
    """The resource, and its file and line, as a link where the change can be looked at."""
    place = finding.location
    return f"{code(finding.resource)} {linked(place, links)}" if place else code(finding.resource)


def linked(location: Location, links: Links | None) -> str:
    """A place as Markdown: by its path in the repository, and as a link, where that is known."""
    url = links.of(location) if links else ""
    if not links or not url:
        return code(location)
    return f"[{code(replace(location, file=below(links.root, location.file)))}]({url})"


def whose(item: Shared, profiles: int, system: str = "") -> str:
    """The system, and the profiles that have the finding where others have it not."""
    few = len(item.profiles) != profiles
    names = listed([escaped(name) for name in item.profiles]) if few else ""
    words = ": ".join(filter(None, (escaped(system), names)))
    return f" ({words})" if words else ""


def _entry(first: str, *lines: str) -> str:
    return "  \n".join([f"- {first}", *(f"  {line}" for line in lines if line)]) + "\n"
