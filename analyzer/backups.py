"""Which resources the backup plans of an inventory select.

AWS Backup Developer Guide, "Assigning resources": what `Resources` or `ListOfTags` names is
selected; `Conditions` and `NotResources` narrow it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from analyzer.model import Inventory, Props, Resource
from analyzer.unknown import Partial, Reference, Undecided, Unknown, choose

# The ARN before the id that AWS or the template chooses, and the property that names the id.
_ARNS = {
    "AWS::DynamoDB::Table": ("dynamodb:{region}:{account}:table/", "TableName"),
    "AWS::EC2::Instance": ("ec2:{region}:{account}:instance/", ""),
    "AWS::EC2::Volume": ("ec2:{region}:{account}:volume/", ""),
    "AWS::EFS::FileSystem": ("elasticfilesystem:{region}:{account}:file-system/", ""),
    "AWS::RDS::DBCluster": ("rds:{region}:{account}:cluster:", "DBClusterIdentifier"),
    "AWS::RDS::DBInstance": ("rds:{region}:{account}:db:", "DBInstanceIdentifier"),
    "AWS::S3::Bucket": ("s3:::", "BucketName"),
}
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\(\S+ \S+ (?P<days>\S+) (?P<months>\S+) (?P<weekdays>\S+)( \S+)?\)")
_EVERY = {"*", "?", "*/1", "1/1"}
_TAG = "aws:ResourceTag/"
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "StringEquals": operator.eq,
    "StringNotEquals": operator.ne,
    "StringLike": fnmatchcase,
    "StringNotLike": lambda value, wanted: not fnmatchcase(value, wanted),
}


def is_backed_up(resource: Resource, inventory: Inventory) -> bool:
    """Whether a backup selection of the inventory takes the resource in; may be a choice point."""
    return any(
        _selects(selection.BackupSelection, resource)
        for selection in inventory.of("AWS::Backup::BackupSelection")
    )


def runs_daily(expression: str) -> bool:
    """Whether a schedule (cron or rate, as AWS Backup takes them) comes every day or oftener."""
    rate = _RATE.fullmatch(expression)
    if rate is not None:
        return rate[2] != "day" or rate[1] == "1"
    cron = _CRON.fullmatch(expression)
    return cron is not None and {cron["days"], cron["months"], cron["weekdays"]} <= _EVERY


def _selects(selection: Props, resource: Resource) -> bool:
    if any(_has_tag(resource, tag) for tag in selection.ListOfTags):
        return True
    return (
        any(_names(arn, resource) for arn in selection.Resources)
        and not any(_names(arn, resource) for arn in selection.NotResources)
        and _meets(resource, selection.Conditions)
    )


def _names(arn: Any, resource: Resource) -> bool:
    """Whether an ARN, or a pattern of ARNs, names the resource."""
    if isinstance(arn, Reference):
        return arn.target == resource.key
    if isinstance(arn, Unknown):
        key = ("names", arn.key, resource.key)
        return choose(key, arn.subject, f"is the ARN of {resource.id}", arn.reason)
    prefix, name = _arn(resource)
    if isinstance(arn, Partial):
        targets = {part.target for part in arn.parts if isinstance(part, Reference)}
        if targets or not _may_start(arn.head, prefix):
            return resource.key in targets
        raise Undecided(f"`{arn}`", "has a part that is not known")
    return fnmatchcase(f"{prefix}{name}", arn)


def _arn(resource: Resource) -> tuple[str, str]:
    """The known beginning of a resource's ARN, and its id; an id of its own where AWS chooses."""
    pattern, named_by = _ARNS.get(resource.type, ("{type}:", ""))
    known = pattern.format(region=resource.region, account=resource.account, type=resource.type)
    name = resource.properties.get(named_by)
    partition = "aws-cn" if resource.region.startswith("cn-") else "aws"
    return f"arn:{partition}:{known}", name if isinstance(name, str) else f"\0{resource.key}"


def _may_start(head: str, prefix: str) -> bool:
    return head.startswith(prefix) or prefix.startswith(head) or "*" in head


def _tags(resource: Resource) -> Iterator[Props]:
    tags: Iterable[Props] = (
        resource.FileSystemTags if resource.type == "AWS::EFS::FileSystem" else resource.Tags
    )
    yield from tags


def _has_tag(resource: Resource, wanted: Props) -> bool:
    return any(
        tag.Key == wanted.ConditionKey and tag.Value == wanted.ConditionValue
        for tag in _tags(resource)
    )


def _meets(resource: Resource, conditions: Any) -> bool:
    """Whether the resource's tags meet every condition."""
    for name, compare in _OPERATORS.items():
        for wanted in getattr(conditions, name):
            key = wanted.ConditionKey.removeprefix(_TAG)
            values = [tag.Value for tag in _tags(resource) if tag.Key == key]
            if not values and "Not" not in name:
                return False
            if not all(compare(value, wanted.ConditionValue) for value in values):
                return False
    return True
