"""What is seen of it all: logs, metrics, alarms and dashboards."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_GROUP = "AWS::Logs::LogGroup"
_ALARM_FIELDS = (
    "AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions"
    " MetricName Namespace Statistic Period EvaluationPeriods DatapointsToAlarm Threshold"
    " ComparisonOperator TreatMissingData Dimensions Metrics ExtendedStatistic"
    " EvaluateLowSampleCountPercentile ThresholdMetricId Unit"
)
_TAGS = Read(
    Call("cloudwatch", "ListTagsForResource", given={"ResourceARN": "AlarmArn"}),
    properties={"Tags": "Tags"},
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
        live={"StoredBytes": "storedBytes"},
        reads=(
            Read(
                Call(
                    "logs",
                    "ListTagsForResource",
                    given={"resourceArn": "logGroupArn || arn"},
                    absent=("ResourceNotFoundException",),
                ),
                properties={"Tags": "entries(tags, 'Key', 'Value')"},
            ),
        ),
    ),
    Collector(
        "AWS::Logs::MetricFilter",
        (Call("logs", "DescribeMetricFilters", "metricFilters[]"),),
        arn="arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}"
        ":metric-filter:{filterName}",
        names=("filterName",),
        properties={
            "LogGroupName": "logGroupName",
            "FilterName": "filterName",
            "FilterPattern": "filterPattern",
            "MetricTransformations": "metricTransformations[].{MetricName: metricName,"
            " MetricNamespace: metricNamespace, MetricValue: metricValue,"
            " DefaultValue: defaultValue, Unit: unit}",
        },
        links={"LogGroupName": _GROUP},
    ),
    Collector(
        "AWS::CloudWatch::Alarm",
        (Call("cloudwatch", "DescribeAlarms", "MetricAlarms[]"),),
        arn="AlarmArn",
        names=("AlarmName",),
        properties=same(_ALARM_FIELDS),
        reads=(_TAGS,),
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
        properties=same(
            "AlarmName AlarmDescription AlarmRule ActionsEnabled AlarmActions OKActions"
            " InsufficientDataActions ActionsSuppressor ActionsSuppressorWaitPeriod"
            " ActionsSuppressorExtensionPeriod"
        ),
        reads=(_TAGS,),
    ),
    Collector(
        "AWS::CloudWatch::Dashboard",
        (Call("cloudwatch", "ListDashboards", "DashboardEntries[]"),),
        arn="DashboardArn",
        names=("DashboardName",),
        properties=same("DashboardName"),
    ),
)
