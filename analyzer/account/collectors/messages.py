"""Queues and topics, and the policies that say who may use them."""

from __future__ import annotations

from dataclasses import replace

from analyzer.account.collector import Call, Collector, Mapped, Read, same

_QUEUE = "AWS::SQS::Queue"
_TOPIC = "AWS::SNS::Topic"
_KEY = "AWS::KMS::Key AWS::KMS::Alias"
_NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_QUEUES = (
    # Without a size of pages, SQS gives the first thousand and no way to the others.
    Call("sqs", "ListQueues", "QueueUrls[]", fixed={"MaxResults": 1000}),
    Call(
        "sqs",
        "GetQueueAttributes",
        "Attributes",
        given={"QueueUrl": "value"},
        fixed={"AttributeNames": ["All"]},
        absent=_NO_QUEUE,
    ),
)
_TOPICS = (
    Call("sns", "ListTopics", "Topics[]"),
    Call(
        "sns",
        "GetTopicAttributes",
        "Attributes",
        given={"TopicArn": "TopicArn"},
        absent=("NotFound",),
    ),
)


def _numbers(names: str) -> dict[str, Mapped]:
    return {name: f"to_number({name})" for name in names.split()}


COLLECTORS = (
    Collector(
        _QUEUE,
        _QUEUES,
        arn="QueueArn",
        names=("_parent.value", "last_of(QueueArn, ':')"),
        properties={
            "QueueName": "last_of(QueueArn, ':')",
            "KmsMasterKeyId": "KmsMasterKeyId",
            "SqsManagedSseEnabled": "SqsManagedSseEnabled == 'true'",
            "FifoQueue": "FifoQueue == 'true'",
            "ContentBasedDeduplication": "ContentBasedDeduplication == 'true'",
            **same("DeduplicationScope FifoThroughputLimit"),
            **_numbers(
                "MessageRetentionPeriod VisibilityTimeout DelaySeconds MaximumMessageSize"
                " KmsDataKeyReusePeriodSeconds ReceiveMessageWaitTimeSeconds"
            ),
            "RedrivePolicy": "from_json(RedrivePolicy)",
            "RedriveAllowPolicy": "from_json(RedriveAllowPolicy)",
        },
        links={"KmsMasterKeyId": _KEY, "RedrivePolicy.deadLetterTargetArn": _QUEUE},
        reads=(
            Read(
                Call("sqs", "ListQueueTags", given={"QueueUrl": "_parent.value"}, absent=_NO_QUEUE),
                properties={"Tags": "entries(Tags, 'Key', 'Value')"},
            ),
        ),
    ),
    Collector(
        "AWS::SQS::QueuePolicy",
        (_QUEUES[0], replace(_QUEUES[1], items="[Attributes][?Policy]")),
        arn="join('/', [QueueArn, 'policy'])",
        properties={"Queues": "[_parent.value]", "PolicyDocument": "from_json(Policy)"},
        links={"Queues": _QUEUE},
    ),
    Collector(
        _TOPIC,
        _TOPICS,
        arn="TopicArn",
        names=("last_of(TopicArn, ':')",),
        properties={
            "TopicName": "last_of(TopicArn, ':')",
            "DisplayName": "DisplayName",
            "KmsMasterKeyId": "KmsMasterKeyId",
            "FifoTopic": "FifoTopic == 'true'",
            "ContentBasedDeduplication": "ContentBasedDeduplication == 'true'",
            "SignatureVersion": "SignatureVersion",
            "TracingConfig": "TracingConfig",
        },
        links={"KmsMasterKeyId": _KEY},
        reads=(
            Read(
                Call(
                    "sns",
                    "ListSubscriptionsByTopic",
                    given={"TopicArn": "TopicArn"},
                    absent=("NotFound",),
                ),
                properties={
                    "Subscription": "Subscriptions[].{Protocol: Protocol, Endpoint: Endpoint}"
                },
            ),
            Read(
                Call("sns", "ListTagsForResource", given={"ResourceArn": "TopicArn"}),
                properties={"Tags": "Tags"},
            ),
        ),
    ),
    Collector(
        "AWS::SNS::TopicPolicy",
        (_TOPICS[0], replace(_TOPICS[1], items="[Attributes][?Policy]")),
        arn="join('/', [TopicArn, 'policy'])",
        properties={"Topics": "[TopicArn]", "PolicyDocument": "from_json(Policy)"},
        links={"Topics": _TOPIC},
    ),
)
