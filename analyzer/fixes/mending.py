"""Several systems mended at once, in memory: which patches there are, and what the files say then.

One profile follows the other, each judged with what was changed before it: a template that profiles
share is mended once, and no fix is made by places that another one has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from analyzer.assembly import Sources
from analyzer.errors import InputError
from analyzer.findings import Finding
from analyzer.fixes.remedies import Subject, coming, risks_of, subject_of, with_remedies
from analyzer.fixes.trial import Outcome, Trial
from analyzer.model import Location
from analyzer.policy.rule import Rule
from analyzer.secrets import masked, masked_diff
from analyzer.system import Profile, System
from analyzer.template import Source
from analyzer.template.editing import unified_diff

Wanted = Callable[[System, Profile, Finding], bool]
_Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Patch:
    """A failure with its remedy; `taken` where the patch is among the changes of `Mended`."""

    system: str
    profiles: tuple[str, ...]
    finding: Finding
    taken: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """What there is to fix, and the files that change, before and after."""

    patches: tuple[Patch, ...] = ()
    before: Mapping[str, Source] = field(default_factory=dict)
    after: Mapping[str, Source] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()

    @property
    def diff(self) -> str:
        """All changes as one unified diff, secrets masked."""
        return "".join(
            masked_diff(unified_diff(file, self.before[file].text, source.text), self.secrets)
            for file, source in self.after.items()
        )


@dataclass
class _Done:
    """What the turns so far have made of the files, and the patches of each profile.

    `sources` are the files as they are by now, `originals` those that changed as they were.
    """

    sources: Sources = field(default_factory=dict)
    originals: dict[str, Source] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    patches: dict[_Place, tuple[Patch, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many patches are taken."""
        return sum(patch.taken for many in self.patches.values() for patch in many)

    def left(self, system: System, profile: Profile) -> set[Subject]:
        """What was not mended."""
        patches = self.patches.get(_place(system, profile), ())
        return {subject_of(patch.finding) for patch in patches if not patch.taken}

    def note(self, system: System, profile: Profile, patches: tuple[Patch, ...]) -> None:
        """Note a turn's patches; later ones take the place of those that were left."""
        place = _place(system, profile)
        earlier = self.patches.get(place)
        if earlier is not None:
            mended = {subject_of(one.finding) for one in patches if one.taken}
            again = [one for one in earlier if subject_of(one.finding) in mended and not one.taken]
            where = {one.finding.fingerprint: one.finding.location for one in again}
            patches = (
                *(one for one in earlier if one not in again),
                *(_at(one, where) for one in patches if subject_of(one.finding) in mended),
            )
        self.patches[place] = patches

    def mended(self) -> Mended:
        """All patches, and the files that changed."""
        told: dict[tuple[str, ...], Patch] = {}
        for patch in (patch for many in self.patches.values() for patch in many):
            _note(patch, told)
        changed = {file: self.sources[file] for file in self.originals}
        return Mended(tuple(told.values()), self.originals, changed, frozenset(self.secrets))


