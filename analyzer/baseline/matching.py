"""Known failures held against those of a run: which are known, which are gone, which are new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from analyzer.baseline.entries import Baseline, Entry
from analyzer.findings import OURS, Change, Finding, Verdict
from analyzer.results import RAN, Judgement, Problem, Run

_GONE = "matches nothing any more"


@dataclass(frozen=True, slots=True)
class _Failure:
    """A failure of a run, in the words of a baseline."""

    finding: Finding
    fingerprint: str
    resource: str
    file: str
    system: str
    profile: str


@dataclass
class _Matching:
    """Which entry each failure is, and which entries of which profiles are left."""

    entries: dict[int, Entry] = field(default_factory=dict)  # by the finding's identity
    left: Counter[tuple[Entry, str]] = field(default_factory=Counter)
    new: list[_Failure] = field(default_factory=list)
    known: list[tuple[_Failure, Entry]] = field(default_factory=list)


def laid(run: Run, baseline: Baseline) -> Run:
    """The run with what the baseline knows marked, and what it knows in vain reported."""
    matching = _matched(run, baseline)
    return replace(
        run,
        judgements=tuple(_marked(judgement, matching) for judgement in run.judgements),
        problems=(*run.problems, *_in_vain(matching, run, baseline)),
    )


def unnamed(baseline: Baseline) -> Callable[[object, object, Sequence[Finding]], list[Finding]]:
    """Gives of a profile's findings those that no entry names by its fingerprint."""
    known = {entry.fingerprint for entry in baseline.entries}

    def found(_: object, __: object, findings: Sequence[Finding]) -> list[Finding]:
        return [finding for finding in findings if baseline.fingerprint(finding) not in known]

    return found


def shrunk(run: Run, baseline: Baseline) -> list[Entry]:
    """The entries that still match, as they match now; and those of what was not judged."""
    return _joined(_kept(_matched(run, baseline), run, baseline))


def added(run: Run, baseline: Baseline, today: date) -> list[Entry]:
    """The shrunk entries, and one for each failure that is not known yet, since today."""
    matching = _matched(run, baseline)
    new = (_entry(failure, run, today) for failure in matching.new if failure.finding.failed)
    return _joined([*_kept(matching, run, baseline), *new])


def _kept(matching: _Matching, run: Run, baseline: Baseline) -> Iterator[Entry]:
    """An entry for each profile in which it still stands, or may still."""
    for failure, entry in matching.known:
        yield _entry(failure, run, entry.since)
    for (entry, profile), count in matching.left.items():
        if count and not _was_judged(entry, profile, run, baseline):
            yield replace(entry, profiles=(profile,), count=count)


def _marked(judgement: Judgement, matching: _Matching) -> Judgement:
    findings = tuple(
        replace(finding, change=Change.KNOWN)
        if id(finding) in matching.entries
        and finding.change in (None, Change.NEW, Change.UNCOMPARED)
        else finding
        for finding in judgement.findings
    )
    return replace(judgement, findings=findings)


def _in_vain(matching: _Matching, run: Run, baseline: Baseline) -> Iterator[Problem]:
    gone: dict[Entry, list[str]] = defaultdict(list)
    for (entry, profile), count in matching.left.items():
        if count and _was_judged(entry, profile, run, baseline):
            gone[entry].append(profile)
    for entry, profiles in gone.items():
        where = f" in {', '.join(profiles)}" if any(profiles) else ""
        yield Problem(
            f"{entry.rule} on {entry.resource.lstrip('/')} {_GONE}{where}",
            file=baseline.file,
            line=baseline.line(entry),
            hint="`assay baseline` takes it out",
            kind="note",
        )


def _matched(run: Run, baseline: Baseline) -> _Matching:
    """By the fingerprint; then at another place of a list; then in another file, if in one only."""
    matching = _Matching(new=list(_failures(run, baseline)))
    for entry in baseline.entries:
        for profile in entry.profiles:
            matching.left[entry, profile] += entry.count
    _match(matching, lambda f: f.fingerprint, lambda e: e.fingerprint)
    _match(
        matching,
        lambda f: (f.finding.rule, f.file, f.resource, _general(f.finding.at)),
        lambda e: (e.rule, e.file, e.resource, _general(e.at)),
    )
    _match(
        matching,
        lambda f: (f.finding.rule, f.resource, f.finding.at),
        lambda e: (e.rule, e.resource, e.at),
        alone=True,
    )
    _match(
        matching,
        lambda f: (f.finding.rule, _id(f.resource), f.finding.at),
        lambda e: (e.rule, _id(e.resource), e.at),
        alone=True,
    )
    return matching


