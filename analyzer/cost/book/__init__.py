"""The embedded price book: AWS list prices as data, one file per region, read on demand.

`data/<region>.csv` holds the prices of one region (or `global`, or a CloudFront area
`edge-<area>`), `data/sources.csv` the date and source that each price points to, and
`data/instances.csv` the size of every instance type. `analyzer.cost.book.build` writes them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from analyzer.cost.book.rate import ENDLESS, ZERO, Rate, Tier
from analyzer.errors import PriceError
from analyzer.unknown import Unknown

DATA = Path(__file__).parent / "data"
GLOBAL = "global"
_TABLES = ("instances", "sources")


class ItemKey(NamedTuple):
    """What names one price inside a region; fields that do not apply are empty."""

    key: str
    instance_type: str = ""
    engine: str = ""
    deployment: str = ""
    variant: str = ""

    def __str__(self) -> str:
        return " ".join(field for field in self if field)


class _Entry(NamedTuple):
    unit: str
    tiers: str
    source: int


class _Size(NamedTuple):
    vcpus: str
    memory_gib: str


_NO_SIZE = _Size("", "")


class PriceBook:
    """Prices by region and key. Reads the files of a region when a price in it is first asked."""

    def __init__(self, folder: Path = DATA) -> None:
        self._folder = folder
        self._regions: dict[str, dict[ItemKey, _Entry]] = {}

    def rate(
        self,
        region: str,
        key: str,
        *,
        instance_type: str = "",
        engine: str = "",
        deployment: str = "",
        variant: str = "",
    ) -> Rate | Unknown:
        """The one price of a charge, or an `Unknown` that names what is missing where.

        There is no falling back to another region and no nearest match.
        """
        item = ItemKey(key, instance_type, engine, deployment, variant)
        entries = self._entries(region)
        entry = entries.get(item)
        if entry is None:
            return Unknown(f"the price of {item}", self._why_missing(region, item))
        as_of, source = self._sources[entry.source]
        return Rate(key, region, tiers_of(entry.tiers), entry.unit, as_of, source)

    def vcpus(self, instance_type: str) -> Decimal | Unknown:
        """The number of virtual CPUs of an EC2, RDS or ElastiCache type."""
        size = self._instances.get(instance_type, _NO_SIZE).vcpus
        if not size:
            return Unknown(f"the number of vCPUs of {instance_type}", "is not in the price book")
        return Decimal(size)

    def memory_gib(self, instance_type: str) -> Decimal | Unknown:
        """The memory of such a type."""
        size = self._instances.get(instance_type, _NO_SIZE).memory_gib
        if not size:
            return Unknown(f"the memory of {instance_type}", "is not in the price book")
        return Decimal(size)

    def keys(self, region: str) -> Iterator[ItemKey]:
        """Everything that has a price in a region."""
        return iter(self._entries(region))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions and areas that have prices."""
        stems = (path.stem for path in self._folder.glob("*.csv"))
        return tuple(sorted(_region_of(stem) for stem in stems if stem not in _TABLES))

    def _why_missing(self, region: str, item: ItemKey) -> str:
        if region not in self.regions:
            return f"is not known: the price book has no prices for {region or 'an unnamed region'}"
        if not item.instance_type:
            return f"in {region} is not in the price book"
        if item.instance_type not in self._instances:
            return f"is not known: {item.instance_type} is not a type that the price book has"
        if any(
            (other.key, other.instance_type) == (item.key, item.instance_type)
            for other in self._entries(region)
        ):
            return f"in {region} is not in the price book: the type is sold there in other forms"
        return f"is not known: {item.instance_type} is not sold in {region}"

    def _entries(self, region: str) -> dict[ItemKey, _Entry]:
        entries = self._regions.get(region)
        if entries is None:
            known = region in self.regions
            entries = self._regions[region] = (
                _read_region(self._folder / file_name(region)) if known else {}
            )
        return entries

    @cached_property
    def _sources(self) -> list[tuple[date, str]]:
        return [
            (date.fromisoformat(as_of), source)
            for _, as_of, source in _rows(self._folder / "sources.csv")
        ]

    @cached_property
    def _instances(self) -> dict[str, _Size]:
        rows = _rows(self._folder / "instances.csv")
        return {name: _Size(vcpus, memory) for name, vcpus, memory in rows}


@cache
def embedded() -> PriceBook:
    """The book that comes with assay."""
    return PriceBook()


def file_name(region: str) -> str:
    """The file that holds a region's prices: `edge:Asia Pacific` is `edge-Asia_Pacific.csv`."""
    return f"{region.replace(':', '-').replace(' ', '_')}.csv"


def _region_of(stem: str) -> str:
    return stem.replace("edge-", "edge:").replace("_", " ")


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            yield from rows
    except OSError as error:
        raise PriceError(
            f"the price book cannot be read: {error.strerror}", file=str(path)
        ) from error


def _read_region(path: Path) -> dict[ItemKey, _Entry]:
    try:
        return {
            ItemKey(key, instance_type, engine, deployment, variant): _Entry(
                unit, tiers, int(source)
            )
            for key, instance_type, engine, deployment, variant, unit, tiers, source in _rows(path)
        }
    except ValueError as error:
        raise PriceError(f"the price book is damaged: {error}", file=str(path)) from error


def tiers_of(text: str) -> tuple[Tier, ...]:
    """`0.09` has one price for every unit; `0:0.09 10240:0.085 51200:` names each tier's start."""
    if ":" not in text:
        return (Tier(ZERO, ENDLESS, Decimal(text)),)
    steps = [step.split(":") for step in text.split()]
    ends = [Decimal(start) for start, _ in steps[1:]] + [ENDLESS]
    return tuple(
        Tier(Decimal(start), end, Decimal(price))
        for (start, price), end in zip(steps, ends, strict=True)
        if price
    )
