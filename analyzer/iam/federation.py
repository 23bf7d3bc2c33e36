"""Identity providers that many customers share: a trust has to say which of them is meant."""

from __future__ import annotations

from typing import Any

from analyzer.iam.conditions import TEXTS, Test, names_some, tests
from analyzer.iam.statements import Statement
from analyzer.model import Inventory
from analyzer.unknown import Open, Partial, Reference, Undecided, Unknown

# Which claim says whose token it is. IAM User Guide, "Create a role for OpenID Connect federation
# (console)", for GitHub; the providers' own pages on OpenID Connect with AWS for the others.
_CLAIMS = {
    "agent.buildkite.com": "sub",
    "app.terraform.io": "sub",
    "cognito-identity.amazonaws.com": "aud",
    "gitlab.com": "sub",
    "token.actions.githubusercontent.com": "sub",
}
# What stands before the customer in a subject: `repo:`, `project_path:`, `organization:`.
_LABEL = "[A-Za-z_-]+:"


def open_providers(statement: Statement, inventory: Inventory) -> list[str]:
    """The shared providers of which an Allow takes any customer's tokens.

    Raises `Undecided` where a provider is not known, and no condition on a subject stands there.
    """
    if not statement.allows:
        return []
    asked = list(tests(statement))
    return [
        host
        for kind, value in statement.principals
        if kind == "Federated"
        and (host := _host(value, inventory, asked)) in _CLAIMS
        and not any(_names_customer(test, f"{host}:{_CLAIMS[host]}") for test in asked)
    ]


def _host(value: Any, inventory: Inventory, asked: list[Test]) -> str:
    if isinstance(value, Reference):
        value = inventory.resolve(value, "a provider").Url
    if isinstance(value, Partial) and "/" in value.tail:
        value = value.tail
    if isinstance(value, Open):
        if any(test.key.endswith(":sub") and test.needs_key for test in asked):
            return ""
        reason = value.reason if isinstance(value, Unknown) else "has a part that is not known"
        raise Undecided(f"`{value}`", reason)
    return f"{value}".removeprefix("https://").rpartition("oidc-provider/")[2].lower()


def _names_customer(test: Test, key: str) -> bool:
    return (
        test.key == key and test.needs_key and test.operator in TEXTS and names_some(test, _LABEL)
    )
