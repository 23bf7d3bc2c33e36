"""What of a run is kept: failures and undecided verdicts, counts of all, costs, and the scope.

Templates have no account and region: their system and profile stand in these columns.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from analyzer.account.collector import GLOBAL, collectors
from analyzer.account.plan import is_global
from analyzer.escape import encodable
from analyzer.findings import OURS, Finding, Verdict
from analyzer.results import Judgement, Run

Row = dict[str, Any]
Place = tuple[str, str]  # account and region


def identity(account: str, region: str, finding: Finding) -> str:
    """What makes a finding the same one in another run: not its message, place in a file, or list.

    Positions in lists are left out, since an entry that is added before moves all others.
    """
    path = "/".join(part for part in finding.at.split("/") if not part.isdigit())
    parts = (account, region, finding.stack, finding.resource, finding.rule, path)
    return hashlib.sha256(encodable("\0".join(parts)).encode()).hexdigest()[:32]


def place_of(judgement: Judgement, finding: Finding) -> Place:
    """Where a finding belongs: its account and region, or its system and profile.

    What one list of an account tells, such as its buckets, belongs to the account as a whole: a run
    of one region has seen all of it.
    """
    if finding.account and judgement.system == finding.account:
        everywhere = finding.type in _global_types()
        return finding.account, GLOBAL if everywhere else finding.region or GLOBAL
    return judgement.system, judgement.profile or finding.region or GLOBAL


@cache
def _global_types() -> frozenset[str]:
    return frozenset(type_ for type_, table in collectors().items() if is_global(table))


def findings(run: Run) -> Iterator[tuple[Place, Row]]:
    """The failures and undecided verdicts of a run."""
    for judgement in run.judgements:
        for finding in judgement.findings:
            if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                place = place_of(judgement, finding)
                yield (
                    place,
                    {
                        "identity": identity(*place, finding),
                        "rule": finding.rule,
                        "family": finding.family,
                        "severity": finding.severity.label,
                        "verdict": finding.verdict.value,
                        "waived": finding.waiver is not None,
                        "resource": finding.resource,
                        "stack": finding.stack,
                        "type": finding.type,
                        "message": finding.message,
                        "hangs_on": list(finding.hangs_on),
                    },
                )


def counts(run: Run) -> Iterator[tuple[Place, Row]]:
    """How many verdicts of each kind each rule gave."""
    for judgement in run.judgements:
        counted: Counter[tuple[Place, str, str, str, bool]] = Counter()
        for finding in judgement.findings:
            counted[
                place_of(judgement, finding),
                finding.rule,
                finding.family,
                finding.verdict.value,
                finding.waiver is not None,
            ] += 1
        for (place, rule, family, verdict, waived), number in counted.items():
            yield (
                place,
                {
                    "rule": rule,
                    "family": family,
                    "verdict": verdict,
                    "waived": waived,
                    "number": number,
                },
            )


def costs(run: Run) -> Iterator[tuple[Place, Row]]:
    """The monthly cost of each place by service, USD; what has no price counts as unpriced."""
    for judgement in run.judgements:
        usd: dict[tuple[Place, str], list[float]] = {}
        for line in judgement.cost:
            region = line.region if _is_account(run, judgement) else judgement.profile
            place = (judgement.system, region or GLOBAL)
            entry = usd.setdefault((place, line.service), [0.0, 0.0])
            entry[0] += float(line.usd or 0)
            entry[1] += line.usd is None
        for (place, service), (amount, unpriced) in usd.items():
            yield place, {"service": service, "usd": amount, "unpriced": int(unpriced)}


def scopes(run: Run) -> Iterator[tuple[Place, Row]]:
    """Which rules looked at which place, and whether they saw all of it.

    A run that did not look closes nothing, and neither does one that was not let in.
    """
    ours = [id_ for id_, rule in run.rules.items() if rule.engine == OURS]
    for judgement in run.judgements:
        blind = {
            (place_of(judgement, finding), finding.rule)
            for finding in judgement.findings
            if finding.error or (finding.verdict is Verdict.UNKNOWN and finding.resource == "*")
        }
        for place in _places(run, judgement):
            for rule in ours:
                complete = (place, rule) not in blind
                yield place, {"rule": rule, "complete": complete}


def _places(run: Run, judgement: Judgement) -> Iterator[Place]:
    if not _is_account(run, judgement):
        yield judgement.system, judgement.profile or GLOBAL
        return
    regions = {line.region for line in run.coverage if line.account == judgement.system}
    for region in sorted(regions):
        yield judgement.system, region


def _is_account(run: Run, judgement: Judgement) -> bool:
    return any(line.account == judgement.system for line in run.coverage)


def coverage(run: Run) -> Iterator[tuple[Place, Row]]:
    """How far each service was read, in calls."""
    for line in run.coverage:
        yield (
            (line.account, line.region),
            {
                "service": line.service,
                "planned": line.planned,
                "answered": line.answered,
                "denied": line.denied,
                "throttled": line.throttled,
                "timed_out": line.timed_out,
                "failed": line.failed,
            },
        )


def summary(run: Run, day: date) -> Row:
    """The one row that makes a run count; it is written last."""
    return {"version": run.version, "day": day.isoformat(), "complete": run.complete}
