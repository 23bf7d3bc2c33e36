"""Usage: what a profile may declare, and how its mistakes are told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analyzer.cost.usage import KEYS, NETWORK_KEYS, read_usage
from analyzer.errors import InputError
from analyzer.model import Inventory


@pytest.fixture
def inventory(aws):
    return Inventory(
        "test",
        [
            aws("AWS::S3::Bucket", "MediaBucket"),
            aws("AWS::S3::Bucket", "Logs", stack="one"),
            aws("AWS::S3::Bucket", "Logs", stack="two"),
            aws("AWS::CloudFront::Distribution", "Cdn"),
            aws("AWS::EC2::VPC", "Vpc"),
            aws("AWS::EC2::Instance", "Machine"),
            aws("AWS::Backup::BackupVault", "Vault"),
        ],
    )


def test_a_number_keeps_its_decimals(inventory):
    usage = read_usage({"MediaBucket": {"storage_gib": 0.1}}, inventory)
    bucket = inventory.resources["main/MediaBucket"]
    assert usage.of(bucket).declared("storage_gib") == Decimal("0.1")


def test_what_is_not_declared_is_an_assumption(inventory):
    amount = (
        read_usage({}, inventory).of(inventory.resources["main/MediaBucket"]).amount("get_requests")
    )
    assert amount.value == 0
    assert amount.assumption == "get_requests not declared: 0 assumed"


def test_stacks_that_share_an_id_are_told_apart(inventory):
    usage = read_usage({"two/Logs": {"storage_gib": 5}}, inventory)
    assert usage.of(inventory.resources["two/Logs"]).declared("storage_gib") == 5
    assert usage.of(inventory.resources["one/Logs"]).declared("storage_gib") is None


def test_a_single_number_and_a_map_of_areas(inventory):
    cdn = inventory.resources["main/Cdn"]
    one = read_usage({"Cdn": {"data_out_gib": 5}}, inventory).of(cdn)
    assert one.by_name("data_out_gib", "Europe") == {"Europe": 5}
    many = read_usage({"Cdn": {"data_out_gib": {"Japan": "7.5"}}}, inventory).of(cdn)
    assert many.by_name("data_out_gib", "Europe") == {"Japan": Decimal("7.5")}


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"MediaBuckt": {}}, "no such resource; did you mean MediaBucket?"),
        ({"MediaBucket": {"storage_gb": 1}}, "unknown key storage_gb; did you mean storage_gib?"),
        ({"Logs": {}}, "several stacks have it; write one/Logs or two/Logs"),
        ({"Vpc": {"storage_gib": 1}}, "resources of its type take no usage"),
        ({"MediaBucket": {"storage_gib": "lots"}}, "'lots' is not a number"),
        ({"MediaBucket": {"storage_gib": -1}}, "'-1' is not a number that usage can have"),
        ({"MediaBucket": {"storage_gib": True}}, "'True' is not a number"),
        ({"MediaBucket": {"storage_gib": {"Europe": 1}}}, "is not a number"),
        ({"MediaBucket": 5}, "is not a map"),
        ({"Cdn": {"data_out_gib": {"Urope": 1}}}, "did you mean Europe?"),
        ({"Vault": {"storage_gib": 5}}, "is not a map from names to numbers"),
        ({"Vault": {"storage_gib": {"EFSS": 5}}}, "did you mean EFS?"),
        ({"Machine": {"spot": 0.7}}, "is not a map with discount and source"),
        ({"Machine": {"spot": {"discount": 70}}}, "not between 0 and 1"),
        ({"network": {"internet_out": 1}}, "did you mean internet_out_gib?"),
    ],
)
def test_mistakes_name_what_would_be_right(inventory, declared, words):
    with pytest.raises(InputError) as raised:
        read_usage(declared, inventory, file="architecture.yaml")
    assert words in str(raised.value)
    assert str(raised.value).startswith("architecture.yaml: ")


def test_every_key_has_a_unit_unless_it_is_a_map():
    keys = [key for of in (*KEYS.values(), NETWORK_KEYS) for key in of.items()]
    assert all(key.unit or name == "spot" for name, key in keys)
