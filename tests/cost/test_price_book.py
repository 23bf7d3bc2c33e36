"""The embedded book: exactly one price for a question, or an Unknown that says what is missing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cost.book import DATA, PriceBook, embedded
from analyzer.cost.book.rate import ENDLESS, ZERO, Rate, Tier
from analyzer.errors import PriceError
from analyzer.unknown import Undecided, Unknown

REGIONS = ("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2")
LINUX = "ec2.ondemand.linux.shared"


def test_a_price_has_its_unit_date_and_source():
    rate = embedded().rate("eu-west-3", LINUX, instance_type="t3.medium")
    assert isinstance(rate, Rate)
    assert (rate.price, rate.unit) == (Decimal("0.0472"), "Hrs")
    assert rate.as_of == date(2025, 10, 28)
    assert rate.source.startswith("github.com/")


def test_multi_az_has_a_price_of_its_own_that_is_not_twice_the_other():
    single, multi = (
        embedded()
        .rate(
            "eu-west-1", "rds.instance", instance_type="db.t4g.micro", engine="MySQL", deployment=d
        )
        .price
        for d in ("Single-AZ", "Multi-AZ")
    )
    assert (single, multi) == (Decimal("0.017"), Decimal("0.035"))


@pytest.mark.parametrize(
    ("region", "key", "type_", "words"),
    [
        ("eu-west-3", "nat.minute", "", "nat.minute in eu-west-3 is not in the price book"),
        ("eu-west-3", LINUX, "c8g.large", "c8g.large is not sold in eu-west-3"),
        ("eu-west-3", LINUX, "t9.nano", "not a type that the price book has"),
        ("mars-north-1", "nat.hour", "", "no prices for mars-north-1"),
        ("", "nat.hour", "", "no prices for an unnamed region"),
    ],
)
def test_a_missing_price_is_an_unknown_that_names_it(region, key, type_, words):
    rate = embedded().rate(region, key, instance_type=type_)
    assert isinstance(rate, Unknown)
    assert words in f"{rate.subject} {rate.reason}"


def test_a_type_sold_in_other_forms_says_so():
    rate = embedded().rate("eu-west-3", "rds.instance", instance_type="db.t3.micro", engine="Db2")
    assert isinstance(rate, Unknown)
    assert "sold there in other forms" in rate.reason


def test_no_path_leads_out_of_the_book():
    assert isinstance(embedded().rate("../eu-west-3", "nat.hour"), Unknown)


def test_vcpus_of_a_type():
    assert embedded().vcpus("db.t3.medium") == 2
    assert isinstance(embedded().vcpus("db.t99.medium"), Unknown)


def test_one_region_is_read_alone(tmp_path):
    for name in ("eu-west-3.csv", "sources.csv", "instances.csv"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    (tmp_path / "us-east-1.csv").write_text("not,a,price\nfile,at,all\n")
    book = PriceBook(tmp_path)
    assert isinstance(book.rate("eu-west-3", "nat.hour"), Rate)
    with pytest.raises(PriceError, match=r"us-east-1\.csv.*damaged"):
        book.rate("us-east-1", "nat.hour")


def test_every_price_in_the_book_can_be_read():
    book = embedded()
    for region in book.regions:
        for item in book.keys(region):
            rate = book.rate(region, item.key, **_dimensions(item))
            assert isinstance(rate, Rate)
            assert all(tier.price >= 0 and tier.start < tier.end for tier in rate.tiers)
            assert rate.source


def _dimensions(item):
    return {field: value for field, value in item._asdict().items() if field != "key"}


def test_the_manifest_counts_every_price():
    manifest = json.loads((DATA / "manifest.json").read_text())
    book = embedded()
    counted = sum(len(list(book.keys(region))) for region in book.regions)
    assert sum(service["prices"] for service in manifest.values()) == counted
    assert {*REGIONS, "global"} <= set(book.regions)


def test_sources_are_places_that_anyone_can_look_up():
    text = (DATA / "sources.csv").read_text()
    assert "content-search" not in text


def rate_of(*tiers: tuple[str, str, str]) -> Rate:
    steps = tuple(Tier(Decimal(a), Decimal(b), Decimal(price)) for a, b, price in tiers)
    return Rate("key", "region", steps, "GB", date(2026, 1, 1), "test")


EGRESS = rate_of(("0", "10240", "0.09"), ("10240", "51200", "0.085"), ("51200", "Infinity", "0.07"))
FIRST_FREE = rate_of(("3", "Infinity", "3"))

quantities = st.decimals(min_value=0, max_value=10**7, places=3)


def test_each_tier_at_its_own_price():
    # 10,240 x 0.09 + 760 x 0.085 = 921.60 + 64.60
    assert EGRESS.cost(Decimal(11_000)) == Decimal("986.2")


def test_units_below_the_first_tier_are_free():
    assert FIRST_FREE.free_units == 3
    assert [FIRST_FREE.cost(Decimal(n)) for n in (0, 3, 4)] == [0, 0, 3]


@given(quantities, quantities)
def test_more_never_costs_less(one, other):
    low, high = sorted((one, other))
    assert EGRESS.cost(low) <= EGRESS.cost(high)


@given(quantities)
def test_tiers_add_up_at_a_boundary(quantity):
    boundary = Decimal(10_240)
    beyond = max(quantity - boundary, ZERO)
    upper = rate_of(("0", "40960", "0.085"), ("40960", "Infinity", "0.07"))
    assert EGRESS.cost(quantity) == EGRESS.cost(min(quantity, boundary)) + upper.cost(beyond)


@given(quantities)
def test_an_untiered_price_is_a_product(quantity):
    flat = Rate("k", "r", (Tier(ZERO, ENDLESS, Decimal("0.05")),), "Hrs", date(2026, 1, 1), "t")
    assert flat.cost(quantity) == quantity * Decimal("0.05")


def test_past_the_last_tier_nothing_is_guessed():
    rate = rate_of(("0", "100", "1"))
    assert rate.cost(Decimal(100)) == 100
    with pytest.raises(Undecided, match="carried up to 100 GB"):
        rate.cost(Decimal(101))


def test_the_folder_of_the_book_is_inside_the_package():
    assert Path(__file__).parents[2] / "analyzer" in DATA.parents
