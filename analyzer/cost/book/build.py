"""Builds the price book's data from tables of prices.

    python -m analyzer.cost.book.build FOLDER [--output FOLDER] [--max-move PERCENT]
                                              [--allow-vanished] [--allow-moves]

FOLDER holds CSV files (UTF-8, a header, any file names) with these columns; others are ignored, and
files without them are named and skipped:

service_code    AWS offer code (AmazonEC2); for the manifest
region          region id, `global`, or `edge:<CloudFront area>`
key             the charge's stable name (`nat.hour`)
instance_type   EC2, RDS or ElastiCache type; empty where the charge has none. So for:
vcpu            virtual CPUs of the type
memory_gib      memory of the type, GiB
engine, deployment, variant   what else tells two prices of one key apart; an engine or variant
                that is the same in all rows of a key is a remark, and is left out of the book
tier_start, tier_end          in `unit`; `Inf` is open; both empty: one price for every unit
unit            AWS's unit (`Hrs`, `GB-Mo`)
price_usd       decimal text, USD
as_of           ISO date of AWS's publication
source          where the figure was read

The text of a price is never read as a float. The build refuses tables in which one key has two
prices or tiers with holes, and, against the book it replaces, keys that vanish and prices that move
by more than `--max-move` percent (default 25), unless it is told.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from analyzer.cost.book import DATA, ItemKey, PriceBook, file_name, tiers_of
from analyzer.cost.book.rate import Rate, Tier
from analyzer.errors import PriceError

COLUMNS = (
    "service_code", "region", "key", "instance_type", "vcpu", "memory_gib", "engine", "deployment",
    "variant", "tier_start", "tier_end", "unit", "price_usd", "as_of", "source",
)  # fmt: skip
PRICE_HEADER = (*ItemKey._fields, "unit", "tiers", "source")
MAX_MOVE = Decimal(25)
_SHOWN = 5  # refusals in the message

Row = dict[str, str]
Source = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Price:
    """One line of a region's file, before its source has a number."""

    service: str
    region: str
    item: ItemKey
    unit: str
    tiers: str
    source: Source


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and write the book; 2 when the tables are refused."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.cost.book.build")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=DATA)
    parser.add_argument("--max-move", type=Decimal, default=MAX_MOVE, metavar="PERCENT")
    parser.add_argument("--allow-moves", action="store_true")
    parser.add_argument("--allow-vanished", action="store_true")
    options = parser.parse_args(arguments)
    try:
        prices, sizes = read_tables(options.folder)
        refusals = list(
            _refusals(
                prices,
                PriceBook(options.output),
                max_move=None if options.allow_moves else options.max_move,
                may_vanish=options.allow_vanished,
            )
        )
        if refusals:
            more = len(refusals) - _SHOWN
            tail = f" and {more} more" if more > 0 else ""
            raise PriceError(f"the book is not replaced: {'; '.join(refusals[:_SHOWN])}{tail}")
        write_book(prices, sizes, options.output)
    except PriceError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 2
    print(f"{len(prices)} prices written to {options.output}")
    return 0


def read_tables(folder: Path) -> tuple[list[_Price], dict[str, tuple[str, str]]]:
    """The prices of all tables, and vCPUs and GiB of every type. Raises `PriceError`."""
    groups: dict[tuple[str, ItemKey], list[tuple[Row, str]]] = {}
    sizes: dict[str, tuple[str, str]] = {}
    for row, place in _read_rows(folder):
        item = ItemKey(*(row[field] for field in ItemKey._fields))
        groups.setdefault((row["region"], item), []).append((row, place))
        if item.instance_type and row["vcpu"]:
            sizes[item.instance_type] = (row["vcpu"], row["memory_gib"])
        elif item.instance_type:
            sizes.setdefault(item.instance_type, ("", ""))
    if not groups:
        raise PriceError("holds no table of prices", file=str(folder))
    remarks = _remarks(item for _, item in groups)
    prices = [
        _merge(region, _without(item, remarks[item.key]), rows)
        for (region, item), rows in groups.items()
    ]
    return prices, sizes


def _remarks(items: Iterable[ItemKey]) -> dict[str, set[str]]:
    """For each key, the fields that have one value everywhere and so tell nothing apart."""
    values: dict[str, dict[str, set[str]]] = {}
    for item in items:
        fields = values.setdefault(item.key, {"engine": set(), "variant": set()})
        fields["engine"].add(item.engine)
        fields["variant"].add(item.variant)
    return {
        key: {field for field, seen in fields.items() if len(seen) == 1}
        for key, fields in values.items()
    }


def _without(item: ItemKey, fields: set[str]) -> ItemKey:
    return item._replace(**dict.fromkeys(fields, ""))


