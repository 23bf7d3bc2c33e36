"""What is seen of it all: logs, metrics, alarms and dashboards."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, same

_GROUP = "AWS::Logs::LogGroup"
_ALARM_FIELDS = (
    "AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions"
    " MetricName Namespace Statistic Period EvaluationPeriods DatapointsToAlarm Threshold"
    " ComparisonOperator TreatMissingData Dimensions Metrics ExtendedStatistic"
)

COLLECTORS = (
    Collector(
        _GROUP,
        (Call("logs", "DescribeLogGroups", "logGroups[]"),),
        arn="logGroupArn || arn",
        names=("logGroupName", "arn"),
        properties={
            "LogGroupName": "logGroupName",
            "RetentionInDays": "retentionInDays",
            "KmsKeyId": "kmsKeyId",
            "LogGroupClass": "logGroupClass",
        },
        links={"KmsKeyId": "AWS::KMS::Key"},
        never="Tags",
        live={"StoredBytes": "storedBytes"},
    ),
    Collector(
        "AWS::Logs::MetricFilter",
        (Call("logs", "DescribeMetricFilters", "metricFilters[]"),),
        arn="join(':', ['arn:aws:logs', logGroupName, 'metric-filter', filterName])",
        names=("filterName",),
        properties={
            "LogGroupName": "logGroupName",
            "FilterName": "filterName",
            "FilterPattern": "filterPattern",
            "MetricTransformations": "metricTransformations[].{MetricName: metricName,"
            " MetricNamespace: metricNamespace, MetricValue: metricValue}",
        },
        links={"LogGroupName": _GROUP},
    ),
    Collector(
        "AWS::CloudWatch::Alarm",
        (Call("cloudwatch", "DescribeAlarms", "MetricAlarms[]"),),
        arn="AlarmArn",
        names=("AlarmName",),
        properties=same(_ALARM_FIELDS),
    ),
    Collector(
        "AWS::CloudWatch::CompositeAlarm",
        (
            Call(
                "cloudwatch",
                "DescribeAlarms",
                "CompositeAlarms[]",
                fixed={"AlarmTypes": ["CompositeAlarm"]},
            ),
        ),
        arn="AlarmArn",
        names=("AlarmName",),
        properties=same("AlarmName AlarmRule ActionsEnabled AlarmActions"),
    ),
    Collector(
        "AWS::CloudWatch::Dashboard",
        (Call("cloudwatch", "ListDashboards", "DashboardEntries[]"),),
        arn="DashboardArn",
        names=("DashboardName",),
        properties=same("DashboardName"),
    ),
)
