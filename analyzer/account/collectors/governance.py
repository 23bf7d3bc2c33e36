"""Who watches the account: trails and recorders."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

COLLECTORS = (
    Collector(
        "AWS::CloudTrail::Trail",
        (
            Call(
                "cloudtrail", "DescribeTrails", "trailList[]", fixed={"includeShadowTrails": False}
            ),
        ),
        arn="TrailARN",
        names=("Name",),
        properties={
            "TrailName": "Name",
            **same(
                "S3BucketName IsMultiRegionTrail IncludeGlobalServiceEvents IsOrganizationTrail"
            ),
            "EnableLogFileValidation": "LogFileValidationEnabled",
            "KMSKeyId": "KmsKeyId",
            "CloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn",
        },
        links={"S3BucketName": "AWS::S3::Bucket", "KMSKeyId": "AWS::KMS::Key"},
        reads=(
            Read(
                Call("cloudtrail", "GetTrailStatus", given={"Name": "TrailARN"}),
                properties={"IsLogging": "IsLogging"},
            ),
        ),
    ),
    Collector(
        "AWS::Config::ConfigurationRecorder",
        (Call("config", "DescribeConfigurationRecorders", "ConfigurationRecorders[]"),),
        arn="arn:{partition}:config:{region}:{account}:config-recorder/{name}",
        names=("name",),
        properties={
            "Name": "name",
            "RoleARN": "roleARN",
            "RecordingGroup": "recordingGroup.{AllSupported: allSupported,"
            " IncludeGlobalResourceTypes: includeGlobalResourceTypes}",
        },
        reads=(
            Read(
                Call(
                    "config",
                    "DescribeConfigurationRecorderStatus",
                    given={"ConfigurationRecorderNames": "[name]"},
                ),
                live={"Recording": "ConfigurationRecordersStatus[0].recording"},
            ),
        ),
    ),
)
