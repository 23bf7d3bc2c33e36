"""From an inventory and its usage to cost lines: all charges first, then their prices.

Prices come last and together, because AWS counts tiers over an account and region, and gives its
free allowances once to an account: pricing each resource alone would be wrong in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analyzer.cost.allowances import Allowance, allowances, free_reason
from analyzer.cost.book import ItemKey, PriceBook
from analyzer.cost.book.rate import Rate
from analyzer.cost.registry import (
    Charge,
    Component,
    Components,
    Context,
    Estimator,
    Free,
    NotPriced,
    estimators,
)
from analyzer.cost.schedule import Schedule
from analyzer.cost.traffic import traffic
from analyzer.cost.usage import Usage
from analyzer.model import Inventory, Resource
from analyzer.results import CostLine, LineKind
from analyzer.unknown import Exploration, Undecided, Unknown, explore

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
class _Draft:
    """A charge that waits for its price."""

    payer: Payer
    name: str
    charge: Charge

    @property
    def region(self) -> str:
        return self.charge.region or self.payer.region


def estimate(
    inventory: Inventory,
    usage: Usage,
    schedule: Schedule | None,
    book: PriceBook,
    *,
    today: date,
) -> tuple[CostLine, ...]:
    """The monthly cost of an inventory, line by line, in its order; allowances stand last.

    `today` decides whether Extended Support is charged. Nothing is guessed: what is not known
    gives a line of kind UNKNOWN with its reason, and the other lines stand.
    """
    lines: list[CostLine | _Draft] = []
    for resource in inventory:
        context = Context(inventory, usage.of(resource), usage, schedule, book, today)
        lines.extend(_components(resource, context))
    for place, name, charge in traffic(inventory, usage):
        payer = Payer("network", "", place.stack, place.region, place.account)
        lines.append(_Draft(payer, name, charge))
    lines.extend(_gaps(inventory))
    drafts = [line for line in lines if isinstance(line, _Draft)]
    priced, given = _price(drafts, book)
    return (*(priced[id(x)] if isinstance(x, _Draft) else x for x in lines), *given)


def _components(resource: Resource, context: Context) -> Iterator[CostLine | _Draft]:
    payer = _payer(resource)
    functions = estimators().get(resource.type)
    if functions is None:
        yield _line(payer, *_without_estimator(resource.type))
        return
    blocked = False
    for name, function in functions:
        for component in _explored(resource, context, function):
            blocked = blocked or isinstance(component, Undecided)
            if isinstance(component, Charge):
                yield _Draft(payer, name, component)
            elif isinstance(component, Free):
                yield _line(payer, name, LineKind.FREE, component.reason)
            elif isinstance(component, NotPriced):
                yield _line(payer, name, LineKind.NOT_PRICED, component.reason)
            else:
                yield _line(payer, name, LineKind.UNKNOWN, f"{component}")
    if context.usage.unread and not blocked:
        names = ", ".join(context.usage.unread)
        reason = f"usage declares {names}, but nothing that this resource does depends on it"
        service = functions[0][0].partition("/")[0]
        yield _line(payer, f"{service}/usage", LineKind.NOT_PRICED, reason)


def _without_estimator(type_: str) -> tuple[str, LineKind, str]:
    """The name, kind and reason of the one line of a type that has no estimator."""
    name = "/".join(type_.removeprefix("AWS::").split("::"))
    reason = free_reason(type_)
    if reason:
        return name, LineKind.FREE, reason
    return name, LineKind.NOT_PRICED, "assay does not estimate this type"


def _payer(resource: Resource) -> Payer:
    return Payer(resource.id, resource.type, resource.stack, resource.region, resource.account)


def _explored(
    resource: Resource, context: Context, function: Estimator
) -> list[Component | Undecided]:
    """What the estimator says on every path; one `Undecided` where the paths differ."""

    def run() -> list[Component]:
        return _listed(function(resource, context)) if resource.exists() else []

    exploration = explore(run)
    outcomes = [path.result for path in exploration.paths]
    if any(path.error for path in exploration.paths) or not exploration.complete:
        return [_blocked(exploration)]
    if _alike(outcomes):
        return [*(outcomes[0] or ())]
    return [_hanging(exploration, resource.region, context.book)]


def _alike(outcomes: list[list[Component] | None]) -> bool:
    try:
        return all(outcome == outcomes[0] for outcome in outcomes)
    except Undecided:
        return False


def _listed(components: Components) -> list[Component]:
    if components is None:
        return []
    if isinstance(components, Charge | Free | NotPriced):
        return [components]
    return list(components)


def _blocked(exploration: Exploration[list[Component]]) -> Undecided:
    error = next((path.error for path in exploration.paths if path.error), None)
    if error is None:
        return Undecided("the amount", "hangs on more cases than can be explored")
    if isinstance(error, Undecided):
        return error
    return Undecided("the amount", f"cannot be estimated ({type(error).__name__}: {error})")


def _hanging(exploration: Exploration[list[Component]], region: str, book: PriceBook) -> Undecided:
    """Between which amounts the answer lies, and what it hangs on."""
    choices = (choice for path in exploration.paths for choice in path.choices)
    subjects = " and ".join(dict.fromkeys(f"{c.subject}, which {c.reason}" for c in choices))
    amounts = [_alone(path.result or [], region, book) for path in exploration.paths]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return Undecided("the amount", f"hangs on {subjects}")
    between = f"between USD {min(known):,.2f} and {max(known):,.2f} a month"
    return Undecided("the amount", f"is {between}: it hangs on {subjects}")


def _alone(components: list[Component], region: str, book: PriceBook) -> Decimal | None:
    """What the components would cost if nothing else ran in the account."""
    total = _ZERO
    for component in components:
        if isinstance(component, Charge):
            try:
                rate = _rate(book, component.region or region, component.item)
                total += rate.cost(component.quantity) * component.share
            except Undecided:
                return None
    return total


def _gaps(inventory: Inventory) -> Iterator[CostLine]:
    for gap in inventory.gaps:
        for name, _ in estimators().get(gap.type, ())[:1]:
            payer = Payer("*", gap.type, "", gap.region)
            yield _line(payer, name, LineKind.UNKNOWN, f"resources of this type {gap.reason}")


def _line(payer: Payer, name: str, kind: LineKind, reason: str) -> CostLine:
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


def _price(drafts: Iterable[_Draft], book: PriceBook) -> tuple[dict[int, CostLine], list[CostLine]]:
    """The line of every draft, and the lines of what AWS gives each account for nothing."""
    lines: dict[int, CostLine] = {}
    groups: dict[tuple[str, str, ItemKey], list[_Draft]] = {}
    for draft in drafts:
        try:
            group = (draft.payer.account, draft.region, draft.charge.item)
            groups.setdefault(group, []).append(draft)
        except Undecided as error:
            lines[id(draft)] = _line(draft.payer, draft.name, LineKind.UNKNOWN, str(error))
    free = _Allowances()
    for (account, region, item), members in groups.items():
        total = sum((draft.charge.quantity for draft in members), _ZERO)
        try:
            rate = _rate(book, region, item)
            gross = rate.cost(total) + min(total, rate.free_units) * rate.price
        except Undecided as error:
            for draft in members:
                lines[id(draft)] = _line(draft.payer, draft.name, LineKind.UNKNOWN, str(error))
            continue
        for draft in members:
            lines[id(draft)] = _priced(draft, rate, gross, total)
        free.use(account, members[0], rate, total)
    return lines, free.lines


def _rate(book: PriceBook, region: str, item: ItemKey) -> Rate:
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


def _priced(draft: _Draft, rate: Rate, gross: Decimal, total: Decimal) -> CostLine:
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
    )


class _Allowances:
    """What is left of each account's free allowances, and the lines of what was used."""

    def __init__(self) -> None:
        self.lines: list[CostLine] = []
        self._left: dict[tuple[str, str], Decimal] = {}

    def use(self, account: str, draft: _Draft, rate: Rate, total: Decimal) -> None:
        """Take from the allowance of a charge, if it has one, as much as there is to take."""
        allowance = allowances().get(rate.key)
        if allowance is None:
            return
        left = self._left.get((account, allowance.name), allowance.quantity)
        used = min(left, total)
        self._left[account, allowance.name] = left - used
        if used:
            self.lines.append(_given(account, draft, rate, used, allowance))


def _given(
    account: str, draft: _Draft, rate: Rate, used: Decimal, allowance: Allowance
) -> CostLine:
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
