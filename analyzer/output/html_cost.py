"""What the HTML report shows of a monthly cost: by service, by line, and what has no amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from analyzer.cost_lines import CostLine, LineKind, total


@dataclass(frozen=True, slots=True)
class Service:
    """The charges of one service, USD per month; `unknown` of them have no amount."""

    name: str
    usd: Decimal
    lines: tuple[CostLine, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Resources of one type without an amount for one reason."""

    type: str
    reason: str
    count: int
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostView:
    """A judgement's cost, most expensive service first; `left_out` charges are not listed."""

    usd: Decimal
    services: tuple[Service, ...]
    unknown: int
    free: tuple[Unbilled, ...]
    not_priced: tuple[Unbilled, ...]
    left_out: int = 0

    @property
    def highest(self) -> Decimal:
        """The most expensive service: the end of the chart's scale."""
        return max((service.usd for service in self.services), default=Decimal(0))


def cost_view(lines: Iterable[CostLine], most: int | None = None) -> CostView:
    """Sort and sum cost lines for the page; all are summed, the `most` expensive ones listed."""
    lines = tuple(lines)
    charges = [line for line in lines if line.kind in (LineKind.PRICED, LineKind.UNKNOWN)]
    listed = {id(line) for line in sorted(charges, key=_dearest)[:most]}
    by_service: dict[str, list[CostLine]] = {}
    for line in charges:
        by_service.setdefault(line.service, []).append(line)
    services = [
        Service(
            name=name,
            usd=total(found),
            lines=tuple(
                sorted(
                    (line for line in found if id(line) in listed),
                    key=lambda line: (line.component, line.stack, line.resource),
                )
            ),
            unknown=sum(line.kind is LineKind.UNKNOWN for line in found),
        )
        for name, found in by_service.items()
    ]
    return CostView(
        usd=total(lines),
        services=tuple(sorted(services, key=lambda service: (-service.usd, service.name))),
        unknown=sum(line.kind is LineKind.UNKNOWN for line in lines),
        free=_unbilled(lines, LineKind.FREE),
        not_priced=_unbilled(lines, LineKind.NOT_PRICED),
        left_out=len(charges) - len(listed),
    )


def _dearest(line: CostLine) -> Decimal:
    return -(line.usd or Decimal(0))


def _unbilled(lines: Iterable[CostLine], kind: LineKind) -> tuple[Unbilled, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    names: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if line.kind is kind:
            key = (line.type, line.reason)
            counts[key] += 1
            names.setdefault(key, []).append(line.resource)
    return tuple(
        Unbilled(type_, reason, count, tuple(sorted(names[type_, reason])))
        for (type_, reason), count in sorted(counts.items())
    )
