"""Estimators: functions that say what of a resource is charged, and how much of it.

    @estimator("AWS::EC2::NatGateway", name="NAT/gateway-hours")
    def gateway_hours(nat: Resource, context: Context) -> Charge:
        return Charge("nat.hour", HOURS)

An estimator knows quantities and the price book's keys, never prices: `analyzer.cost.estimate`
prices all charges together, because AWS counts tiers and free allowances over a whole account. A
property that is not known needs no care: reading it makes the line unknown.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from analyzer.cost.book import ItemKey, PriceBook
from analyzer.cost.schedule import HOURS, Schedule, hours_of_week
from analyzer.cost.usage import Amount, ResourceUsage
from analyzer.model import Inventory, Resource
from analyzer.unknown import Absent, Partial, Reference, Undecided, Unknown


@dataclass(frozen=True, slots=True)
class Charge:
    """So many units of one item of the price book, each month.

    `region` is where the price is looked up when that is not the resource's own region; `share` is
    the part of the list price that is paid (Spot); `assumption` says where the quantity comes from
    when the template does not state it.
    """

    key: str
    quantity: Decimal
    assumption: str = ""
    instance_type: str = ""
    engine: str = ""
    deployment: str = ""
    variant: str = ""
    region: str = ""
    share: Decimal = Decimal(1)

    @property
    def item(self) -> ItemKey:
        """What the price book is asked for; raises `Undecided` where a part is not known."""
        fields = (self.key, self.instance_type, self.engine, self.deployment, self.variant)
        for value in map(known, fields):
            if not isinstance(value, str):
                raise Undecided(f"`{value}`", "is not the name of a type or an engine")
        return ItemKey(*fields)


@dataclass(frozen=True, slots=True)
class Free:
    """The component costs nothing, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotPriced:
    """The component costs something that assay does not estimate, and why not."""

    reason: str


Component = Charge | Free | NotPriced
Components = Component | Iterable[Component] | None


@dataclass(frozen=True, slots=True)
class Context:
    """What an estimator may use beside the resource: usage, schedule, sizes, and the date."""

    inventory: Inventory
    usage: ResourceUsage
    usages: Mapping[str, ResourceUsage]  # of every resource, by key
    schedule: Schedule | None
    book: PriceBook
    today: date

    def charged(self, key: str, usage: str, *, region: str = "") -> Charge:
        """The charge for what the usage key declares, else for none of it."""
        amount = self.usage.amount(usage)
        return Charge(key, amount.value, amount.assumption, region=region)

    def stored(self, resource: Resource) -> Amount:
        """GiB that a resource holds: as usage says, else as its account measures it, else none."""
        if resource.Live and self.usage.declared("storage_gib") is None:
            return measured(resource.Live.Bytes)
        return self.usage.amount("storage_gib")

    def charged_if_declared(self, key: str, usage: str, *, variant: str = "") -> Charge | None:
        """The charge for what the usage key declares; None where it declares nothing."""
        if self.usage.declared(usage) is None:
            return None
        amount = self.usage.amount(usage)
        return Charge(key, amount.value, amount.assumption, variant=variant)

    def usage_of(self, other: Resource) -> ResourceUsage:
        """The usage of another resource, for example of an instance's cluster."""
        return self.usages[other.key]

    def hours(self, resource: Resource) -> Amount:
        """The hours a month that an instance or a group runs: its usage, the schedule, or all."""
        weekly = self.usage.declared("hours_per_week")
        if weekly is not None:
            return Amount(hours_of_week(weekly), f"usage: {weekly} hours a week x 52 / 12")
        if self.schedule is not None and self.schedule.applies(resource):
            weekly = self.schedule.hours_per_week
            return Amount(hours_of_week(weekly), f"schedule: {weekly} hours a week x 52 / 12")
        return Amount(HOURS, "")


_GIB = Decimal(2**30)  # bytes
Estimator = Callable[[Resource, Context], Components]
_estimators: dict[str, list[tuple[str, Estimator]]] = {}


def estimator(*types: str, name: str) -> Callable[[Estimator], Estimator]:
    """Register a function for one component (`SERVICE/component`) of resources of these types."""

    def register(function: Estimator) -> Estimator:
        for type_ in types:
            _estimators.setdefault(type_, []).append((name, function))
        return function

    return register


@cache
def estimators() -> Mapping[str, list[tuple[str, Estimator]]]:
    """Every estimator by type, in the order of the files."""
    package = importlib.import_module("analyzer.cost.estimators")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _estimators


def measured(size: Any) -> Amount:
    """GiB of a size in bytes that an account told."""
    return Amount(round(number(size) / _GIB, 3), "as the account measures it")


def number(value: Any, default: Decimal | int | None = None) -> Decimal:
    """A property's quantity, written as a number or as text; `default` where it is not set."""
    if isinstance(value, Absent) and default is not None:
        return Decimal(default)
    try:
        quantity = Decimal(str(value))
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or quantity < 0:
        raise Undecided(f"'{value}'", "is not a quantity")
    return quantity


def truth(value: Any) -> bool:
    """A property's boolean, written as a boolean or as text."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def joined(*assumptions: str) -> str:
    """Several assumptions as one text; empty ones are left out."""
    return "; ".join(dict.fromkeys(text for text in assumptions if text))


def known(value: Any) -> Any:
    """The value, where it is one; raises `Undecided` for one that is not known or has a hole."""
    if isinstance(value, Unknown):
        raise Undecided(value.subject, value.reason)
    if isinstance(value, Partial | Reference):
        raise Undecided(f"`{value}`", "is not known before it is deployed")
    return value
