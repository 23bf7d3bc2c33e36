"""Identity pools and guests."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, rule


@rule("NET-COG-01", severity="medium", on="AWS::Cognito::IdentityPool")
def identity_pool_refuses_guests(pool: Resource) -> Fail | None:
    """Identity pool refuses guests.

    A guest is anyone on the internet who knows the pool's id, and gets AWS credentials for it.

    Fix: set AllowUnauthenticatedIdentities to false.
    Source: Amazon Cognito Developer Guide, "Amazon Cognito identity pools".
    """
    if pool.AllowUnauthenticatedIdentities:
        return Fail(
            "gives AWS credentials to guests",
            at="AllowUnauthenticatedIdentities",
            fix=Fix(
                set={"AllowUnauthenticatedIdentities": False},
                note="let whoever came as a guest sign in",
            ),
        )
