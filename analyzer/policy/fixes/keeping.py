"""How long things are kept: beyond their stack, and logs for a number of days."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.model import Resource

# Policies that leave the data, or a snapshot of them. AWS CloudFormation User Guide,
# "DeletionPolicy attribute".
KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
# Amazon CloudWatch Logs API Reference, PutRetentionPolicy: the days that it takes.
_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def outliving(resource: Resource, policy: str) -> Fix:
    """Keep what the resource holds when its stack goes and when an update replaces it."""
    stated = {
        "DeletionPolicy": resource.deletion_policy,
        "UpdateReplacePolicy": resource.update_replace_policy,
    }
    return Fix(attributes={name: policy for name, value in stated.items() if value not in KEPT})


def log_retention(days: int) -> int:
    """The shortest time, of those that CloudWatch Logs takes, that is not below some days."""
    return next((taken for taken in _DAYS if taken >= days), _DAYS[-1])
