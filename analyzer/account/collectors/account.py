"""What is true of an account as a whole: its root user, its passwords, its switches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read
from analyzer.account.collectors.identity import REPORT, access_keys, credentials, told


def _root(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The root user's row of the credential report."""
    account = answer["_item"]["_parent"]["account"]
    for partition in ("aws", "aws-us-gov", "aws-cn"):
        row = credentials(answer, f"arn:{partition}:iam::{account}:root")
        if row:
            return {
                "MfaActive": told(row, "mfa_active"),
                "PasswordLastUsed": told(row, "password_last_used"),
                "AccessKeys": access_keys(row),
            }
    return {}


COLLECTORS = (
    Collector(
        "AWS::::Account",
        (Call("iam", "GetAccountSummary", "@"),),
        arn="arn:{partition}:iam::{account}:root",
        properties={},
        live={
            "RootAccessKeys": "SummaryMap.AccountAccessKeysPresent",
            "RootMfaEnabled": "SummaryMap.AccountMFAEnabled == `1`",
            "Users": "SummaryMap.Users",
        },
        reads=(
            Read(
                Call("iam", "GetAccountPasswordPolicy", absent=("NoSuchEntity",)),
                live={"PasswordPolicy": "PasswordPolicy"},
            ),
            Read(
                Call("iam", "ListVirtualMFADevices", fixed={"AssignmentStatus": "Assigned"}),
                live={
                    "RootMfaIsVirtual": "length(VirtualMFADevices[?ends_with(SerialNumber,"
                    " ':mfa/root-account-mfa-device')]) > `0`"
                },
            ),
            Read(REPORT, live={"Root": _root}),
            Read(
                Call(
                    "s3control",
                    "GetPublicAccessBlock",
                    given={"AccountId": "_parent.account"},
                    absent=("NoSuchPublicAccessBlockConfiguration",),
                    action="s3:GetAccountPublicAccessBlock",
                ),
                live={"PublicAccessBlock": "PublicAccessBlockConfiguration"},
            ),
        ),
    ),
)
