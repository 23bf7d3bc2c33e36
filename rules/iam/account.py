"""The root user, the passwords, and the credentials of the users of an account."""

from __future__ import annotations

from datetime import date

from analyzer.ages import days_since
from analyzer.policy import Fail, Resource, Skip, absent, rule

ACCOUNT = "AWS::::Account"
USER = "AWS::IAM::User"


@rule("IAM-ACC-01", severity="critical", on=ACCOUNT, where="accounts")
def root_has_no_access_key(account: Resource) -> Fail | None:
    """Root user has no access key.

    A key of the root user may do everything, and nothing can limit it.

    Fix: delete the root user's keys; use roles.
    Source: IAM User Guide, "Root user best practices for your AWS account".
    """
    if account.Live.RootAccessKeys != 0:
        return Fail("has an access key for its root user")


@rule("IAM-ACC-02", severity="critical", on=ACCOUNT, where="accounts")
def root_has_a_second_factor(account: Resource) -> Fail | None:
    """Root user has a second factor.

    Without it the account belongs to whoever learns one password.

    Fix: register a second factor for the root user.
    Source: IAM User Guide, "Multi-factor authentication for AWS account root user".
    """
    if not account.Live.RootMfaEnabled:
        return Fail("asks its root user for a password only")


@rule("IAM-ACC-03", severity="critical", on=ACCOUNT, where="accounts")
def root_second_factor_is_hardware(account: Resource) -> Fail | Skip | None:
    """Root user's second factor is a hardware device.

    What a phone shows is copied with the phone, or by whoever restores its backup.

    Fix: register a hardware key for the root user, and remove the virtual device.
    Source: IAM User Guide, "Multi-factor authentication for AWS account root user".
    """
    if not account.Live.RootMfaEnabled:
        return Skip("has no second factor at all")
    if account.Live.RootMfaIsVirtual:
        return Fail("has a virtual device as the second factor of its root user")


@rule("IAM-ACC-04", severity="high", on=ACCOUNT, where="accounts")
def root_is_not_used_day_to_day(
    account: Resource, today: date, *, root_unused_days: int = 1
) -> Fail | None:
    """Root user is not used day to day.

    What the root user does, nothing limits, and nobody in particular did it.

    Fix: work with roles; keep the root user for what only it can do.
    Source: IAM User Guide, "Root user best practices for your AWS account".
    """
    root = account.Live.Root
    used = [root.PasswordLastUsed, *(key.LastUsed for key in root.AccessKeys)]
    ages = [days_since(moment, today) for moment in used if not absent(moment)]
    if ages and min(ages) <= root_unused_days:
        return Fail(f"used its root user {min(ages)} days ago")


@rule("IAM-ACC-05", severity="medium", on=ACCOUNT, where="accounts")
def passwords_are_long(account: Resource, *, account_password_length: int = 14) -> Fail | None:
    """Passwords of users have 14 characters or more.

    Short passwords are found by trying; without a policy AWS accepts eight characters.

    Fix: set the minimum length in the account's password policy.
    Source: IAM User Guide, "Set an account password policy for IAM users".
    """
    policy = account.Live.PasswordPolicy
    if absent(policy):
        return Fail("has no password policy: AWS's default of 8 characters stands")
    if policy.MinimumPasswordLength < account_password_length:
        return Fail(f"accepts passwords of {policy.MinimumPasswordLength} characters")


@rule("IAM-ACC-07", severity="medium", on="AWS::::Region", where="accounts")
def access_analyzer_is_on(region: Resource) -> Fail | None:
    """Access analyzer is on in the region.

    It tells when something becomes open to another account or to everybody.

    Fix: create an analyzer of the account, or of the organisation, in each region.
    Source: IAM User Guide, "Using AWS Identity and Access Management Access Analyzer".
    """
    if not region.Live.ActiveAnalyzers:
        return Fail("has no active access analyzer")


@rule("IAM-USR-01", severity="high", on=USER, where="accounts")
def console_user_has_a_second_factor(user: Resource) -> Fail | Skip | None:
    """User with a password has a second factor.

    A password is guessed, reused and phished.

    Fix: register a second factor for the user, or remove the password.
    Source: IAM User Guide, "AWS Multi-factor authentication in IAM".
    """
    if not user.Live.PasswordEnabled:
        return Skip("has no password")
    if not user.Live.MfaActive:
        return Fail("signs in with a password only")


@rule("IAM-USR-02", severity="medium", on=USER, where="accounts")
def access_keys_are_young(
    user: Resource, today: date, *, access_key_days: int = 90
) -> list[Fail] | Skip:
    """Access keys are changed every 90 days.

    The older a key is, the more places it was copied to.

    Fix: make a new key, change it where it is used, and delete the old one; better, use a role.
    Source: IAM User Guide, "Manage access keys for IAM users".
    """
    active = [key for key in user.Live.AccessKeys if key.Active]
    if not active:
        return Skip("has no active key")
    ages = {key.Number: days_since(key.LastRotated, today) for key in active}
    return [
        Fail(f"has an active key that is {age} days old")
        for age in ages.values()
        if age > access_key_days
    ]


@rule("IAM-USR-03", severity="medium", on=USER, where="accounts")
def unused_credentials_are_disabled(
    user: Resource, today: date, *, unused_credential_days: int = 45
) -> list[Fail] | Skip:
    """Credentials that nobody uses are disabled.

    Nobody misses them, and nobody sees that somebody else uses them.

    Fix: remove the password, or deactivate the key.
    Source: IAM User Guide, "Find unused AWS credentials".
    """
    password = user.Live.PasswordEnabled
    keys = [key for key in user.Live.AccessKeys if key.Active]
    if not password and not keys:
        return Skip("has no credentials")
    last = user.Live.PasswordLastUsed if password else ""
    since = user.Live.PasswordLastChanged if absent(last) else last
    unused = {"a password": since} if password else {}
    for key in keys:
        moment = key.LastRotated if absent(key.LastUsed) else key.LastUsed
        unused[f"key {key.Number}"] = moment
    return [
        Fail(f"has {name} that was not used for {age} days")
        for name, moment in unused.items()
        if (age := days_since(moment, today)) > unused_credential_days
    ]
