"""Templates changed in place: values by their paths, comments and layout as they were."""

from analyzer.template.editing.changes import (
    Append,
    Change,
    Put,
    Remove,
    UnfitError,
    is_function,
    same,
    value_at,
)
from analyzer.template.editing.diffs import unified_diff
from analyzer.template.editing.documents import changed

__all__ = [
    "Append",
    "Change",
    "Put",
    "Remove",
    "UnfitError",
    "changed",
    "is_function",
    "same",
    "unified_diff",
    "value_at",
]
