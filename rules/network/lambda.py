"""Functions: who may invoke them."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, absent, rule
from analyzer.policy.fixes import OWN_ACCOUNT


@rule("NET-LAM-01", severity="critical", on="AWS::Lambda::Permission")
def function_policy_does_not_admit_everyone(permission: Resource) -> Fail | None:
    """Function policy does not admit everyone.

    A permission for everyone lets any AWS account run the code and charge it to this one, unless
    the caller is named by its ARN, account or organisation.

    Fix: name the principal, or set SourceArn, SourceAccount or PrincipalOrgID.
    Source: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda".
    """
    if permission.Principal != "*":
        return None
    narrowed = (permission.SourceArn, permission.SourceAccount, permission.PrincipalOrgID)
    if all(absent(value) for value in narrowed):
        return Fail(
            "may be used by everyone to invoke the function",
            at="Principal",
            fix=Fix(set={"Principal": OWN_ACCOUNT}, note="name other accounts that need it"),
        )


@rule("NET-LAM-02", severity="high", on="AWS::Lambda::Url")
def function_address_asks_for_authentication(url: Resource) -> Fail | None:
    """Function address asks for authentication.

    An address without authentication runs the code for whoever knows it.

    Fix: set AuthType to AWS_IAM, or put CloudFront with an origin access control in front.
    Source: AWS Lambda Developer Guide, "Control access to Lambda function URLs".
    """
    if url.AuthType == "NONE":
        return Fail(
            "answers whoever calls it",
            at="AuthType",
            fix=Fix(set={"AuthType": "AWS_IAM"}, note="let its callers sign their requests"),
        )
