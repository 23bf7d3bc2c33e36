"""Which resources the backup plans of an inventory select, and how often they run.

AWS Backup Developer Guide, "Assigning resources to a backup plan", and API Reference,
"BackupSelection": what `Resources` or `ListOfTags` names is selected, everything where a selection
has neither; `NotResources` and `Conditions` narrow it. A plan reaches its own account and region.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from analyzer.exploration import token
from analyzer.model import Inventory, Props, Resource
from analyzer.network import all_hold
from analyzer.template.regions import partition_of
from analyzer.unknown import Open, Partial, Reference, Unknown, absent, choose, show

# The ARN before the id that AWS or the template chooses, and the property that names the id.
_ARNS = {
    "AWS::DynamoDB::Table": ("dynamodb:{region}:{account}:table/", "TableName"),
    "AWS::EC2::Instance": ("ec2:{region}:{account}:instance/i-", ""),
    "AWS::EC2::Volume": ("ec2:{region}:{account}:volume/vol-", ""),
    "AWS::EFS::FileSystem": ("elasticfilesystem:{region}:{account}:file-system/fs-", ""),
    "AWS::RDS::DBCluster": ("rds:{region}:{account}:cluster:", "DBClusterIdentifier"),
    "AWS::RDS::DBInstance": ("rds:{region}:{account}:db:", "DBInstanceIdentifier"),
    "AWS::S3::Bucket": ("s3:::", "BucketName"),
}
_HOLE = "\0"  # stands in no ARN, so that a wildcard alone takes it in
# The fields of cron(minutes hours day-of-month month day-of-week year) from the third on, as they
# are written for every day.
_DAILY = (
    {"*", "?", "*/1", "1/1", "1-31"},
    {"*", "*/1", "1/1", "1-12", "JAN-DEC"},
    {"*", "?", "*/1", "1/1", "1-7", "SUN-SAT", "MON-SUN"},
    {"*"},
)
_CRON = re.compile(r"CRON\((?P<fields>[^()]+)\)")
_RATE = re.compile(r"RATE\((?P<count>\d+) (?P<unit>MINUTE|HOUR|DAY)S?\)")
_HOURS = {"MINUTE": 1 / 60, "HOUR": 1, "DAY": 24}
_TAG = "aws:ResourceTag/"


def is_backed_up(resource: Resource, inventory: Inventory) -> bool:
    """Whether a backup selection of the inventory takes the resource in; may be a choice point.

    Raises `Undecided` where none does that is known, but some selections are not.
    """
    selections = inventory.of("AWS::Backup::BackupSelection")
    return not all_hold(*(partial(_leaves_out, selection, resource) for selection in selections))


def runs_daily(expression: Any) -> bool:
    """Whether a schedule (cron or rate) comes every day or oftener; may be a choice point."""
    if isinstance(expression, Unknown):
        if expression.allowed is not None:
            return any(expression == value for value in expression.allowed if _is_daily(value))
        return _runs_daily(expression, expression.subject, expression.reason)
    if isinstance(expression, Partial):
        # A hole holds one field: a schedule would not be written around a part of several.
        if _is_daily(_filled(expression, "0")) or not _is_daily(_filled(expression, "*")):
            return _is_daily(_filled(expression, "0"))
        return _runs_daily(expression, f"`{expression}`", "has a part that is not known")
    return _is_daily(expression)


def _runs_daily(expression: Open, subject: str, reason: str) -> bool:
    return choose(("runs daily", token(expression)), subject, "is a daily schedule", reason)


def _is_daily(expression: Any) -> bool:
    text = f"{expression}".upper()
    rate, cron = _RATE.fullmatch(text), _CRON.fullmatch(text)
    if rate is not None:
        return int(rate["count"]) * _HOURS[rate["unit"]] <= _HOURS["DAY"]
    days = cron["fields"].split()[2:] if cron is not None else []
    enough = len(days) in (len(_DAILY) - 1, len(_DAILY))
    return enough and all(day in every for day, every in zip(days, _DAILY, strict=False))


def _filled(text: Partial, filling: str) -> str:
    return "".join(part if isinstance(part, str) else filling for part in text.parts)


def _leaves_out(selection: Resource, resource: Resource) -> bool:
    if (selection.region, selection.account) != (resource.region, resource.account):
        return True
    chosen = selection.BackupSelection
    return (
        not _takes_in(chosen, resource)
        or any(_names(arn, resource) for arn in chosen.NotResources)
        or not _meets(resource, chosen.Conditions)
    )


def _takes_in(chosen: Props, resource: Resource) -> bool:
    if not chosen.ListOfTags and not chosen.Resources:
        return True
    tagged = any(_has_tag(resource, tag) for tag in chosen.ListOfTags)
    return tagged or any(_names(arn, resource) for arn in chosen.Resources)


def _names(pattern: Any, resource: Resource) -> bool:
    """Whether an ARN, or a pattern of ARNs, names the resource."""
    if isinstance(pattern, Reference):
        return pattern.target == resource.key
    key = ("names", token(pattern), resource.key)
    predicate = f"is the ARN of {resource.id}"
    if isinstance(pattern, Unknown):
        return choose(key, pattern.subject, predicate, pattern.reason)
    own = _arn(resource)
    if isinstance(pattern, Partial):
        targets = {part.target for part in pattern.parts if isinstance(part, Reference)}
        if targets or not _may_match(own, _filled(pattern, "*")):
            return resource.key in targets
        return choose(key, f"`{pattern}`", predicate, "has a part that is not known")
    if _surely_matches(own, pattern) or not _may_match(own, pattern):
        return _surely_matches(own, pattern)
    return choose(key, f"the ARN of {resource.id}", f"is like {show(pattern)}", "is not known")


def _arn(resource: Resource) -> str | Partial:
    """A resource's ARN; with a hole where its id is not known."""
    if resource.id.startswith("arn:"):
        return resource.id
    pattern, named_by = _ARNS.get(resource.type, ("{type}:", ""))
    known = pattern.format(region=resource.region, account=resource.account, type=resource.type)
    prefix = f"arn:{partition_of(resource.region)}:{known}"
    name = getattr(resource, named_by) if named_by else Reference(resource.key)
    if absent(name):
        name = Reference(resource.key)
    elif resource.type.startswith("AWS::RDS::"):
        name = name.lower()  # as RDS keeps it
    return Partial(prefix, name) if isinstance(name, Open) else f"{prefix}{name}"


