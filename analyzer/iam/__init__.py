"""Questions about IAM policies that several rules ask, one statement or one identity at a time.

Which of two policies allows more, and which paths lead from one principal to another, is not
answered here. Arguments come from templates and may be unknown: testing them is a choice point.
"""

from __future__ import annotations

from analyzer.iam.actions import action_sets
from analyzer.iam.conditions import narrowing
from analyzer.iam.escalation import Escalation, escalations, known_escalations
from analyzer.iam.federation import open_providers
from analyzer.iam.managed_policies import administrator_policy
from analyzer.iam.matching import action_matches, covers, grants, grants_any, is_every_resource
from analyzer.iam.policies import allowed, denies, statements_of
from analyzer.iam.principals import (
    account_of,
    asks_for,
    is_everyone,
    is_limited,
    lets_everyone_in,
    open_statements,
)
from analyzer.iam.statements import Statement, statements
from analyzer.iam.transport import denies_clear_text

__all__ = [
    "Escalation",
    "Statement",
    "account_of",
    "action_matches",
    "action_sets",
    "administrator_policy",
    "allowed",
    "asks_for",
    "covers",
    "denies",
    "denies_clear_text",
    "escalations",
    "grants",
    "grants_any",
    "is_every_resource",
    "is_everyone",
    "is_limited",
    "known_escalations",
    "lets_everyone_in",
    "narrowing",
    "open_providers",
    "open_statements",
    "statements",
    "statements_of",
]
