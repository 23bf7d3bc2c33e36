"""Access points of file systems."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("IAM-EFS-01", severity="medium", on="AWS::EFS::AccessPoint")
def access_point_imposes_a_user(point: Resource) -> Fail | None:
    """Access point imposes a user.

    Without one, each client says itself which user it is.

    Fix: set PosixUser.
    Source: Amazon EFS User Guide, "Enforcing a user identity using an access point".
    """
    if not point.PosixUser:
        return Fail("takes the user that the client names", at="PosixUser")
