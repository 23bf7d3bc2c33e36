"""Queues and topics, and the policies that say who may use them."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read

_QUEUE = "AWS::SQS::Queue"
_TOPIC = "AWS::SNS::Topic"
_KEY = "AWS::KMS::Key AWS::KMS::Alias"
_QUEUES = (
    Call("sqs", "ListQueues", "QueueUrls[]"),
    Call(
        "sqs",
        "GetQueueAttributes",
        "Attributes",
        given={"QueueUrl": "value"},
        fixed={"AttributeNames": ["All"]},
        absent=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
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
            "MessageRetentionPeriod": "to_number(MessageRetentionPeriod)",
            "VisibilityTimeout": "to_number(VisibilityTimeout)",
            "RedrivePolicy": "from_json(RedrivePolicy)",
        },
        links={"KmsMasterKeyId": _KEY},
        never="Tags",
    ),
    Collector(
        "AWS::SQS::QueuePolicy",
        (_QUEUES[0], _QUEUES[1]),
        arn="join('/', [QueueArn, 'policy'])",
        properties={
            "Queues": "[_parent.value]",
            "PolicyDocument": "from_json(Policy) || {Statement: `[]`}",
        },
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
        },
        links={"KmsMasterKeyId": _KEY},
        never="Tags",
        reads=(
            Read(
                Call("sns", "ListSubscriptionsByTopic", given={"TopicArn": "TopicArn"}),
                properties={"Subscription": "Subscriptions[].{Protocol: Protocol}"},
            ),
        ),
    ),
    Collector(
        "AWS::SNS::TopicPolicy",
        _TOPICS,
        arn="join('/', [TopicArn, 'policy'])",
        properties={
            "Topics": "[TopicArn]",
            "PolicyDocument": "from_json(Policy) || {Statement: `[]`}",
        },
        links={"Topics": _TOPIC},
    ),
)
