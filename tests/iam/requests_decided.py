"""Requests to an account, decided."""

from __future__ import annotations

from typing import Any

from analyzer.iam.evaluation import (
    Decision,
    decide,
)
from analyzer.iam.grants import Layer, layer
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import service_reference

HOME, AWAY = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/ann"
ROLE = f"arn:aws:iam::{HOME}:role/app/reader"
SESSION_ARN = f"arn:aws:sts::{HOME}:assumed-role/reader/morning"
SERVICE_ROLE = f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForBatch/1"
OBJECT = "arn:aws:s3:::data/report"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
TRUSTING = f"arn:aws:iam::{HOME}:role/target"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY: dict[str, Any] = {**ALLOW, "Effect": "Deny"}
OTHER: dict[str, Any] = {**ALLOW, "Action": "sqs:*"}  # allows, but nothing that is asked here


def to(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "*"}


def compiled(statements: list[Any], kind: str = "identity") -> Layer:
    document = {"Version": "2012-10-17", "Statement": statements}
    return layer([document], service_reference(), kind=kind)


def decided(
    principal: str = f"AWS:{USER}",
    *,
    action: str = "s3:GetObject",
    on: str = OBJECT,
    context: dict[str, Any] | None = None,
    identity: list[Any] = [],  # noqa: B006 - read only
    resource: list[Any] = [],  # noqa: B006
    boundary: list[Any] = [],  # noqa: B006
    session: list[Any] = [],  # noqa: B006
    scps: list[list[Any]] = [],  # noqa: B006
    rcps: list[list[Any]] = [],  # noqa: B006
    owner: str = HOME,
) -> Decision:
    return decide(
        Request(action, on, principal, context or {}),
        identity=compiled(identity),
        boundary=compiled(boundary),
        session=compiled(session),
        scps=[compiled(level) for level in scps],
        rcps=[compiled(level) for level in rcps],
        resource=compiled(resource, "resource"),
        principal_account=HOME if principal.startswith("AWS:") else "",
        resource_account=owner,
    )


DENIED, REFUSED = "explicit deny", "implicit deny"
BY_USER = {"principal": f"AWS:{USER}"}
BY_SESSION = {"principal": f"AWS:{SESSION_ARN}"}
BY_ROOT = {"principal": f"AWS:arn:aws:iam::{HOME}:root"}
BY_SERVICE = {"principal": "Service:sns.amazonaws.com"}
ABROAD = {"owner": AWAY}
USE_KEY = {"action": "kms:Decrypt", "on": KEY}
ASSUME = {"action": "sts:AssumeRole", "on": TRUSTING}
