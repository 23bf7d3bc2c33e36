"""What a change does, as sections of Markdown; what is as it was is counted only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from analyzer.comparison import AccessChange
from analyzer.findings import OURS, Finding, Remedy, Waiver
from analyzer.output.changes import (
    change_words,
    fixed,
    new_failures,
    newly_unknown,
    not_compared,
    remedies,
    run_counts,
    standing_words,
)
from analyzer.output.grouping import Shared, by_system, counted, listed, rank
from analyzer.output.links import Links
from analyzer.output.markdown_blocks import Section, block, code, escaped, folded, prose
from analyzer.output.markdown_costs import charges, cost_headline, effects
from analyzer.output.markdown_findings import brief, failure, gathered, linked, unknown, whose
from analyzer.output.remedies import remedy_words
from analyzer.results import Judgement, Run

_LONGEST_PATCH = 4000  # characters; what is longer is for `assay fix` to show


@dataclass(frozen=True, slots=True)
class Page:
    """The run, where its files are looked at, and whether patches are shown whole.

    Where `places` is not 0, findings of one rule are told together, with so many of their places.
    """

    run: Run
    links: Links | None = None
    patches: bool = True
    places: int = 0


def headline(run: Run) -> str:
    """`2 new failures, 1 fixed, 1 newly unknown, +68.91 USD a month`."""
    return ", ".join(filter(None, (*change_words(run_counts(run)), cost_headline(run))))


def compared_with(run: Run) -> str:
    """What the run was compared with, and whose policy judged."""
    base = run.base
    if base is None:
        return "Compared with the committed baseline."
    at = f" at {code(base.commit[:12])}" if base.commit else ""
    policy = {
        "base": "Thresholds, packs and waivers are those of the base.",
        "change": "**Thresholds, packs and waivers are those of the change itself.**",
    }
    return f"Compared with {code(base.name)}{at}. {policy.get(base.policy, '')}".strip()


def change_sections(page: Page) -> Iterator[Section]:
    """The effect per profile, what is new, unknown and fixed, access, and what it costs."""
    run = page.run
    yield effects(run)
    yield Section("\n### New failures\n\n", list(_failures(page, new_failures)))
    yield Section("\n### Not compared\n\n", list(_failures(page, not_compared)))
    yield Section("\n### Newly unknown\n\n", list(_undecided(page)))
    yield Section("\n### Access\n\n", list(_access(run)))
    went = list(_fixed(page))
    yield folded(f"{len(went):,} fixed", went)
    yield from charges(run, page.places)
    yield Section("\n", list(_rest(run)))


def added_waivers(page: Page) -> Section:
    """What a reviewer sees first: the waivers that the change brings."""
    base = page.run.base
    added = base.waivers_added if base else ()
    counts = base is not None and base.policy == "change"
    word = "what they waive does not fail" if counts else "none counts before it is in the base"
    opening = f"\n> [!WARNING]\n> **This change adds {counted(len(added), 'waiver')}**: {word}.\n"
    return Section(opening, [f"> - {_waiver(waiver, page.links)}\n" for waiver in added])


def _waiver(waiver: Waiver, links: Links | None) -> str:
    until = f"until {waiver.until}" if waiver.until else "without an end"
    owner = f" ({escaped(waiver.owner)})" if waiver.owner else ""
    place = f" {linked(waiver.location, links)}" if waiver.location else ""
    what = f"**{escaped(waiver.rule)}** {code(waiver.resource)}"
    return f"{what} {until}: {escaped(waiver.reason)}{owner}{place}"


_Kind = Callable[[Iterable[Judgement]], list[Shared]]


def _told(run: Run, kind: _Kind) -> Iterator[tuple[Shared, str, Sequence[Judgement]]]:
    """What a kind of change holds over all systems, worst first, and whose it is."""
    found = [
        (item, whose(item, len(judgements), _named(run, system, item.finding)), judgements)
        for system, judgements in by_system(run).items()
        for item in kind(judgements)
    ]
    yield from sorted(found, key=lambda told: rank(told[0].finding))


def _named(run: Run, system: str, finding: Finding) -> str:
    """The system, where there are several and the finding's file does not name it already."""
    place = finding.location
    return "" if len(by_system(run)) == 1 or (place and place.file == system) else system


