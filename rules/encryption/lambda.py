"""Functions: no secret in clear."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule
from analyzer.secrets import secret_variable


@rule("ENC-LAM-02", severity="high", on="AWS::Lambda::Function")
def variables_of_functions_hold_no_secret(function: Resource) -> list[Fail]:
    """Function variables hold no secret.

    Whoever may describe the function reads its variables.

    Fix: give the function the ARN of the secret, and let it read the secret by its role.
    Source: AWS Lambda Developer Guide, "Working with Lambda environment variables".
    """
    variables = function.Environment.Variables
    return [
        Fail(f"holds {found} in a plain variable", at=variables.at(name))
        for name in variables
        if (found := secret_variable(name, variables[name]))
    ]
