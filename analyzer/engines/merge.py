"""Our findings and a foreign checker's, each thing said once.

The reasons stand in docs/decisions/0009-foreign-checkers.md.

`equivalents.csv` says which foreign rules mean the same as one of ours. Where both fail a resource,
it is said once, by ours. Where ours does not fail it, our verdict stands and theirs stays visible:
ours knows the profile's values, theirs only the template's defaults.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from analyzer.engines.placing import placed
from analyzer.findings import Finding, Verdict
from analyzer.results import ResourceInfo

_EQUIVALENTS = Path(__file__).with_name("equivalents.csv")


@cache
def equivalents() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Our rules that mean the same, by (engine, foreign rule id)."""
    table: dict[tuple[str, str], tuple[str, ...]] = {}
    with _EQUIVALENTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = row["engine"], row["id"]
            table[key] = (*table.get(key, ()), row["rule"])
    return table


def merge(
    ours: Iterable[Finding], foreign: Iterable[Finding], resources: Iterable[ResourceInfo] = ()
) -> tuple[Finding, ...]:
    """One list: ours, with the ids of foreign findings that say the same, then the rest of theirs.

    Theirs are placed first: `resources` and our findings say which stacks a template makes and
    which types its resources have; a template that makes two stacks has each of theirs twice.

    - Both are FAIL: ours, with their id in `also`.
    - Ours is PASS, SKIP or UNKNOWN, theirs FAIL: theirs becomes SKIP, naming our rule and our
      verdict, so that the contradiction stays visible and does not fail the run.
    - Theirs is PASS: only ours. Theirs is SKIP, suppressed in the template: both.
    - No equivalent of ours judged the resource: theirs as it is.
    """
    merged = list(ours)
    by_rule: dict[str, list[int]] = {}
    for place, finding in enumerate(merged):
        by_rule.setdefault(finding.rule, []).append(place)
    rest = []
    for theirs in placed(foreign, merged, resources):
        rules = equivalents().get((theirs.engine, theirs.rule), ())
        same = _about_the_same(
            theirs, {place: merged[place] for rule in rules for place in by_rule.get(rule, ())}
        )
        if not same or theirs.verdict is Verdict.SKIP:
            rest.append(theirs)
        elif theirs.verdict is Verdict.FAIL:
            agreeing = [place for place in same if merged[place].verdict is Verdict.FAIL]
            for place in agreeing:
                also = dict.fromkeys((*merged[place].also, theirs.rule))
                merged[place] = replace(merged[place], also=tuple(also))
            if not agreeing:
                rest.append(_disputed(theirs, [merged[place] for place in same]))
    return (*merged, *rest)


def _about_the_same(theirs: Finding, ours: Mapping[int, Finding]) -> list[int]:
    """Which of ours are about the resource of theirs: by its id, else by their place inside it.

    The second is what we moved onto its owner, as an ingress rule that stands alone.
    """
    beside = {place: finding for place, finding in ours.items() if _same_stack(finding, theirs)}
    named = [place for place, finding in beside.items() if finding.resource == theirs.resource]
    return named or [place for place, finding in beside.items() if _inside(finding, theirs)]


def _same_stack(ours: Finding, theirs: Finding) -> bool:
    if not ours.location or not theirs.location or ours.location.file != theirs.location.file:
        return False
    return not theirs.stack or ours.stack == theirs.stack


def _inside(ours: Finding, theirs: Finding) -> bool:
    """Whether ours stands in the lines of theirs; one line may hold a whole template."""
    if not ours.location or not theirs.location or ours.type == theirs.type:
        return False
    first, last = theirs.location.line, theirs.location.end_line
    return first < last and first <= ours.location.line <= last


def _disputed(theirs: Finding, ours: Sequence[Finding]) -> Finding:
    rules = tuple(dict.fromkeys(finding.rule for finding in ours))
    verdicts = ", ".join(dict.fromkeys(finding.verdict.value for finding in ours))
    reason = next((f" ({finding.message})" for finding in ours if finding.message), "")
    return replace(
        theirs,
        verdict=Verdict.SKIP,
        message=f"assay: {verdicts} by {', '.join(rules)}{reason}; {theirs.engine} fails it: "
        f"{theirs.message}",
        also=rules,
    )
