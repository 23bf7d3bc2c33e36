"""Roles and users: who may take them, and what is attached to them."""

from __future__ import annotations

from analyzer.iam import Statement, account_of, is_limited, lets_everyone_in, statements
from analyzer.policy import Fail, Resource, Skip, absent, rule

ADMINISTRATOR = ":iam::aws:policy/AdministratorAccess"
EXTERNAL_ID = "sts:ExternalId"


def _administrator(identity: Resource) -> Fail | None:
    if any(arn.endswith(ADMINISTRATOR) for arn in identity.ManagedPolicyArns):
        return Fail("carries AdministratorAccess", at="ManagedPolicyArns")
    return None


@rule("IAM-ROLE-01", severity="high", on="AWS::IAM::Role")
def role_is_no_administrator(role: Resource) -> Fail | None:
    """Administrator policy is not attached to a role.

    A workload that is taken over hands its role to whoever took it.

    Fix: attach a policy with the actions and resources that the workload needs.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return _administrator(role)


@rule("IAM-USR-05", severity="high", on=("AWS::IAM::User", "AWS::IAM::Group"))
def user_is_no_administrator(user: Resource) -> Fail | None:
    """User is not an administrator.

    Keys of users are long-lived, and leave on laptops and in repositories.

    Fix: give people roles through IAM Identity Center, and users the few actions they need.
    Source: IAM User Guide, "Security best practices in IAM", section on human users.
    """
    return _administrator(user)


@rule("IAM-ROLE-02", severity="critical", on="AWS::IAM::Role")
def role_trusts_named_principals(role: Resource) -> list[Fail]:
    """Trust policy names its principals.

    A role that trusts everyone can be taken by any AWS account in the world.

    Fix: name the services, accounts or roles, or limit by organisation in a condition.
    Source: IAM User Guide, "How to use trust policies with IAM roles" and "AWS JSON policy
        elements: Principal".
    """
    return [
        Fail("can be assumed by everyone", at=statement.place("Principal"))
        for statement in statements(role.AssumeRolePolicyDocument)
        if lets_everyone_in(statement)
    ]


@rule("IAM-ROLE-04", severity="medium", on="AWS::IAM::Role")
def foreign_accounts_prove_who_they_ask_for(role: Resource) -> list[Fail]:
    """Cross-account trust asks for an external id or an organisation.

    A service provider that holds many customers' roles can be made to use the wrong one.

    Fix: add a condition on sts:ExternalId, or on aws:PrincipalOrgID.
    Source: IAM User Guide, "The confused deputy problem".
    """
    return [
        Fail(f"trusts account {account} without further proof", at=statement.place("Principal"))
        for statement in statements(role.AssumeRolePolicyDocument)
        if statement.allows and not is_limited(statement) and not _asks_external_id(statement)
        for account in dict.fromkeys(map(account_of, statement.principals))
        if account not in ("", role.account)
    ]


def _asks_external_id(statement: Statement) -> bool:
    conditions = statement.conditions or {}
    return any(EXTERNAL_ID in conditions[operator] for operator in conditions)


@rule("IAM-POL-14", severity="low", on="AWS::IAM::User")
def user_gets_policies_by_group(user: Resource) -> Fail | None:
    """Policies attach to groups or roles, not to users.

    Rights that each user carries are neither seen together nor taken away together.

    Fix: attach the policies to a group or, better, to a role that is assumed.
    Source: IAM User Guide, "Security best practices in IAM".
    """
    if user.Policies or user.ManagedPolicyArns:
        return Fail("carries policies of its own", at="Policies")


@rule("IAM-ROLE-05", severity="medium", on=("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"))
def server_has_a_role(server: Resource) -> Fail | Skip | None:
    """Server carries an instance profile.

    Without a role, keys are copied to the server, and neither Session Manager nor the CloudWatch
    agent works.

    Fix: set IamInstanceProfile.
    Source: IAM User Guide, "Use an IAM role to grant permissions to applications running on Amazon
        EC2 instances".
    """
    if server.type == "AWS::EC2::LaunchTemplate":
        profile, at = server.LaunchTemplateData.IamInstanceProfile, "LaunchTemplateData"
    elif server.LaunchTemplate and absent(server.IamInstanceProfile):
        return Skip("its launch template decides")
    else:
        profile, at = server.IamInstanceProfile, "IamInstanceProfile"
    if absent(profile):
        return Fail("runs without a role", at=at)
