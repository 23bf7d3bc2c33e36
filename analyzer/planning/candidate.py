"""What a plan can take: changes that were tried alone, with what they mend and cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from analyzer.findings import APPEND, Finding, Fix
from analyzer.planning.trouble import Trouble
from analyzer.savings import Edit, Kind
from analyzer.template.editing import is_function

Written = dict[tuple[str, str], str]
"""What a change writes: (resource or new id, property path) -> the value, as JSON."""


@dataclass(frozen=True)
class Change:
    """What would be written: edits of resources, or a schedule for the profile."""

    edits: tuple[Edit, ...] = ()
    schedule: Mapping[str, Any] | None = None

    @cached_property
    def written(self) -> Written:
        """Every place that the change touches, and what it puts there."""
        places = {place: value for edit in self.edits for place, value in _places(*edit)}
        if self.schedule is not None:
            places["", "schedule"] = _json(self.schedule)
        return places

    @property
    def size(self) -> int:
        """How many places the change touches."""
        return len(self.written)

    @cached_property
    def resources(self) -> frozenset[str]:
        """The resources that the change touches or adds."""
        return frozenset(resource for resource, _ in self.written)

    def touches(self, other: Change) -> bool:
        """Whether the two have to do with one resource."""
        return not self.resources.isdisjoint(other.resources)

    def conflicts(self, other: Change) -> bool:
        """Whether the two write different things to one place, or one inside the other."""
        theirs = other.written
        return any(
            name == other_name and _meet(path, other_path) and value != other_value
            for (name, path), value in self.written.items()
            for (other_name, other_path), other_value in theirs.items()
        )


def together(changes: Iterable[Change]) -> Change:
    """Several changes as one, each edit once; a profile has one schedule."""
    made = tuple(changes)
    edits: list[Edit] = []
    for edit in (edit for change in made for edit in change.edits):
        if edit not in edits:
            edits.append(edit)
    return Change(tuple(edits), next((c.schedule for c in made if c.schedule is not None), None))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that can be made, by itself.

    `usd` is what it adds to a month at most (negative for a saving), `usd_low` at least: they
    differ by usage that the profile does not declare, as `assumptions` say. `kind` is that of the
    saving it is, if it is one; `finding` the first one that it mends. `along` are edits that were
    not asked for but come with it; `excludes` names candidates that say the same in another way.
    """

    id: str
    change: Change
    resource: str  # key
    title: str
    mends: frozenset[Trouble]
    usd: Decimal
    usd_low: Decimal
    kind: Kind | None = None
    source: str = ""
    finding: Finding | None = None
    safe: bool = True
    reason: str = ""  # why it is not safe
    assumptions: tuple[str, ...] = ()
    along: tuple[Edit, ...] = ()
    excludes: frozenset[str] = frozenset()

    @property
    def doubt(self) -> str:
        """What speaks against making it unasked: why it is not safe, and what is given up."""
        trade_off = self.kind.trade_off if self.kind and not self.kind.safe else ""
        return "; ".join(filter(None, ("" if self.safe else self.reason, trade_off)))

    @property
    def effort(self) -> tuple[int, ...]:
        """What is better avoided, between changes that do the same: danger, then size."""
        return (0 if self.safe else 1, self.change.size)


def _places(resource: str, fix: Fix) -> Iterator[tuple[tuple[str, str], str]]:
    for path, value in fix.set.items():
        yield from (((resource, place), text) for place, text in _leaves(path, value))
    for path in fix.remove:
        yield (resource, path), ""
    for name, value in fix.attributes.items():
        yield (resource, f"@{name}"), _json(value)
    for key, values in fix.elsewhere.items():
        for path, value in values.items():
            yield from (((key, place), text) for place, text in _leaves(path, value))
    for name, body in fix.add.items():
        yield (f"{resource.rpartition('/')[0]}/{name}", ""), _json(body)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """A structure is merged into what stands there: only its leaves are written."""
    if path.endswith(f"/{APPEND}"):
        yield f"{path}{_json(value)}", _json(value)  # entries beside each other are no conflict
    elif isinstance(value, Mapping) and value and not is_function(value):
        for name, inner in value.items():
            yield from _leaves(f"{path}/{name}", inner)
    else:
        yield path, _json(value)


def _meet(path: str, other: str) -> bool:
    shorter, longer = sorted((path, other), key=len)
    return shorter in ("", longer) or longer.startswith(f"{shorter}/")


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
