"""From an inventory and its usage to cost lines: all charges first, then their prices.

Prices come last and together, because AWS counts tiers over an account and region, and gives its
free allowances once to an account: pricing each resource alone would be wrong in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from analyzer.cost.allowances import free_reason
from analyzer.cost.book import PriceBook
from analyzer.cost.pricing import Draft, Payer, price, rate_of, unpriced_line
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
from analyzer.cost.usage import ResourceUsage, Usage
from analyzer.cost_lines import CostLine, LineKind
from analyzer.model import Inventory, Resource
from analyzer.unknown import Exploration, Undecided, explore

_ZERO = Decimal(0)


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
    lines: list[CostLine | Draft] = []
    usages = {resource.key: usage.of(resource) for resource in inventory}
    for resource in inventory:
        own = usages[resource.key]
        context = Context(inventory, own, usages, schedule, book, today)
        lines.extend(_components(resource, context))
    lines.extend(_unread(inventory, usages, lines))
    for place, name, charge in traffic(inventory, usage):
        payer = Payer("network", "", place.stack, place.region, place.account)
        lines.append(Draft(payer, name, charge))
    lines.extend(_gaps(inventory))
    drafts = [line for line in lines if isinstance(line, Draft)]
    priced, given = price(drafts, book)
    return (*(priced[id(x)] if isinstance(x, Draft) else x for x in lines), *given)


def _components(resource: Resource, context: Context) -> Iterator[CostLine | Draft]:
    payer = _payer(resource)
    functions = estimators().get(resource.type)
    if functions is None:
        yield unpriced_line(payer, *_without_estimator(resource.type))
        return
    for name, function in functions:
        for component in _explored(resource, context, function):
            if isinstance(component, Charge):
                yield Draft(payer, name, component)
            elif isinstance(component, Free):
                yield unpriced_line(payer, name, LineKind.FREE, component.reason)
            elif isinstance(component, NotPriced):
                yield unpriced_line(payer, name, LineKind.NOT_PRICED, component.reason)
            else:
                yield unpriced_line(payer, name, LineKind.UNKNOWN, f"{component}")


def _unread(
    inventory: Inventory, usages: Mapping[str, ResourceUsage], lines: Iterable[CostLine | Draft]
) -> Iterator[CostLine]:
    """A line for declared usage that no estimator asked for, so that it is not passed over.

    Where an estimator could not finish, nobody knows what it would have asked for.
    """
    unfinished = {
        (line.stack, line.resource)
        for line in lines
        if isinstance(line, CostLine) and line.kind is LineKind.UNKNOWN
    }
    for resource in inventory:
        unread = usages[resource.key].unread
        if unread and (resource.stack, resource.id) not in unfinished:
            service = resource.type.split("::")[1]
            reason = f"usage declares {', '.join(unread)}, but no charge of this resource needs it"
            yield unpriced_line(_payer(resource), f"{service}/usage", LineKind.NOT_PRICED, reason)


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
                rate = rate_of(book, component.region or region, component.item)
                total += rate.cost(component.quantity) * component.share
            except Undecided:
                return None
    return total


def _gaps(inventory: Inventory) -> Iterator[CostLine]:
    for gap in inventory.gaps:
        for name, _ in estimators().get(gap.type, ())[:1]:
            payer = Payer("*", gap.type, "", gap.region)
            yield unpriced_line(
                payer, name, LineKind.UNKNOWN, f"resources of this type {gap.reason}"
            )
