"""AWS Secrets Manager, AWS KMS, Parameter Store and Amazon Cognito."""

from __future__ import annotations

from decimal import Decimal

from analyzer.cost.registry import Charge, Component, Context, Free, NotPriced, estimator, truth
from analyzer.model import Resource

_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - the name of a type
_KEY = "AWS::KMS::Key"
_FREE_USERS = 10_000  # of a Lite or Essentials pool, each month (Amazon Cognito pricing page)


@estimator(_SECRET, name="SecretsManager/secrets")
def secrets(secret: Resource, context: Context) -> Charge:
    """Each secret."""
    return Charge("secretsmanager.secret", Decimal(1))


@estimator(_SECRET, name="SecretsManager/api-calls")
def secret_calls(secret: Resource, context: Context) -> Charge:
    """Calls that read the secret."""
    return context.charged("secretsmanager.api", "api_calls")


@estimator(_KEY, "AWS::KMS::ReplicaKey", name="KMS/keys")
def keys(key: Resource, context: Context) -> Charge:
    """Each key that the customer manages; its first two rotations add one each."""
    rotates = truth(key.EnableKeyRotation)
    why = "before its first rotation, which adds as much again" if rotates else ""
    return Charge("kms.key", Decimal(1), why)


@estimator(_KEY, name="KMS/requests")
def key_requests(key: Resource, context: Context) -> Charge:
    """Symmetric requests."""
    return context.charged("kms.request", "requests")


@estimator("AWS::SSM::Parameter", name="SSM/parameters")
def parameters(parameter: Resource, context: Context) -> Component:
    """Standard parameters are free."""
    if parameter.Tier == "Advanced":
        return NotPriced("advanced parameters are not in the price book")
    return Free("standard parameters cost nothing")


@estimator("AWS::Cognito::UserPool", name="Cognito/active-users")
def active_users(pool: Resource, context: Context) -> Component:
    """Monthly active users who sign in to the pool itself.

    The price book has one scale, that of the plan called Lite.
    """
    users = context.usage.amount("monthly_active_users")
    plan = pool.UserPoolTier or "ESSENTIALS"
    if plan == "PLUS":
        return NotPriced("the plan PLUS is not in the price book")
    if users.value <= _FREE_USERS:
        return Free(f"{users.assumption}; up to {_FREE_USERS:,} users a month cost nothing")
    if plan != "LITE":
        return NotPriced(f"the plan {plan} above {_FREE_USERS:,} users is not in the price book")
    billed = users.value - _FREE_USERS
    why = f"{users.assumption}; the first {_FREE_USERS:,} cost nothing"
    return Charge("cognito.mau.legacy", billed, why)
