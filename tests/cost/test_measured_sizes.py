"""What an account measures is charged, unless usage says otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analyzer.cost_lines import LineKind

GIB = 2**30
FILES = "AWS::EFS::FileSystem"
POINT = "AWS::Backup::RecoveryPoint"


@pytest.fixture
def seen(aws):
    """A resource of an account, with live facts."""

    def make(type_, live, **properties):
        resource = aws(type_, region="eu-west-3", **properties)
        resource.live = live
        return resource

    return make


def test_files_are_charged_as_the_account_measures_them(seen, bill):
    line = bill(seen(FILES, {"Bytes": 10 * GIB})).one("EFS/storage")
    assert line.quantity == Decimal(10)
    assert line.assumption == "as the account measures it"


def test_usage_is_stronger_than_what_is_measured(seen, bill):
    lines = bill(seen(FILES, {"Bytes": 10 * GIB}), usage={"It": {"storage_gib": 60}})
    assert lines.one("EFS/storage").quantity == Decimal(60)


def test_files_in_infrequent_access_are_charged_as_such(seen, bill):
    files = seen(FILES, {"Bytes": GIB, "InfrequentBytes": 4 * GIB})
    assert bill(files).one("EFS/storage-ia").quantity == Decimal(4)


def test_a_table_is_charged_as_the_account_measures_it(seen, bill):
    table = seen("AWS::DynamoDB::Table", {"Bytes": 3 * GIB}, BillingMode="PAY_PER_REQUEST")
    assert bill(table).one("DynamoDB/storage", "It").quantity == Decimal(3)


def test_a_recovery_point_is_charged_where_the_service_keeps_no_snapshot(seen, bill):
    files = bill(seen(POINT, {"Bytes": 2 * GIB}, ResourceType="EFS")).one("Backup/storage")
    assert files.quantity == Decimal(2)
    database = bill(seen(POINT, {"Bytes": 2 * GIB}, ResourceType="RDS")).one("Backup/storage")
    assert database.kind is LineKind.FREE


def test_a_vault_of_an_account_is_its_recovery_points(seen, bill):
    assert not bill(seen("AWS::Backup::BackupVault", {})).of("Backup/storage")
