"""Master passwords."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, Skip, absent, rule
from analyzer.secrets import shown_parameter, written_secret

MANAGED = Fix(
    set={"ManageMasterUserPassword": True},
    remove=("MasterUserPassword",),
    note="let the application read the password from the secret that RDS keeps",
)


@rule(
    "IAM-RDS-04",
    severity="critical",
    on=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    where="templates",
)
def master_password_is_not_written_down(db: Resource) -> Fail | Skip | None:
    """Master password is not written in the template.

    A password in a template is in the repository, in its history, and on every laptop that has it.
    The value of a parameter without NoEcho is shown to whoever may describe the stack.

    Fix: set ManageMasterUserPassword to true, or refer to a secret of Secrets Manager.
    Source: Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager".
    """
    if db.DBClusterIdentifier and db.type == "AWS::RDS::DBInstance":
        return Skip("its cluster has the master user")
    password = db.MasterUserPassword
    if absent(password):
        return None
    if written_secret(password):
        return Fail(
            "has its master password written in the template", at="MasterUserPassword", fix=MANAGED
        )
    if shown_parameter(password):
        return Fail(
            "takes its master password from a parameter without NoEcho",
            at="MasterUserPassword",
            fix=MANAGED,
        )
