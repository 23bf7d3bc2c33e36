"""Storage, logs, keys and the rest: amounts worked out by hand, in Paris."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analyzer.cost_lines import LineKind
from analyzer.unknown import Reference

PARIS = "eu-west-3"


@pytest.fixture
def priced(aws, bill):
    """The bill of one resource in Paris under its usage."""

    def make(type_, usage=None, **properties):
        return bill(aws(type_, region=PARIS, **properties), usage={"It": usage} if usage else {})

    return make


def test_bucket_by_class_and_requests(priced):
    lines = priced(
        "AWS::S3::Bucket",
        {
            "storage_gib": 1024,
            "standard_ia_gib": 100,
            "glacier_gib": 100,
            "deep_archive_gib": 1000,
            "put_requests": 100_000,
            "get_requests": 2_000_000,
            "transitions": 10_000,
        },
    )
    assert lines.usd("S3/storage-standard") == Decimal("24.58")  # 1,024 x 0.024
    assert lines.usd("S3/storage-standard-ia") == Decimal("1.31")  # 100 x 0.0131
    assert lines.one("S3/storage-glacier").usd == Decimal("0.405")  # 100 x 0.00405
    assert lines.usd("S3/storage-deep-archive") == Decimal("1.80")  # 1,000 x 0.0018
    # 100,000 x 0.0000053 + 2 M x 0.00000042 + 10,000 x 0.0000318 = 0.53 + 0.84 + 0.318
    assert lines.usd("S3/requests") == Decimal("1.69")


def test_transitions_go_where_the_lifecycle_says(priced):
    rules = [{"Status": "Enabled", "Transitions": [{"StorageClass": "DEEP_ARCHIVE"}]}]
    lines = priced(
        "AWS::S3::Bucket", {"transitions": 1000}, LifecycleConfiguration={"Rules": rules}
    )
    assert lines.of("S3/requests")[-1].usd == Decimal("0.06")  # 1,000 x 0.00006


def test_files_with_provisioned_throughput(priced):
    lines = priced(
        "AWS::EFS::FileSystem",
        {"storage_gib": 500, "ia_storage_gib": 100},
        ThroughputMode="provisioned",
        ProvisionedThroughputInMibps=100,
    )
    assert lines.usd("EFS/storage") == Decimal("165.00")  # 500 x 0.33
    assert lines.usd("EFS/storage-ia") == Decimal("2.61")  # 100 x 0.0261
    # (100 - 500 / 20 = 75) x 6.60: three times the storage
    assert lines.usd("EFS/provisioned-throughput") == Decimal("495.00")


def test_files_under_elastic_throughput(priced):
    lines = priced(
        "AWS::EFS::FileSystem", {"read_gib": 100, "write_gib": 10}, ThroughputMode="elastic"
    )
    assert lines.usd("EFS/elastic-throughput") == Decimal("3.70")  # 100 x 0.03 + 10 x 0.07
    assert not lines.of("EFS/provisioned-throughput")


def test_files_in_one_zone(priced):
    lines = priced("AWS::EFS::FileSystem", {"storage_gib": 100}, AvailabilityZoneName="eu-west-3a")
    assert lines.usd("EFS/storage") == Decimal("17.60")  # 100 x 0.176


def test_backups_by_what_they_are_of(priced):
    usage = {"storage_gib": {"EFS": 500, "RDS": 100, "S3": 20}}
    # 500 x 0.055 + 100 x 0.10 + 20 x 0.055
    assert priced("AWS::Backup::BackupVault", usage).usd("Backup/storage") == Decimal("38.60")


@pytest.mark.parametrize(
    ("type_", "usage", "properties", "name", "usd"),
    [
        ("AWS::ECR::Repository", {"storage_gib": 10}, {}, "ECR/storage", "1.00"),
        # 105 x 0.5985, 5 GiB of it free
        ("AWS::Logs::LogGroup", {"ingested_gib": 105}, {}, "CloudWatch/logs-ingested", "59.85"),
        ("AWS::Logs::LogGroup", {"stored_gib": 100}, {}, "CloudWatch/logs-stored", "3.15"),
        (
            "AWS::Logs::LogGroup",
            {"ingested_gib": 10},
            {"LogGroupClass": "INFREQUENT_ACCESS"},
            "CloudWatch/logs-ingested",
            "2.99",
        ),
        ("AWS::EC2::FlowLog", {"ingested_gib": 20}, {}, "CloudWatch/logs-ingested", "11.97"),
        (
            "AWS::EC2::FlowLog",
            {"ingested_gib": 10},
            {"LogDestinationType": "s3"},
            "CloudWatch/logs-ingested",
            "2.50",
        ),
        ("AWS::CloudWatch::CompositeAlarm", None, {}, "CloudWatch/alarms", "0.50"),
        ("AWS::CloudWatch::Alarm", None, {"Period": 10}, "CloudWatch/alarms", "0.30"),
        ("AWS::KMS::Key", None, {}, "KMS/keys", "1.00"),
        # 120,000 x 0.000003, 20,000 of them free
        ("AWS::KMS::Key", {"requests": 120_000}, {}, "KMS/requests", "0.30"),
        ("AWS::Lambda::Function", {"requests": 3_000_000}, {}, "Lambda/requests", "0.40"),
        # 500,000 x 0.0000166667, 400,000 of them free
        ("AWS::Lambda::Function", {"gb_seconds": 500_000}, {}, "Lambda/duration", "1.67"),
        ("AWS::SQS::Queue", {"requests": 3_000_000}, {}, "SQS/requests", "0.80"),
        ("AWS::SNS::Topic", {"requests": 3_000_000}, {}, "SNS/requests", "1.00"),
        ("AWS::SNS::Topic", {"emails": 2000}, {}, "SNS/requests", "0.02"),
    ],
)
def test_one_component(priced, type_, usage, properties, name, usd):
    assert priced(type_, usage, **properties).usd(name) == Decimal(usd)


@pytest.mark.parametrize(
    ("usage", "kind"),
    [({}, LineKind.FREE), ({"Group": {"ingested_gib": 105}}, LineKind.PRICED)],
)
def test_what_flow_logs_deliver_is_charged_once(aws, bill, usage, kind):
    group = aws("AWS::Logs::LogGroup", "Group", region=PARIS)
    log = aws("AWS::EC2::FlowLog", "Log", region=PARIS, LogGroupName=Reference("main/Group"))
    assert bill(group, log, usage=usage).one("CloudWatch/logs-ingested", "Group").kind is kind


def test_the_first_ten_alarms_are_free(aws, bill):
    alarms = [aws("AWS::CloudWatch::Alarm", f"Alarm{index}", region=PARIS) for index in range(12)]
    lines = bill(*alarms)
    assert lines.gross() == Decimal("1.20")  # 12 x 0.10
    assert lines.usd("CloudWatch/alarms") == Decimal("0.20")


def test_an_alarm_on_an_expression_counts_its_metrics(aws, bill):
    metrics = [
        {"Id": "a", "MetricStat": {"Period": 60}},
        {"Id": "b", "MetricStat": {"Period": 60}},
        {"Id": "sum", "Expression": "a + b"},
    ]
    line = bill(aws("AWS::CloudWatch::Alarm", Metrics=metrics)).of("CloudWatch/alarms")[0]
    assert line.quantity == 2


def test_the_first_three_dashboards_are_free(aws, bill):
    boards = [aws("AWS::CloudWatch::Dashboard", f"Board{index}") for index in range(4)]
    lines = bill(*boards)
    assert lines.gross() == Decimal("12.00")  # 4 x 3
    assert lines.usd("CloudWatch/dashboards") == Decimal("3.00")


def test_a_metric_filter_makes_metrics(aws, bill):
    filters = [
        aws("AWS::Logs::MetricFilter", f"Filter{index}", MetricTransformations=[{}])
        for index in range(11)
    ]
    assert bill(*filters).usd("CloudWatch/metrics") == Decimal("0.30")  # 11 x 0.30, 10 free


def test_detailed_monitoring_makes_seven_metrics(aws, bill):
    machine = aws("AWS::EC2::Instance", InstanceType="t3.micro", Monitoring=True)
    assert bill(machine).of("CloudWatch/metrics")[0].quantity == 7


@pytest.mark.parametrize(
    ("users", "tier", "kind"),
    [
        (10_000, None, LineKind.FREE),
        (10_001, None, LineKind.NOT_PRICED),  # Essentials, the default, has no price in the book
        (100, "PLUS", LineKind.NOT_PRICED),
    ],
)
def test_users_by_plan(priced, users, tier, kind):
    properties = {"UserPoolTier": tier} if tier else {}
    lines = priced("AWS::Cognito::UserPool", {"monthly_active_users": users}, **properties)
    assert lines.one("Cognito/active-users").kind is kind


def test_users_of_the_lite_plan(priced):
    lines = priced("AWS::Cognito::UserPool", {"monthly_active_users": 20_000}, UserPoolTier="LITE")
    assert lines.usd("Cognito/active-users") == Decimal("55.00")  # 10,000 x 0.0055


def test_a_table_on_demand(priced):
    usage = {"storage_gib": 35, "read_units": 1_000_000, "write_units": 1_000_000}
    lines = priced("AWS::DynamoDB::Table", usage, BillingMode="PAY_PER_REQUEST")
    free = lines.of("DynamoDB/storage")[-1]
    assert free.quantity == -25
    # 1 M x 0.0000001487 + 1 M x 0.0000007423
    assert lines.usd("DynamoDB/capacity") == Decimal("0.89")


def test_a_provisioned_table_within_the_free_capacity(priced):
    throughput = {"ReadCapacityUnits": 25, "WriteCapacityUnits": "25"}
    lines = priced("AWS::DynamoDB::Table", ProvisionedThroughput=throughput)
    assert lines.usd("DynamoDB/capacity") == 0
