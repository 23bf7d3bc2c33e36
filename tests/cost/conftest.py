"""Resources by hand, and their bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analyzer.cost.book import embedded
from analyzer.cost.estimate import estimate
from analyzer.cost.schedule import Schedule
from analyzer.cost.usage import read_usage
from analyzer.cost_lines import CostLine, LineKind
from analyzer.model import Inventory, Resource

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Bill:
    """The lines of an estimate, asked by charge name."""

    lines: tuple[CostLine, ...]

    def of(self, name: str, resource: str = "") -> list[CostLine]:
        return [x for x in self.lines if x.name == name and resource in ("", x.resource)]

    def one(self, name: str, resource: str = "") -> CostLine:
        (line,) = self.of(name, resource)
        return line

    def usd(self, *names: str) -> Decimal:
        """The sum of the named charges (of all, without names), to the cent."""
        lines = [x for x in self.lines if not names or x.name in names]
        assert lines, f"no line named {names}"
        return sum((x.usd for x in lines if x.usd is not None), Decimal(0)).quantize(
            Decimal("0.01")
        )

    def gross(self) -> Decimal:
        """What everything costs before the account's free allowances, to the cent."""
        lines = [x.usd for x in self.lines if x.usd is not None and x.usd > 0]
        return sum(lines, Decimal(0)).quantize(Decimal("0.01"))

    @property
    def unknown(self) -> list[CostLine]:
        return [line for line in self.lines if line.kind is LineKind.UNKNOWN]


@pytest.fixture
def aws() -> Callable[..., Resource]:
    """`aws("AWS::EC2::EIP", "Address", region="eu-west-3", Domain="vpc")`."""

    def make(
        type_: str,
        identifier: str = "It",
        *,
        region: str = "us-east-1",
        stack: str = "main",
        account: str = "111122223333",
        condition: Any = None,
        **properties: Any,
    ) -> Resource:
        return Resource(
            type_,
            identifier,
            properties,
            stack=stack,
            region=region,
            account=account,
            condition=condition,
        )

    return make


@pytest.fixture
def bill() -> Callable[..., Bill]:
    """`bill(resource, ..., usage={"It": {...}})`: the estimate with the embedded book."""

    def make(
        *resources: Resource,
        usage: Mapping[str, Any] | None = None,
        schedule: Schedule | None = None,
        today: date = TODAY,
    ) -> Bill:
        inventory = Inventory("test", resources)
        read = read_usage(usage or {}, inventory)
        return Bill(estimate(inventory, read, schedule, embedded(), today=today))

    return make
