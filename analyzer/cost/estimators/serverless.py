"""AWS Lambda, Amazon SQS, Amazon SNS and Amazon DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analyzer.cost.registry import Charge, Context, estimator, number, truth
from analyzer.cost.schedule import HOURS
from analyzer.model import Resource

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_TABLE = "AWS::DynamoDB::Table"


def _suffix(function: Resource) -> tuple[str, str]:
    arm = "arm64" in function.Architectures
    return (".arm", "arm") if arm else ("", "x86")


@estimator(*_FUNCTIONS, name="Lambda/requests")
def invocations(function: Resource, context: Context) -> Charge:
    """Invocations."""
    suffix, variant = _suffix(function)
    count = context.usage.amount("requests")
    return Charge(f"lambda.requests{suffix}", count.value, count.assumption, variant=variant)


@estimator(*_FUNCTIONS, name="Lambda/duration")
def duration(function: Resource, context: Context) -> Charge:
    """GB-seconds: memory x time."""
    suffix, variant = _suffix(function)
    used = context.usage.amount("gb_seconds")
    return Charge(f"lambda.duration{suffix}", used.value, used.assumption, variant=variant)


@estimator("AWS::SQS::Queue", name="SQS/requests")
def queue_requests(queue: Resource, context: Context) -> Charge:
    """Requests, each 64 KiB counting as one."""
    count = context.usage.amount("requests")
    kind = "fifo" if truth(queue.FifoQueue) else "standard"
    return Charge(f"sqs.{kind}", count.value, count.assumption)


@estimator("AWS::SNS::Topic", name="SNS/requests")
def publications(topic: Resource, context: Context) -> Iterator[Charge]:
    """Publications, and what they send by e-mail."""
    count = context.usage.amount("requests")
    yield Charge("sns.request", count.value, count.assumption)
    if context.usage.declared("emails") is not None:
        sent = context.usage.amount("emails")
        yield Charge("sns.email", sent.value, sent.assumption)


@estimator(_TABLE, name="DynamoDB/storage")
def table_storage(table: Resource, context: Context) -> Charge:
    """GiB in the table."""
    stored = context.usage.amount("storage_gib")
    return Charge("dynamodb.storage", stored.value, stored.assumption, variant="after free 25 GB")


@estimator(_TABLE, name="DynamoDB/capacity")
def table_capacity(table: Resource, context: Context) -> Iterator[Charge]:
    """Provisioned units every hour, or the requests of an on-demand table."""
    if table.BillingMode == "PAY_PER_REQUEST":
        for kind in ("read", "write"):
            units = context.usage.amount(f"{kind}_units")
            yield Charge(f"dynamodb.ondemand.{kind}", units.value, units.assumption)
        return
    throughput = table.ProvisionedThroughput
    for kind, units in (
        ("read", throughput.ReadCapacityUnits),
        ("write", throughput.WriteCapacityUnits),
    ):
        yield Charge(f"dynamodb.provisioned.{kind}", number(units) * HOURS)


@estimator(_TABLE, name="DynamoDB/point-in-time-recovery")
def table_recovery(table: Resource, context: Context) -> Charge | None:
    """GiB under point-in-time recovery."""
    if not truth(table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled):
        return None
    stored = context.usage.amount("storage_gib", Decimal(0))
    return Charge("dynamodb.pitr", stored.value, stored.assumption)
