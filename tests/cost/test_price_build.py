"""Building the book: what it keeps of its tables, and what it refuses."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from analyzer.cost.book import PriceBook
from analyzer.cost.book.build import COLUMNS, main

ROW = {
    "service_code": "AmazonVPC",
    "region": "eu-west-3",
    "key": "nat.hour",
    "unit": "Hrs",
    "price_usd": "0.05",
    "as_of": "2026-09-03",
    "source": "AWS price list",
}


@pytest.fixture
def table(tmp_path):
    """Write rows as the table of a folder; the folder comes back."""

    def write(*rows):
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        with (folder / "prices.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(ROW | row for row in rows)
        return folder

    return write


@pytest.fixture
def build(tmp_path):
    def run(folder, *options):
        return main([str(folder), "--output", str(tmp_path / "book"), *options])

    return run


@pytest.fixture
def book(tmp_path):
    return lambda: PriceBook(tmp_path / "book")


def test_a_table_becomes_a_book(table, build, book):
    tiers = [
        {"key": "dt.out", "tier_start": "0", "tier_end": "100", "price_usd": "0.09"},
        {"key": "dt.out", "tier_start": "100", "tier_end": "Inf", "price_usd": "0.05"},
    ]
    assert build(table({}, *tiers)) == 0
    assert book().rate("eu-west-3", "nat.hour").price == Decimal("0.05")
    # 100 x 0.09 + 10 x 0.05
    assert book().rate("eu-west-3", "dt.out").cost(Decimal(110)) == Decimal("9.50")


def test_the_same_tables_give_the_same_book(table, build, tmp_path):
    folder = table({}, {"region": "us-east-1"})
    build(folder)
    first = {path.name: path.read_bytes() for path in (tmp_path / "book").iterdir()}
    assert build(folder) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "book").iterdir()} == first


def test_a_variant_that_tells_nothing_apart_is_left_out(table, build, book):
    build(
        table(
            {"variant": "per gateway"}, {"key": "x", "variant": "a"}, {"key": "x", "variant": "b"}
        )
    )
    keys = set(book().keys("eu-west-3"))
    assert {(item.key, item.variant) for item in keys} == {("nat.hour", ""), ("x", "a"), ("x", "b")}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{}, {"price_usd": "0.06"}], "ambiguous"),
        ([{"tier_start": "0", "tier_end": "5"}, {"tier_start": "6", "tier_end": "Inf"}], "hole"),
        ([{"price_usd": "free"}], "'free' is not an amount"),
        ([{"price_usd": "-1"}], "'-1' is not an amount"),
        ([{"as_of": "yesterday"}], "has no date"),
        ([{}, {"unit": "Mo", "tier_start": "5"}], "two units"),
        ([], "no table of prices"),
    ],
)
def test_tables_that_are_refused(table, build, capsys, rows, words):
    assert build(table(*rows)) == 2
    assert words in capsys.readouterr().err


def test_a_key_that_vanishes_is_refused_unless_told(table, build, book, capsys):
    build(table({}, {"key": "nat.gb"}))
    assert build(table({})) == 2
    assert "nat.gb in eu-west-3 vanishes" in capsys.readouterr().err
    assert build(table({}), "--allow-vanished") == 0
    assert [item.key for item in book().keys("eu-west-3")] == ["nat.hour"]


def test_a_region_that_vanishes_leaves_no_file(table, build, book):
    build(table({}, {"region": "us-east-1"}))
    assert build(table({})) == 2
    assert build(table({}), "--allow-vanished") == 0
    assert book().regions == ("eu-west-3",)


def test_a_price_that_moves_too_far_is_refused_unless_told(table, build, book, capsys):
    build(table({}))
    moved = table({"price_usd": "0.07"})
    assert build(moved) == 2
    assert "moves by 40 %" in capsys.readouterr().err
    assert build(moved, "--max-move", "50") == 0
    assert build(table({"price_usd": "0.70"}), "--allow-moves") == 0
    assert book().rate("eu-west-3", "nat.hour").price == Decimal("0.70")


def test_a_small_move_passes(table, build):
    build(table({}))
    assert build(table({"price_usd": "0.048"})) == 0


def test_other_files_are_named_and_skipped(table, build, capsys):
    folder = table({})
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    assert build(folder) == 0
    assert "skipped notes.csv" in capsys.readouterr().err
