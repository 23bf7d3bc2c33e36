"""Deny each service of a whole account in turn: no failure turns into a pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import audited
from emulator import Answer
from seeding import read_scenario, seed

ACCOUNT = read_scenario(Path(__file__).parents[2] / "fixtures" / "live" / "demo" / "account.yaml")
XML = (
    b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
)
JSON = (("x-amzn-ErrorType", "AccessDeniedException"), ("Content-Type", "application/json"))
SERVICES = (
    "apigateway", "autoscaling", "backup", "cloudfront", "cognito-idp", "dynamodb", "ec2", "ecr",
    "ecs", "elasticache", "elasticfilesystem", "elasticloadbalancing", "iam", "kms", "lambda",
    "logs", "monitoring", "rds", "route53", "s3", "secretsmanager", "sns", "sqs", "wafv2",
)  # fmt: skip


@pytest.fixture(scope="module")
def account(server, tmp_path_factory):
    """A whole account, and what is said of it when nothing is denied."""
    server.reset()
    seed(ACCOUNT, server.client)
    whole = audited(server.url, tmp_path_factory.mktemp("whole"))
    assert whole.run.complete, [line for line in whole.run.coverage if not line.complete]
    yield server, whole
    server.reset()


def refuse(service):
    def answer(request):
        if request.service != service:
            return None
        structured = service in ("s3", "ec2", "iam", "rds", "sns", "cloudfront", "route53")
        return Answer(403, XML if structured else b'{"message": "no"}', () if structured else JSON)

    return answer


def verdicts(audit):
    found = {}
    for finding in audit.run.judgements[0].findings:
        found.setdefault((finding.rule, finding.resource), set()).add(finding.verdict.value)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_denied_services_leave_doubt_and_no_pass(account, tmp_path, service):
    server, whole = account
    server.gate.fault = refuse(service)
    try:
        denied = audited(server.url, tmp_path / "denied")
    finally:
        server.gate.fault = None

    before, after = verdicts(whole), verdicts(denied)
    turned = [key for key, seen in before.items() if "FAIL" in seen and after.get(key) == {"PASS"}]
    assert turned == []
    refused = any(request.service == service for request in server.gate.requests)
    assert denied.run.complete is not refused