def _read_rows(folder: Path) -> Iterator[tuple[Row, str]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(COLUMNS) - set(reader.fieldnames or ())
            if missing:
                print(f"skipped {path.name}: no column {min(missing)}", file=sys.stderr)
                continue
            for row in reader:
                yield row, f"{path.name}:{reader.line_num}"


def _merge(region: str, item: ItemKey, rows: list[tuple[Row, str]]) -> _Price:
    """One price from its tiers, which must follow each other without a hole."""
    first, place = rows[0]
    name = f"{item} in {region}"
    if len({row["unit"] for row, _ in rows}) > 1:
        raise PriceError(f"{place}: {name} has two units")
    steps = sorted((*_bounds(row, at), _amount(row["price_usd"], at)) for row, at in rows)
    for (_, end, _), (start, _, _) in pairwise(steps):
        if end != start:
            raise PriceError(f"{place}: {name} is ambiguous: two prices, or tiers with a hole")
    text = " ".join(f"{start:f}:{price:f}" for start, _, price in steps)
    last = steps[-1][1]
    if last.is_finite():
        text += f" {last:f}:"
    elif steps[0][0] == 0 and len(steps) == 1:
        text = f"{steps[0][2]:f}"
    oldest = min(rows, key=lambda entry: entry[0]["as_of"])[0]
    try:
        date.fromisoformat(oldest["as_of"])
    except ValueError as error:
        raise PriceError(f"{place}: {name} has no date: {error}") from error
    source = (oldest["as_of"], oldest["source"])
    return _Price(first["service_code"], region, item, first["unit"], text, source)


def _bounds(row: Row, place: str) -> tuple[Decimal, Decimal]:
    start, end = row["tier_start"] or "0", row["tier_end"] or "Inf"
    return _amount(start, place), Decimal("Infinity") if end == "Inf" else _amount(end, place)


def _amount(text: str, place: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise PriceError(f"{place}: '{text}' is not an amount")
    return amount


def _refusals(
    prices: Iterable[_Price], old: PriceBook, *, max_move: Decimal | None, may_vanish: bool
) -> Iterator[str]:
    """What in the new prices nobody would expect beside the book that they replace."""
    new = {(price.region, price.item): price for price in prices}
    for region in old.regions:
        for item in old.keys(region):
            price = new.get((region, item))
            if price is None:
                if not may_vanish:
                    yield f"{item} in {region} vanishes"
            elif max_move is not None:
                move = _move(_old_tiers(old, region, item), tiers_of(price.tiers))
                if move > max_move:
                    yield f"{item} in {region} moves by {move:.0f} %"


def _old_tiers(old: PriceBook, region: str, item: ItemKey) -> tuple[Tier, ...]:
    key, instance_type, engine, deployment, variant = item
    rate = old.rate(
        region,
        key,
        instance_type=instance_type,
        engine=engine,
        deployment=deployment,
        variant=variant,
    )
    return rate.tiers if isinstance(rate, Rate) else ()


def _move(before: tuple[Tier, ...], after: tuple[Tier, ...]) -> Decimal:
    """By how many percent the price moved in the tier that moved most; endless if tiers differ."""
    bounds = [[(tier.start, tier.end) for tier in tiers] for tiers in (before, after)]
    if bounds[0] != bounds[1]:
        return Decimal("Infinity")
    return max(_percent(old.price, new.price) for old, new in zip(before, after, strict=True))


def _percent(before: Decimal, after: Decimal) -> Decimal:
    if before == after:
        return Decimal(0)
    return abs(after - before) / before * 100 if before else Decimal("Infinity")


def write_book(prices: list[_Price], sizes: dict[str, tuple[str, str]], folder: Path) -> None:
    """Write the files of every region, the sources, the sizes and the manifest, sorted."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.csv"):
        stale.unlink()
    sources = {source: number for number, source in enumerate(sorted({p.source for p in prices}))}
    _write(
        folder / "sources.csv",
        ("number", "as_of", "source"),
        ((str(number), *source) for source, number in sources.items()),
    )
    _write(
        folder / "instances.csv",
        ("instance_type", "vcpu", "memory_gib"),
        ((name, *size) for name, size in sorted(sizes.items())),
    )
    by_region: dict[str, list[_Price]] = {}
    for price in prices:
        by_region.setdefault(price.region, []).append(price)
    for region, rows in by_region.items():
        lines = sorted((*p.item, p.unit, p.tiers, str(sources[p.source])) for p in rows)
        _write(folder / file_name(region), PRICE_HEADER, lines)
    manifest = json.dumps(_manifest(prices), indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _manifest(prices: list[_Price]) -> dict[str, Any]:
    """Per service: the oldest and newest date, sources, number of prices, and a fingerprint."""
    services: dict[str, list[_Price]] = {}
    for price in prices:
        services.setdefault(price.service, []).append(price)
    return {
        service: {
            "as_of": {
                "oldest": min(p.source[0] for p in of),
                "newest": max(p.source[0] for p in of),
            },
            "prices": len(of),
            "sha256": _fingerprint(of),
            "sources": sorted({p.source[1] for p in of}),
        }
        for service, of in services.items()
    }


def _fingerprint(prices: list[_Price]) -> str:
    lines = sorted("\t".join((p.region, *p.item, p.unit, p.tiers, *p.source)) for p in prices)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
