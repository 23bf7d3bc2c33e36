"""Questions about IAM policies that several rules ask, one statement at a time.

What several policies allow together, and which paths lead from one principal to another, is not
answered here. Arguments come from templates and may be unknown: testing them is a choice point.
"""

from __future__ import annotations

from analyzer.iam.actions import action_sets, escalations
from analyzer.iam.matching import action_matches, grants, grants_any, is_every_resource
from analyzer.iam.policies import allowed, documents_of
from analyzer.iam.principals import account_of, is_everyone, is_limited, lets_everyone_in
from analyzer.iam.statements import Statement, statements
from analyzer.iam.transport import denies_clear_text

__all__ = [
    "Statement",
    "account_of",
    "action_matches",
    "action_sets",
    "allowed",
    "denies_clear_text",
    "documents_of",
    "escalations",
    "grants",
    "grants_any",
    "is_every_resource",
    "is_everyone",
    "is_limited",
    "lets_everyone_in",
    "statements",
]
