"""The documented order of policy evaluation: one row for each sentence of AWS's pages."""

from __future__ import annotations

from typing import Any

import pytest
from requests_decided import (
    ABROAD,
    ALLOW,
    ASSUME,
    AWAY,
    BY_ROOT,
    BY_SERVICE,
    BY_SESSION,
    DENIED,
    DENY,
    HOME,
    OTHER,
    REFUSED,
    ROLE,
    SERVICE_ROLE,
    SESSION_ARN,
    USE_KEY,
    USER,
    decided,
    to,
)

from analyzer.iam.evaluation import (
    BOUNDARY,
    IDENTITY,
    RCP,
    RESOURCE,
    ROOT,
    SCP,
    SESSION,
)

ORDER: list[tuple[str, dict[str, Any], str, str]] = [
    # How AWS enforcement code logic evaluates requests to allow or deny access
    ("every request is denied unless something allows it", {}, REFUSED, IDENTITY),
    ("but those of the root user, who may do anything", BY_ROOT, "allow", ROOT),
    (
        "a denial wins over whatever allows",
        {"identity": [ALLOW, DENY]},
        DENIED,
        IDENTITY,
    ),
    ("wherever it stands: SCP", {"identity": [ALLOW], "scps": [[ALLOW, DENY]]}, DENIED, SCP),
    ("RCP", {"identity": [ALLOW], "rcps": [[ALLOW], [ALLOW, DENY]]}, DENIED, RCP),
    ("boundary", {"identity": [ALLOW], "boundary": [ALLOW, DENY]}, DENIED, BOUNDARY),
    ("session policy", {"identity": [ALLOW], "session": [ALLOW, DENY]}, DENIED, SESSION),
    (
        "resource policy",
        {"identity": [ALLOW], "resource": [to({"AWS": USER}, "Deny")]},
        DENIED,
        RESOURCE,
    ),
    (
        "also for the root user",
        {**BY_ROOT, "resource": [to("*", "Deny")]},
        DENIED,
        RESOURCE,
    ),
    (
        "a denial in an identity policy stops what the resource grants directly",
        {"identity": [DENY], "resource": [to({"AWS": USER})]},
        DENIED,
        IDENTITY,
    ),
    ("RCPs that allow nothing here deny", {"identity": [ALLOW], "rcps": [[OTHER]]}, REFUSED, RCP),
    (
        "RCPs are asked before SCPs",
        {"identity": [ALLOW], "rcps": [[OTHER]], "scps": [[OTHER]]},
        REFUSED,
        RCP,
    ),
    ("SCPs that allow nothing here deny", {"identity": [ALLOW], "scps": [[OTHER]]}, REFUSED, SCP),
    (
        "the root user of a member account is limited too",
        {**BY_ROOT, "scps": [[OTHER]]},
        REFUSED,
        SCP,
    ),
    (
        "each level of the organisation has to allow",
        {"identity": [ALLOW], "scps": [[ALLOW], [OTHER], [ALLOW]]},
        REFUSED,
        SCP,
    ),
    (
        "one policy of a level is enough",
        {"identity": [ALLOW], "scps": [[OTHER, ALLOW], [ALLOW]]},
        "allow",
        IDENTITY,
    ),
    (
        "an SCP grants nothing by itself",
        {"scps": [[ALLOW]], "boundary": [ALLOW]},
        REFUSED,
        IDENTITY,
    ),
    (
        "an SCP limits what a resource grants as well",
        {"resource": [to({"AWS": USER})], "scps": [[OTHER]]},
        REFUSED,
        SCP,
    ),
    # Resource-based policies, within an account
    ("one side is enough: identity", {"identity": [ALLOW]}, "allow", IDENTITY),
    ("one side is enough: resource", {"resource": [to({"AWS": USER})]}, "allow", RESOURCE),
    (
        "a grant to a user is not limited by a boundary that does not allow",
        {"resource": [to({"AWS": USER})], "boundary": [OTHER]},
        "allow",
        RESOURCE,
    ),
    (
        "a grant to a role is enough for its sessions",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})]},
        "allow",
        RESOURCE,
    ),
    (
        "a grant to a role is limited by its boundary",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "and by the session's policies",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})], "session": [OTHER]},
        REFUSED,
        SESSION,
    ),
    (
        "also where the request is told under the role's own name",
        {"principal": f"AWS:{ROLE}", "resource": [to({"AWS": ROLE})], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "a grant to a session is limited by neither",
        {
            **BY_SESSION,
            "resource": [to({"AWS": SESSION_ARN})],
            "boundary": [OTHER],
            "session": [OTHER],
        },
        "allow",
        RESOURCE,
    ),
    (
        "nor is a grant to everyone, be it that a condition names the role",
        {
            **BY_SESSION,
            "resource": [
                {**to("*"), "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}},
            ],
            "boundary": [OTHER],
            "context": {"aws:PrincipalArn": ROLE},
        },
        "allow",
        RESOURCE,
    ),
    (
        "a grant to the account is for its own policies to pass on",
        {"resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    # Identity policies, boundaries, session policies
    ("identity policies that do not allow deny", {"identity": [OTHER]}, REFUSED, IDENTITY),
    (
        "a boundary that does not allow denies",
        {"identity": [ALLOW], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "a session policy that does not allow denies",
        {**BY_SESSION, "identity": [ALLOW], "boundary": [ALLOW], "session": [OTHER]},
        REFUSED,
        SESSION,
    ),
    (
        "what all of them allow goes through",
        {
            **BY_SESSION,
            "identity": [ALLOW],
            "boundary": [ALLOW],
            "session": [ALLOW],
            "scps": [[ALLOW]],
            "rcps": [[ALLOW]],
        },
        "allow",
        IDENTITY,
    ),
    # Trust policies and key policies
    (
        "a key's policy has to allow, even within the account",
        {**USE_KEY, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "a key's policy that trusts the account leaves it to identity policies",
        {**USE_KEY, "identity": [ALLOW], "resource": [to({"AWS": HOME})]},
        "allow",
        IDENTITY,
    ),
    (
        "which then have to allow",
        {**USE_KEY, "resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    (
        "a key's policy that names the user is enough",
        {**USE_KEY, "resource": [to({"AWS": USER})]},
        "allow",
        RESOURCE,
    ),
    (
        "a request about no key has no such policy",
        {"action": "kms:ListKeys", "on": "*", "identity": [ALLOW]},
        "allow",
        IDENTITY,
    ),
    (
        "the root user is told in a key's policy as well",
        {**USE_KEY, **BY_ROOT},
        REFUSED,
        RESOURCE,
    ),
    (
        "a role's trust policy has to allow",
        {**ASSUME, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "naming the user is enough",
        {**ASSUME, "resource": [to({"AWS": USER})]},
        "allow",
        RESOURCE,
    ),
    (
        "naming the account is not",
        {**ASSUME, "resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    # Cross-account policy evaluation logic
    (
        "across accounts both sides have to allow: the resource does not",
        {**ABROAD, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "the identity does not",
        {**ABROAD, "resource": [to({"AWS": USER})]},
        REFUSED,
        IDENTITY,
    ),
    (
        "both do",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": USER})]},
        "allow",
        IDENTITY,
    ),
    (
        "everyone is no principal without policies of its own",
        {**ABROAD, "resource": [to("*")]},
        REFUSED,
        IDENTITY,
    ),
    (
        "a boundary limits across accounts, be the user named or not",
        {
            **ABROAD,
            "identity": [ALLOW],
            "boundary": [OTHER],
            "resource": [to({"AWS": USER})],
        },
        REFUSED,
        BOUNDARY,
    ),
    (
        "the other account has to trust: another one is not this one",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": AWAY})]},
        REFUSED,
        RESOURCE,
    ),
    (
        "its account is",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": f"arn:aws:iam::{HOME}:root"})]},
        "allow",
        IDENTITY,
    ),
    (
        "the root user of the other account needs no policy of its own",
        {**ABROAD, **BY_ROOT, "resource": [to({"AWS": HOME})]},
        "allow",
        ROOT,
    ),
    # Principals without policies of their own
    (
        "a service is let in by the resource alone",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})]},
        "allow",
        RESOURCE,
    ),
    ("or not at all", {**BY_SERVICE, "identity": [ALLOW]}, REFUSED, RESOURCE),
    (
        "SCPs do not bind a service",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})], "scps": [[DENY]]},
        "allow",
        RESOURCE,
    ),
    (
        "RCPs do",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})], "rcps": [[DENY]]},
        DENIED,
        RCP,
    ),
    (
        "neither binds the roles that are a service's own",
        {
            "principal": f"AWS:{SERVICE_ROLE}",
            "identity": [ALLOW],
            "scps": [[DENY]],
            "rcps": [[DENY]],
        },
        "allow",
        IDENTITY,
    ),
    (
        "nobody known is let in by a grant to everyone",
        {"principal": "", "resource": [to("*")]},
        "allow",
        RESOURCE,
    ),
    (
        "NotPrincipal denies all but those named",
        {
            "identity": [ALLOW],
            "resource": [{"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "*"}],
        },
        DENIED,
        RESOURCE,
    ),
]


@pytest.mark.parametrize(
    ("policies", "verdict", "where"),
    [pytest.param(*row[1:], id=row[0]) for row in ORDER],
)
def test_the_documented_order(policies: dict[str, Any], verdict: str, where: str) -> None:
    decision = decided(**policies)
    assert (decision.verdict, decision.layer) == (verdict, where)
    assert decision.allowed is (verdict == "allow")
