"""Roles and users: who may take them, and what is attached to them."""

from __future__ import annotations

from analyzer.iam import administrator_policy, exposure_of
from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import own_account_only, with_managed_profile


def _administrator(identity: Resource) -> list[Fail]:
    return [
        Fail(f"carries {policy}", at="ManagedPolicyArns")
        for arn in identity.ManagedPolicyArns
        if (policy := administrator_policy(arn))
    ]


@rule("IAM-ROLE-01", severity="high", on="AWS::IAM::Role")
def role_is_no_administrator(role: Resource) -> list[Fail]:
    """Administrator policy is not attached to a role.

    A workload that is taken over hands its role to whoever took it. IAMFullAccess is as good as
    AdministratorAccess, and PowerUserAccess comes near it.

    Fix: attach a policy with the actions and resources that the workload needs.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return _administrator(role)


@rule("IAM-USR-05", severity="high", on=("AWS::IAM::User", "AWS::IAM::Group"))
def user_is_no_administrator(user: Resource) -> list[Fail]:
    """User is not an administrator.

    Keys of users are long-lived, and leave on laptops and in repositories.

    Fix: give people roles through IAM Identity Center, and users the few actions they need.
    Source: IAM User Guide, "Security best practices in IAM", section on human users.
    """
    return _administrator(user)


@rule("IAM-ROLE-02", severity="critical", on="AWS::IAM::Role")
def role_trusts_named_principals(role: Resource) -> list[Fail]:
    """Trust policy names its principals.

    A role that trusts everyone can be taken by any AWS account in the world; one that trusts a
    code host without asking for the repository, by every repository there.

    Fix: name the services, accounts or roles, or limit by organisation in a condition; limit the
        subject (such as token.actions.githubusercontent.com:sub) of a shared identity provider.
    Source: IAM User Guide, "AWS JSON policy elements: Principal" and "Create a role for OpenID
        Connect federation (console)".
    """
    trust = list(exposure_of(role.AssumeRolePolicyDocument, role, is_trust=True).by_statement())
    everyone = [
        Fail(
            "can be assumed by everyone",
            at=(*statement.at, "Principal"),
            fix=own_account_only(statement),
        )
        for statement, alone in trust
        if alone.opening
    ]
    customers = [
        Fail(f"can be assumed by every customer of {host}", at=(*statement.at, "Condition"))
        for statement, alone in trust
        for host in alone.open_providers
    ]
    return everyone + customers


@rule("IAM-ROLE-04", severity="medium", on="AWS::IAM::Role")
def foreign_accounts_prove_who_they_ask_for(
    role: Resource, *, trusted_accounts: tuple[str, ...] = ()
) -> list[Fail]:
    """Cross-account trust asks for an external id or an organisation.

    A service provider that holds many customers' roles can be made to use the wrong one.

    Fix: add a condition on sts:ExternalId, or on aws:PrincipalOrgID; name the accounts of the own
        organisation in trusted_accounts.
    Source: IAM User Guide, "The confused deputy problem".
    """
    trust = exposure_of(role.AssumeRolePolicyDocument, role, is_trust=True)
    return [
        Fail(f"trusts account {account} without further proof", at=(*statement.at, "Principal"))
        for statement, alone in trust.by_statement()
        for account in alone.unproven
        if account not in trusted_accounts
    ]


@rule("IAM-POL-14", severity="low", on="AWS::IAM::User")
def user_gets_policies_by_group(user: Resource) -> Fail | None:
    """Policies attach to groups or roles, not to users.

    Rights that each user carries are neither seen together nor taken away together.

    Fix: attach the policies to a group or, better, to a role that is assumed.
    Source: IAM User Guide, "Security best practices in IAM".
    """
    if user.Policies:
        return Fail("carries inline policies of its own", at="Policies")
    if user.ManagedPolicyArns:
        return Fail("has managed policies attached to itself", at="ManagedPolicyArns")


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
    elif server.LaunchTemplate and absent(server.IamInstanceProfile) and _template_of(server):
        return Skip("its launch template decides")
    else:
        profile, at = server.IamInstanceProfile, "IamInstanceProfile"
    if absent(profile):
        return Fail("runs without a role", at=at, fix=with_managed_profile(server))


def _template_of(server: Resource) -> Resource:
    stated = server.LaunchTemplate
    return stated.follow("LaunchTemplateId") or stated.follow("LaunchTemplateName")
