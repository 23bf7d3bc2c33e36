"""DynamoDB: tables. A global table is seen as its replica in each region."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_GONE = ("ResourceNotFoundException",)  # deleted since it was listed

COLLECTORS = (
    Collector(
        "AWS::DynamoDB::Table",
        (
            Call("dynamodb", "ListTables", "TableNames[]"),
            Call("dynamodb", "DescribeTable", "Table", given={"TableName": "value"}, absent=_GONE),
        ),
        arn="TableArn",
        names=("TableName",),
        properties={
            **same(
                "TableName KeySchema AttributeDefinitions DeletionProtectionEnabled"
                " StreamSpecification"
            ),
            "BillingMode": "BillingModeSummary.BillingMode || 'PROVISIONED'",
            "ProvisionedThroughput": (
                "ProvisionedThroughput.{ReadCapacityUnits: ReadCapacityUnits,"
                " WriteCapacityUnits: WriteCapacityUnits}"
            ),
            "TableClass": "TableClassSummary.TableClass",
            "GlobalSecondaryIndexes": (
                "GlobalSecondaryIndexes[].{IndexName: IndexName, KeySchema: KeySchema,"
                " Projection: Projection, ProvisionedThroughput: ProvisionedThroughput}"
            ),
            "SSESpecification": (
                "SSEDescription.{SSEEnabled: contains(['ENABLED', 'ENABLING', 'UPDATING'], Status),"
                " SSEType: SSEType, KMSMasterKeyId: KMSMasterKeyArn}"
            ),
        },
        links={"SSESpecification.KMSMasterKeyId": "AWS::KMS::Key"},
        live={
            "Status": "TableStatus",
            "Created": "CreationDateTime",
            "Bytes": "TableSizeBytes",
        },
        reads=(
            Read(
                Call(
                    "dynamodb",
                    "DescribeContinuousBackups",
                    given={"TableName": "TableName"},
                ),
                properties={
                    "PointInTimeRecoverySpecification": (
                        "ContinuousBackupsDescription.PointInTimeRecoveryDescription."
                        "{PointInTimeRecoveryEnabled: PointInTimeRecoveryStatus == 'ENABLED',"
                        " RecoveryPeriodInDays: RecoveryPeriodInDays}"
                    )
                },
            ),
            Read(
                Call("dynamodb", "ListTagsOfResource", given={"ResourceArn": "TableArn"}),
                properties={"Tags": "Tags"},
            ),
        ),
    ),
)