def _failures(page: Page, kind: _Kind) -> Iterator[str]:
    if page.places:
        yield from _gathered(page, kind, partial(_failure, page))
        return
    patches = {system: remedies(own) for system, own in by_system(page.run).items()}
    shown: dict[str, str] = {}
    for item, where, judgements in _told(page.run, kind):
        finding = item.finding
        found = patches[judgements[0].system].get(finding.fingerprint, {})
        entry = _failure(page, finding, where, fix=not found)
        patch = "".join(_patches(page, finding.rule, found, shown))
        # What is no block of its own begins a line all the same.
        inline = patch and not patch.startswith("\n")
        yield (entry.rstrip("\n") + "  \n" if inline else entry) + patch


def _patches(
    page: Page,
    rule: str,
    found: Mapping[str, Mapping[Remedy, Sequence[str]]],
    shown: dict[str, str],
) -> Iterator[str]:
    """What would mend a failure, folded; a patch is shown once for all profiles and rules.

    `shown` are the patches so far, and the rules they stand at.
    """
    for diff, same in found.items():
        alike = len(found) == len(same) == 1
        words = "; ".join(escaped(_priced(*one, alike=alike)) for one in same.items())
        if not diff:
            yield f"  Fix: {words}\n"
        elif diff in shown:
            yield f"  Patch: that of {escaped(shown[diff])} above; {words}\n"
        elif not page.patches or len(diff) > _LONGEST_PATCH:
            yield f"  Patch: {words} (`assay fix` shows it)\n"
        else:
            shown[diff] = rule
            lines = ["", "<details><summary>Patch: " + words + "</summary>", ""]
            lines += [*block(diff, "diff").split("\n"), "", "</details>", ""]
            yield "".join(f"  {line}".rstrip() + "\n" for line in lines)


def _priced(remedy: Remedy, profiles: Sequence[str], *, alike: bool) -> str:
    names = "" if alike else listed([name for name in profiles if name])
    return f"{remedy_words(remedy)}{f' ({names})' if names else ''}"


def _failure(page: Page, finding: Finding, where: str, *, fix: bool = True) -> str:
    if finding.engine != OURS:
        return brief(page.run, finding, where, page.links)
    return failure(page.run, finding, where, page.links, fix=fix)


def _gathered(page: Page, kind: _Kind, alone: Callable[[Finding, str], str]) -> Iterator[str]:
    told = ((item.finding, where) for item, where, _ in _told(page.run, kind))
    return gathered(page.run, told, alone, page.links, most=page.places)


def _undecided(page: Page) -> Iterator[str]:
    if page.places:
        yield from _gathered(page, newly_unknown, partial(unknown, page.run, links=page.links))
        return
    for item, where, _ in _told(page.run, newly_unknown):
        yield unknown(page.run, item.finding, where, page.links)


def _fixed(page: Page) -> Iterator[str]:
    if page.places:
        yield from _gathered(page, fixed, partial(brief, page.run))
        return
    for item, where, _ in _told(page.run, fixed):
        yield brief(page.run, item.finding, where)


def _access(run: Run) -> Iterator[str]:
    """Who may do more than before, by an example; then how many may not."""
    found: dict[tuple[str, AccessChange], list[str]] = {}
    for system, judgements in by_system(run).items():
        for judgement in judgements:
            for change in judgement.before.access if judgement.before else ():
                found.setdefault((system, change), []).append(judgement.profile)
    several = len(by_system(run)) > 1
    for verdict in ("yes", "maybe"):
        for (system, change), profiles in found.items():
            if change.verdict == verdict:
                told = [system if several else "", listed([name for name in profiles if name])]
                where = escaped(": ".join(filter(None, told)))
                yield f"- {_more(change)}{f' ({where})' if where else ''}\n"
    same = len({(system, change.resource) for system, change in found if change.verdict == "no"})
    if same:
        who = counted(same, "role, user, group or policy", "roles, users, groups and policies")
        yield f"- No new access for {who}.\n"


def _more(change: AccessChange) -> str:
    name = code(change.resource)
    hangs_on = f", depending on: {prose('; '.join(change.hangs_on))}" if change.hangs_on else ""
    if change.verdict == "yes":
        example = f": {code(change.example)}" if change.example else ""
        return f"\N{WARNING SIGN} {name} **may do more than before**{example}{hangs_on}"
    return f"{name}: whether it may do more is not decided{hangs_on}"


def _rest(run: Run) -> Iterator[str]:
    yield f"As before: {', '.join(standing_words(run_counts(run)))}.\n"
