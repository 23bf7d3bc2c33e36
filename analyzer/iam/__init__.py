"""The policy language decided: what policies allow, whom they let in, and which allows more.

Arguments come from templates and may be unknown: testing them is a choice point, and what cannot be
decided raises `Undecided`.
"""

from __future__ import annotations

from analyzer.iam.actions import action_sets
from analyzer.iam.documents import policy_document
from analyzer.iam.escalation import (
    Escalation,
    Way,
    escalations,
    known_escalations,
    open_escalations,
)
from analyzer.iam.exposure import Exposure, account_in
from analyzer.iam.grants import Grant, Rule, grant_of, layer
from analyzer.iam.holders import (
    StackWorld,
    attached_holders,
    document_of,
    documents_of,
    escalations_together,
    inline_holder,
    whole_holder,
)
from analyzer.iam.identities import (
    Power,
    Stars,
    actions_without_effect,
    administration,
    effective_services,
    grants_everything,
    passing,
    power_of,
    stars,
    unknown_actions,
    whole_services,
)
from analyzer.iam.inclusion import Comparison, allows_more, in_every_case
from analyzer.iam.managed_policies import administrator_policy, managed_document
from analyzer.iam.openings import exposure_of
from analyzer.iam.permissions import Holder, Reach, widest
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import ServiceReference, service_reference
from analyzer.iam.statements import Statement, statements
from analyzer.iam.transport import denies_clear_text

__all__ = [
    "Comparison",
    "Escalation",
    "Exposure",
    "Grant",
    "Holder",
    "Power",
    "Reach",
    "Request",
    "Rule",
    "ServiceReference",
    "StackWorld",
    "Stars",
    "Statement",
    "Way",
    "account_in",
    "action_sets",
    "actions_without_effect",
    "administration",
    "administrator_policy",
    "allows_more",
    "attached_holders",
    "denies_clear_text",
    "document_of",
    "documents_of",
    "effective_services",
    "escalations",
    "escalations_together",
    "exposure_of",
    "grant_of",
    "grants_everything",
    "in_every_case",
    "inline_holder",
    "known_escalations",
    "layer",
    "managed_document",
    "open_escalations",
    "passing",
    "policy_document",
    "power_of",
    "service_reference",
    "stars",
    "statements",
    "unknown_actions",
    "whole_holder",
    "whole_services",
    "widest",
]
