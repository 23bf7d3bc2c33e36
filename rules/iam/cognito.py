"""How the users of a pool prove who they are."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, rule

CLASSES = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")


@rule("IAM-COG-01", severity="medium", on="AWS::Cognito::UserPool")
def pool_asks_for_a_second_factor(
    pool: Resource, *, second_factor: tuple[str, ...] = ("ON",)
) -> Fail | None:
    """User pool asks for a second factor.

    A password that was used elsewhere and leaked there opens the account.

    Fix: set MfaConfiguration to ON; a profile that accepts OPTIONAL names it in second_factor.
    Source: Amazon Cognito Developer Guide, "Adding MFA to a user pool".
    """
    if pool.MfaConfiguration not in second_factor:
        return Fail(
            f"has its second factor {pool.MfaConfiguration}",
            at="MfaConfiguration",
            fix=Fix(
                set={"MfaConfiguration": "ON"},
                note="let users who have no second factor set one up when they sign in",
            ),
        )


@rule("IAM-COG-02", severity="medium", on="AWS::Cognito::UserPool")
def pool_passwords_are_strong(
    pool: Resource, *, password_length: int = 14, password_classes: tuple[str, ...] = CLASSES
) -> Fail | None:
    """User pool passwords are strong.

    Short passwords of few kinds of characters are guessed by machine.

    Fix: set MinimumLength and the Require settings of the password policy.
    Source: Amazon Cognito Developer Guide, "Passwords, account recovery, and password policies".
    """
    policy = pool.Policies.PasswordPolicy
    strong = {"MinimumLength": password_length, **dict.fromkeys(password_classes, True)}
    fix = {"Policies": {"PasswordPolicy": strong}}
    if not policy:
        return Fail("sets no password policy", at="Policies", fix=fix)
    if not policy.MinimumLength or policy.MinimumLength < password_length:
        return Fail(
            f"accepts passwords of {policy.MinimumLength or 8} characters; the policy asks for "
            f"{password_length}",
            at=policy.at("MinimumLength"),
            fix=fix,
        )
    missing = [name for name in password_classes if not getattr(policy, name)]
    if missing:
        return Fail(
            f"does not ask of passwords: {', '.join(missing)}",
            at=policy,
            fix={"Policies": {"PasswordPolicy": dict.fromkeys(missing, True)}},
        )


@rule("IAM-COG-03", severity="medium", on="AWS::Cognito::UserPool")
def pool_acts_on_threats(pool: Resource) -> Fail | None:
    """User pool threat protection is enforced.

    Sign-ins with leaked passwords or from unlikely places are stopped, not only noted.

    Fix: set AdvancedSecurityMode of UserPoolAddOns to ENFORCED.
    Source: Amazon Cognito Developer Guide, "Advanced security with threat protection".
    """
    if pool.UserPoolAddOns.AdvancedSecurityMode != "ENFORCED":
        return Fail(
            "does not act on suspicious sign-ins",
            at="UserPoolAddOns",
            fix=Fix(
                set={
                    "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
                    "UserPoolTier": "PLUS",
                },
                note="keep AUDIT for two weeks first: it learns how users sign in",
            ),
        )
