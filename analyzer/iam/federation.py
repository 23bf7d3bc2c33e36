"""Identity providers that many customers share: a trust has to say which of them is meant."""

from __future__ import annotations

from typing import Any

from analyzer.model import Inventory
from analyzer.unknown import Open, Partial, Reference, Undecided, Unknown

# Which claims say whose token it is. IAM User Guide, "Create a role for OpenID Connect federation
# (console)" and "Available keys for AWS OIDC federation"; the providers' own pages for the others.
_CLAIMS = {
    "accounts.google.com": ("aud", "oaud", "sub"),
    "agent.buildkite.com": ("sub",),
    "app.terraform.io": ("sub",),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
    "gitlab.com": ("sub",),
    "graph.facebook.com": ("app_id", "id"),
    "token.actions.githubusercontent.com": (
        "sub",
        "job_workflow_ref",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
    ),
    "www.amazon.com": ("app_id", "user_id"),
}
_OTHERS = ("sub",)
_SAML = frozenset({"saml:sub", "saml:namequalifier", "saml:edupersonprincipalname"})


def is_shared(host: str) -> bool:
    """Whether a provider issues tokens to customers of its own, who know nothing of each other."""
    return host in _CLAIMS


def claims_of(host: str) -> frozenset[str]:
    """The condition keys that say whose token it is, in lower case."""
    return _SAML | {f"{host}:{claim}" for claim in _CLAIMS.get(host, _OTHERS)}


def host_of(value: Any, inventory: Inventory | None) -> str:
    """The host of a provider that a policy names by its ARN, URL, or as a resource.

    Raises `Undecided` where it is not known.
    """
    if isinstance(value, Reference) and not value.text and inventory is not None:
        value = inventory.resolve(value, "a provider").Url
    if isinstance(value, Partial) and "/" in value.tail:
        value = value.tail
    if isinstance(value, Open) and not (isinstance(value, Reference) and value.text):
        reason = value.reason if isinstance(value, Unknown) else "has a part that is not known"
        raise Undecided(f"`{value}`", reason)
    return f"{value}".removeprefix("https://").rpartition("oidc-provider/")[2].lower()