def _surely_matches(arn: str | Partial, pattern: str) -> bool:
    return fnmatchcase(_filled(arn, _HOLE) if isinstance(arn, Partial) else arn, pattern)


def _may_match(arn: str | Partial, pattern: str) -> bool:
    """Whether a pattern matches the ARN, or may by what is not known of it."""
    if isinstance(arn, str) or _surely_matches(arn, pattern):
        return _surely_matches(arn, pattern)
    wanted, known = pattern.split(":", 5), arn.head.split(":", 5)
    literal, wildcard, _ = re.split(r"([*?]|$)", wanted[-1], maxsplit=1)
    if not wildcard and any(isinstance(part, Reference) for part in arn.parts):
        return False  # an id that AWS chooses stands in no template that makes the resource
    return len(wanted) < len(known) or (
        all(fnmatchcase(have, want) for have, want in zip(known[:5], wanted[:5], strict=True))
        and (literal.startswith(known[5]) or known[5].startswith(literal))
    )


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


def _is_like(value: Any, pattern: Any) -> bool:
    if isinstance(value, Open) or isinstance(pattern, Open):
        key = ("is like", token(value), token(pattern))
        return choose(key, show(value), f"is like {show(pattern)}", "is not known")
    return fnmatchcase(value, pattern)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "StringEquals": operator.eq,
    "StringNotEquals": operator.ne,
    "StringLike": _is_like,
    "StringNotLike": lambda value, pattern: not _is_like(value, pattern),
}


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
