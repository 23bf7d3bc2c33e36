"""What a rule file imports: the decorator, the results that a rule gives, and the model.

Everything else of a rule is plain Python over a `Resource`; see `CONTRIBUTING.md`.
"""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.model import Inventory, PropertyPath, Props, Resource
from analyzer.policy.rule import Fail, Skip, rule
from analyzer.unknown import absent

__all__ = [
    "Fail",
    "Fix",
    "Inventory",
    "PropertyPath",
    "Props",
    "Resource",
    "Skip",
    "absent",
    "rule",
]
