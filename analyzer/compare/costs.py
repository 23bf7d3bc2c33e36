"""What a change costs, charge by charge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from analyzer.comparison import CostChange
from analyzer.cost_lines import CostLine, total

_Charge = tuple[str, str]  # of a resource by its key, and the charge's name


@dataclass
class _Charged:
    """The lines of one charge on one side."""

    lines: list[CostLine] = field(default_factory=list)

    @property
    def usd(self) -> Decimal | None:
        """Their sum; None where a line has no amount, nothing where there is no line."""
        if any(not line.kind.has_amount for line in self.lines):
            return None
        return total(self.lines)

    @property
    def reason(self) -> str:
        """Why there is no amount."""
        reasons = (line.reason for line in self.lines if not line.kind.has_amount)
        return next(filter(None, reasons), "")

    @property
    def quantity(self) -> str:
        """What is charged: `1,460 hours`."""
        told = {line.unit: Decimal(0) for line in self.lines if line.quantity is not None}
        for line in self.lines:
            if line.quantity is not None:
                told[line.unit] += line.quantity
        return ", ".join(f"{number.normalize():,f} {unit}".strip() for unit, number in told.items())


def cost_changes(
    before: Iterable[CostLine], after: Iterable[CostLine], pairs: Mapping[str, str]
) -> tuple[CostChange, ...]:
    """The charges that differ, the greatest difference first; a renamed resource is one."""
    old, new = _charges(before, pairs), _charges(after, {})
    changes = []
    for charge in dict.fromkeys([*new, *old]):
        a, b = old.get(charge, _Charged()), new.get(charge, _Charged())
        same = a.usd == b.usd and (a.usd is not None or a.reason == b.reason)
        if not same:
            changes.append(_change(a, b))
    return tuple(sorted(changes, key=lambda c: (-abs(c.counted), c.stack, c.resource, c.name)))


def _charges(lines: Iterable[CostLine], pairs: Mapping[str, str]) -> dict[_Charge, _Charged]:
    charges: dict[_Charge, _Charged] = defaultdict(_Charged)
    for line in lines:
        key = f"{line.stack}/{line.resource}"
        charges[pairs.get(key, key), line.name].lines.append(line)
    return charges


def _change(before: _Charged, after: _Charged) -> CostChange:
    line = (after.lines or before.lines)[0]
    return CostChange(
        resource=line.resource,
        type=line.type,
        name=line.name,
        before=before.usd if before.lines else Decimal(0),
        after=after.usd if after.lines else Decimal(0),
        stack=line.stack,
        reason=_reason(before, after),
    )


def _reason(before: _Charged, after: _Charged) -> str:
    if after.lines and after.usd is None:
        return after.reason or "has no price"
    if before.lines and before.usd is None:
        return f"had no amount before: {before.reason or 'no price'}"
    if not before.lines:
        return "is new"
    if not after.lines:
        return "is gone"
    if before.quantity != after.quantity:
        return f"{before.quantity} -> {after.quantity}"
    keys = [next((line.key for line in side.lines if line.key), "") for side in (before, after)]
    regions = [side.lines[0].region for side in (before, after)]
    differing = next((told for told in (keys, regions) if told[0] != told[1]), None)
    return " -> ".join(_without_shared(*differing)) if differing else ""


def _without_shared(before: str, after: str) -> tuple[str, str]:
    """Two keys of the price book without the words that both begin with."""
    old, new = before.split(), after.split()
    shared = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    return " ".join(old[shared:]), " ".join(new[shared:])