@dataclass(frozen=True)
class Mender:
    """What decides which failures are mended: `unsafe` takes the fixes that are not safe too."""

    today: date
    rules: Mapping[str, Rule]
    policy: Mapping[str, Any] = field(default_factory=dict)
    all_scenarios: bool = False
    unsafe: bool = False
    wanted: Wanted = lambda *_: True

    def mended(self, systems: Iterable[tuple[System, Sequence[Profile]]]) -> Mended:
        """The patches of all profiles, and the files with those that are taken."""
        done = _Done()
        turns = [(system, profile) for system, profiles in systems for profile in profiles]
        while turns:
            count = done.count
            for system, profile in turns:
                self._turn(system, profile, done)
            # What was taken may have been in the way of another patch, or makes it safe.
            turns = [turn for turn in turns if done.left(*turn)] if done.count > count else []
        return done.mended()

    def _turn(self, system: System, profile: Profile, done: _Done) -> None:
        """Mend a profile; when it has had its turn, only what was left then."""
        trial = self._trial(system, profile, done.sources)
        try:
            findings = trial.before.findings
        except InputError:
            return  # the run has told it
        done.secrets.update(trial.before.assembled.secrets)
        if _place(system, profile) in done.patches:
            left = done.left(system, profile)
            findings = tuple(one for one in findings if subject_of(one) in left)
        found = tuple(self._patches(trial, findings))
        done.note(system, profile, tuple(self._taken(trial, found, done.originals)))

    def _trial(self, system: System, profile: Profile, sources: Sources) -> Trial:
        changed = sources.get(system.file)
        if changed is not None:
            from analyzer.architecture import read_architecture

            system = read_architecture(Path(system.file), changed)
            profile = system.profile(profile.name)
        return Trial(
            system,
            profile,
            self.today,
            self.rules,
            self.policy,
            sources,
            all_scenarios=self.all_scenarios,
        )

    def _patches(self, trial: Trial, findings: Iterable[Finding]) -> Iterable[Patch]:
        """The patches of those findings that are to be mended."""
        secrets = trial.before.assembled.secrets
        wanted = [
            replace(one, message=masked(one.message, secrets))
            for one in findings
            if one.failed and one.fix and self.wanted(trial.system, trial.profile, one)
        ]
        for finding in with_remedies(trial, wanted):
            yield Patch(trial.system.name, (trial.profile.name,), finding)

    def _taken(
        self, trial: Trial, patches: Iterable[Patch], originals: dict[str, Source]
    ) -> Iterable[Patch]:
        """The patches, those that are to be made written into the sources of the trial."""
        outcome, refusals = self._together(trial, filter(self._takes, patches))
        for file, source in outcome.documents.items():
            originals.setdefault(file, outcome.originals[file])
            trial.sources[file] = source
        for patch in patches:
            refusal = refusals.get(id(patch))
            words = masked(refusal or "", trial.before.assembled.secrets)
            yield replace(patch, taken=refusal == "", refusal=words)

    def _takes(self, patch: Patch) -> bool:
        """Whether a patch is to be made: never one that does not mend, or brings something."""
        remedy = patch.finding.remedy
        return remedy is not None and remedy.holds and (remedy.safe or self.unsafe)

    def _together(self, trial: Trial, patches: Iterable[Patch]) -> tuple[Outcome, dict[int, str]]:
        """The patches made together, but those with which something comes that none brings alone.

        Of each is told why it was left, "" where it was made; the safe ones go first.
        """
        kept = sorted(patches, key=lambda patch: not _safe(patch))
        left: dict[int, str] = {}
        while True:
            outcome = _made(trial, kept)
            come = self._comes(trial, outcome)
            if not come:
                tried = zip(kept, outcome.tried, strict=True)
                return outcome, left | {id(patch): one.refusal for patch, one in tried}
            position, words = self._first_that_brings(trial, kept, come)
            left[id(kept.pop(position))] = f"with the patches before it {words}"

    def _first_that_brings(
        self, trial: Trial, patches: Sequence[Patch], come: str
    ) -> tuple[int, str]:
        """The first patch with which something comes beside those before it, and what."""
        good, bad = 0, len(patches)  # so many bring nothing, and so many do
        while bad - good > 1:
            middle = (good + bad) // 2
            words = self._comes(trial, _made(trial, patches[:middle]))
            if words:
                bad, come = middle, words
            else:
                good = middle
        return bad - 1, come

    def _comes(self, trial: Trial, outcome: Outcome) -> str:
        """What comes with an outcome; safe patches must be safe together, too."""
        for _, words in coming(trial.before, outcome.state):
            return words
        risks = () if self.unsafe else risks_of(trial.before, outcome.state)
        return next(iter(risks), "")


def _made(trial: Trial, patches: Iterable[Patch]) -> Outcome:
    asked = [(f"{p.finding.stack}/{p.finding.resource}", p.finding.fix) for p in patches]
    return trial.with_fixes([(key, fix) for key, fix in asked if fix is not None])


def _at(patch: Patch, places: Mapping[str, Location | None]) -> Patch:
    """A later patch at the place of its failure in the file as it was at first."""
    place = places.get(patch.finding.fingerprint, patch.finding.location)
    return replace(patch, finding=replace(patch.finding, location=place))


def _place(system: System, profile: Profile) -> _Place:
    return system.file, system.name, profile.name


def _safe(patch: Patch) -> bool:
    return patch.finding.remedy is not None and patch.finding.remedy.safe


def _note(patch: Patch, patches: dict[tuple[str, ...], Patch]) -> None:
    """Add a patch; what several profiles have in the same words is told once."""
    remedy = patch.finding.remedy
    # Where a profile before this one was mended, the lines stand elsewhere, beside others.
    lines = remedy.diff.splitlines() if remedy else []
    words = "\n".join(one for one in lines if one[:1] in "+-") + (remedy.reason if remedy else "")
    key = (patch.system, patch.finding.fingerprint, words, patch.refusal)
    known = patches.get(key)
    # The first one tells the lines of the file as it is.
    patches[key] = replace(known, profiles=(*known.profiles, *patch.profiles)) if known else patch