def _match(
    matching: _Matching,
    of_failure: Callable[[_Failure], Hashable],
    of_entry: Callable[[Entry], Hashable],
    *,
    alone: bool = False,
) -> None:
    """Give failures the entries of the same key.

    Where `alone`, only if the key is one entry's, and all failures that have it are in one file.
    """
    waiting: dict[Hashable, list[tuple[Entry, str]]] = defaultdict(list)
    for (entry, profile), count in matching.left.items():
        if count:  # which a file may say to be anything: it is counted down, not written out
            waiting[entry.system, profile, of_entry(entry)].append((entry, profile))
    keys = {id(f): (f.system, f.profile, of_failure(f)) for f in matching.new}
    if alone:
        files: dict[Hashable, set[str]] = defaultdict(set)
        for failure in matching.new:
            files[keys[id(failure)]].add(failure.file)
        waiting = {
            key: found for key, found in waiting.items() if len(found) == 1 and len(files[key]) == 1
        }
    new = []
    for failure in matching.new:
        found = waiting.get(keys[id(failure)])
        if not found:
            new.append(failure)
            continue
        entry, profile = found[0]
        matching.left[entry, profile] -= 1
        if not matching.left[entry, profile]:
            found.pop(0)
        matching.entries[id(failure.finding)] = entry
        matching.known.append((failure, entry))
    matching.new = new


def _general(at: str) -> tuple[str, ...]:
    return tuple("" if part.isdigit() else part for part in at.split("/"))


def _id(resource: str) -> str:
    return resource.rpartition("/")[2]


def _failures(run: Run, baseline: Baseline) -> Iterator[_Failure]:
    """Every failure, also a waived one: a waiver ends, and what is known stays known."""
    for judgement in run.judgements:
        for finding in judgement.findings:
            if finding.verdict is Verdict.FAIL:
                yield _Failure(
                    finding,
                    baseline.fingerprint(finding),
                    baseline.resource(finding),
                    baseline.relative(finding.location.file if finding.location else ""),
                    _system(judgement),
                    judgement.profile,
                )


def _system(judgement: Judgement) -> str:
    """The system's name; none for a template by itself, whose name is its file."""
    return "" if judgement.system in judgement.templates else judgement.system


def _was_judged(entry: Entry, profile: str, run: Run, baseline: Baseline) -> bool:
    """Whether an entry's failure would have been found, were it still there."""
    answered = {engine.name for engine in run.engines if engine.status == RAN}
    if entry.engine not in answered or (entry.engine == OURS and entry.rule not in run.rules):
        return False
    if entry.system:
        named = {(_system(judgement), judgement.profile) for judgement in run.judgements}
        return (entry.system, profile) in named or not _exists(entry, baseline)
    judged = {baseline.relative(file) for j in run.judgements for file in j.templates}
    return entry.file in judged or not _exists(entry, baseline)


def _exists(entry: Entry, baseline: Baseline) -> bool:
    return bool(entry.file) and (baseline.folder / entry.file).exists()


def _entry(failure: _Failure, run: Run, since: date) -> Entry:
    finding = failure.finding
    rule = run.rules.get(finding.rule)
    return Entry(
        fingerprint=failure.fingerprint,
        rule=finding.rule,
        title=rule.title if rule else "",
        engine=finding.engine,
        resource=failure.resource,
        at=finding.at,
        file=failure.file,
        system=failure.system,
        profiles=(failure.profile,),
        count=1,
        since=since,
    )


def _joined(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for what is known alike in several profiles, with its earliest day."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = entry.fingerprint, entry.system
        known = first.setdefault(key, entry)
        first[key] = replace(known, since=min(known.since, entry.since))
        counts[key][entry.profiles[0]] += entry.count
    joined = []
    for key, profiles in counts.items():
        for count in dict.fromkeys(profiles.values()):
            names = tuple(name for name, number in profiles.items() if number == count)
            joined.append(replace(first[key], profiles=names, count=count, position=-1))
    return joined
