"""Amazon CloudWatch: alarms, dashboards, metrics and logs."""

from __future__ import annotations

from decimal import Decimal

from analyzer.cost.book import GLOBAL
from analyzer.cost.estimators.ec2 import detailed_monitoring_metrics
from analyzer.cost.fleet import GROUP, INSTANCE, running
from analyzer.cost.registry import Charge, Context, Free, estimator, number
from analyzer.model import Resource, references_in
from analyzer.unknown import Absent

_LOGS = "AWS::Logs::LogGroup"
_FLOW_LOG = "AWS::EC2::FlowLog"
_STANDARD_SECONDS = 60  # alarms on shorter periods are of high resolution


@estimator("AWS::CloudWatch::Alarm", name="CloudWatch/alarms")
def alarms(alarm: Resource, context: Context) -> Charge:
    """Each metric that an alarm watches, at standard or high resolution."""
    queries = [query for query in alarm.Metrics if query.MetricStat]
    watched = max(len(queries), 1)
    periods = [query.MetricStat.Period for query in queries] or [alarm.Period]
    fast = any(number(period, _STANDARD_SECONDS) < _STANDARD_SECONDS for period in periods)
    kind = "high-resolution" if fast else "standard"
    why = f"{watched} metrics in its expression" if watched > 1 else ""
    return Charge(f"cloudwatch.alarm.{kind}", Decimal(watched), why)


@estimator("AWS::CloudWatch::CompositeAlarm", name="CloudWatch/alarms")
def composite_alarms(alarm: Resource, context: Context) -> Charge:
    """Each composite alarm."""
    return Charge("cloudwatch.alarm.composite", Decimal(1))


@estimator("AWS::CloudWatch::Dashboard", name="CloudWatch/dashboards")
def dashboards(dashboard: Resource, context: Context) -> Charge:
    """Each dashboard."""
    return Charge("cloudwatch.dashboard", Decimal(1), region=GLOBAL)


@estimator("AWS::Logs::MetricFilter", name="CloudWatch/metrics")
def filtered_metrics(metric_filter: Resource, context: Context) -> Charge:
    """Each metric that a filter makes of log lines."""
    made = len(list(metric_filter.MetricTransformations))
    return Charge("cloudwatch.metric", Decimal(made), "one series for each metric assumed")


@estimator(INSTANCE, GROUP, name="CloudWatch/metrics")
def detailed_monitoring(owner: Resource, context: Context) -> Charge | None:
    """The metrics of instances with detailed monitoring."""
    count = running(owner, context)
    metrics = detailed_monitoring_metrics(owner, count.value)
    if not metrics:
        return None
    why = f"detailed monitoring: 7 metrics x {count.value:f} instances"
    return Charge("cloudwatch.metric", metrics, why)


@estimator(_LOGS, name="CloudWatch/logs-ingested")
def logs_ingested(group: Resource, context: Context) -> Charge | Free:
    """GiB written, Standard or Infrequent Access class; flow logs are charged where they begin."""
    if context.usage.declared("ingested_gib") is None:
        for log in context.inventory.declared(_FLOW_LOG):
            if any(to.target == group.key for _, to in references_in(log.LogGroupName)):
                return Free(f"takes what {log.id} delivers, which is charged there")
    infrequent = group.LogGroupClass == "INFREQUENT_ACCESS"
    key = "cloudwatch.logs.ingest-ia" if infrequent else "cloudwatch.logs.ingest"
    return context.charged(key, "ingested_gib")


@estimator(_LOGS, name="CloudWatch/logs-stored")
def logs_stored(group: Resource, context: Context) -> Charge:
    """GiB kept, compressed; without RetentionInDays they are kept for ever."""
    kept = context.usage.amount("stored_gib")
    endless = "; kept for ever: RetentionInDays is not set"
    why = kept.assumption + (endless if isinstance(group.RetentionInDays, Absent) else "")
    return Charge("cloudwatch.logs.storage", kept.value, why)


@estimator(_FLOW_LOG, name="CloudWatch/logs-ingested")
def flow_logs(log: Resource, context: Context) -> Charge:
    """GiB of flow logs, to CloudWatch Logs or to S3."""
    to_s3 = log.LogDestinationType == "s3"
    key = "cloudwatch.logs.delivered-s3" if to_s3 else "cloudwatch.logs.vended"
    return context.charged(key, "ingested_gib")
