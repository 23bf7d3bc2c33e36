"""Pricing charges together: tiers over an account and region, allowances once to an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from analyzer.cost.allowances import Allowance, allowances
from analyzer.cost.book import ItemKey, PriceBook
from analyzer.cost.book.rate import Rate
from analyzer.cost.registry import Charge
from analyzer.cost_lines import CostLine, LineKind
from analyzer.unknown import Undecided, Unknown

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for a component: a resource, or the network or the account as a whole."""

    id: str
    type: str = ""
    stack: str = ""
    region: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A charge that waits for its price."""

    payer: Payer
    name: str
    charge: Charge

    @property
    def region(self) -> str:
        """Where the price is looked up: the charge's own region, else the payer's."""
        return self.charge.region or self.payer.region


def price(drafts: Iterable[Draft], book: PriceBook) -> tuple[dict[int, CostLine], list[CostLine]]:
    """The line of every draft, and the lines of what AWS gives each account for nothing."""
    lines: dict[int, CostLine] = {}
    groups: dict[tuple[str, str, ItemKey], list[Draft]] = {}
    for draft in drafts:
        try:
            group = (draft.payer.account, draft.region, draft.charge.item)
            groups.setdefault(group, []).append(draft)
        except Undecided as error:
            lines[id(draft)] = unpriced_line(draft.payer, draft.name, LineKind.UNKNOWN, str(error))
    free = _Allowances()
    for (account, region, item), members in groups.items():
        total = sum((draft.charge.quantity for draft in members), _ZERO)
        try:
            rate = rate_of(book, region, item)
            gross = rate.cost(total) + min(total, rate.free_units) * rate.price
        except Undecided as error:
            for draft in members:
                lines[id(draft)] = unpriced_line(
                    draft.payer, draft.name, LineKind.UNKNOWN, str(error)
                )
            continue
        for draft in members:
            lines[id(draft)] = _priced(draft, rate, gross, total)
        free.use(account, members[0], rate, total)
    return lines, free.lines


def rate_of(book: PriceBook, region: str, item: ItemKey) -> Rate:
    """The price of one item in a region."""
    rate = book.rate(
        region,
        item.key,
        instance_type=item.instance_type,
        engine=item.engine,
        deployment=item.deployment,
        variant=item.variant,
    )
    if isinstance(rate, Unknown):
        raise Undecided(rate.subject, rate.reason)
    return rate


def _priced(draft: Draft, rate: Rate, gross: Decimal, total: Decimal) -> CostLine:
    """One draft's line: its part of what all of its kind cost together."""
    charge = draft.charge
    service, _, component = draft.name.partition("/")
    usd = gross * charge.quantity / total if total else _ZERO
    return CostLine(
        resource=draft.payer.id,
        type=draft.payer.type,
        service=service,
        component=component,
        kind=LineKind.PRICED,
        quantity=charge.quantity,
        unit=rate.unit,
        unit_price=rate.price * charge.share,
        usd=usd * charge.share,
        assumption=charge.assumption,
        stack=draft.payer.stack,
        region=draft.region,
        key=f"{charge.item}",
        as_of=rate.as_of,
        source=rate.source,
        share=charge.share,
    )


class _Allowances:
    """What is left of each account's free allowances, and the lines of what was used."""

    def __init__(self) -> None:
        self.lines: list[CostLine] = []
        self._left: dict[tuple[str, str], Decimal] = {}

    def use(self, account: str, draft: Draft, rate: Rate, total: Decimal) -> None:
        """Take from the allowance of a charge, if it has one, as much as there is to take."""
        allowance = allowances().get(rate.key)
        if allowance is None:
            return
        left = self._left.get((account, allowance.name), allowance.quantity)
        used = min(left, total)
        self._left[account, allowance.name] = left - used
        if used:
            self.lines.append(_given(account, draft, rate, used, allowance))


def _given(account: str, draft: Draft, rate: Rate, used: Decimal, allowance: Allowance) -> CostLine:
    service, _, component = allowance.component.partition("/")
    return CostLine(
        resource=f"account {account}".strip(),
        type="",
        service=service,
        component=component,
        kind=LineKind.PRICED,
        quantity=-used,
        unit=rate.unit,
        unit_price=rate.price,
        usd=-used * rate.price,
        assumption=allowance.text,
        region=draft.region,
        key=f"{draft.charge.item}",
        as_of=allowance.as_of,
        source=allowance.source,
    )


def unpriced_line(payer: Payer, name: str, kind: LineKind, reason: str) -> CostLine:
    """A line without an amount, and why."""
    service, _, component = name.partition("/")
    return CostLine(
        resource=payer.id,
        type=payer.type,
        service=service,
        component=component,
        kind=kind,
        reason=reason,
        stack=payer.stack,
        region=payer.region,
    )
