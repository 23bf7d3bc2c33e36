"""What identity policies allow, each statement by itself."""

from __future__ import annotations

from analyzer.iam import (
    Statement,
    action_sets,
    allowed,
    covers,
    denies,
    escalations,
    is_every_resource,
    known_escalations,
    narrowing,
    statements_of,
)
from analyzer.policy import Fail, PropertyPath, Resource, rule

POLICIES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
EVERYWHERE = (*POLICIES, *IDENTITIES)
DECRYPT = ("kms:Decrypt", "kms:ReEncryptFrom")


def _everything(action: str) -> bool:
    return action in ("*", "*:*")


def _grants_all(statement: Statement) -> bool:
    return is_every_resource(statement) and any(map(_everything, statement.actions))


def _unconstrained(
    statement: Statement, actions: tuple[str, ...], beside: list[Statement]
) -> list[str]:
    """Those of the actions that a statement allows on everything, and no other one denies.

    Nothing for a statement that grants everything: that has a rule of its own.
    """
    if not statement.allows or _grants_all(statement):
        return []
    found = [action for action in actions if covers(statement, action)]
    if not found or narrowing(statement):
        return []
    return [action for action in found if not denies(beside, action)]


def _on_everything(resource: Resource, actions: tuple[str, ...], what: str) -> list[Fail]:
    beside = statements_of(resource)
    return [
        Fail(f"{what} on every resource: {', '.join(found)}", at=statement.place("Action"))
        for statement in beside
        if (found := _unconstrained(statement, actions, beside))
    ]


@rule("IAM-POL-01", severity="high", on=EVERYWHERE)
def policy_does_not_allow_everything(resource: Resource) -> list[Fail]:
    """No policy grants every action on everything.

    Whoever holds such a policy, or takes over what holds it, owns the account. Denials beside it
    count where they leave no way to change policies, roles and users.

    Fix: name the actions and the resources that are needed.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    beside = statements_of(resource)
    return [
        Fail("allows every action on every resource", at=statement.at)
        for statement in beside
        if statement.allows and _grants_all(statement) and _leaves_administration(beside)
    ]


def _leaves_administration(statements: list[Statement]) -> bool:
    """Whether denials leave a way to get, with IAM's actions alone, what they took."""
    return any(
        not any(denies(statements, action) for action in path.actions)
        for path in known_escalations()
        if path.administers
    )


@rule("IAM-POL-02", severity="low", on=EVERYWHERE)
def policy_does_not_allow_a_whole_service(resource: Resource) -> list[Fail]:
    """No policy grants a whole service.

    `service:*` on every resource also grants what AWS adds to the service later.

    Fix: name the actions and the resources that are needed.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return [
        Fail(f"allows {action} on every resource", at=statement.place("Action"))
        for statement in allowed(resource)
        if is_every_resource(statement)
        for action in statement.actions
        if action.endswith(":*") and not _everything(action)
    ]


@rule("IAM-POL-03", severity="high", on=EVERYWHERE)
def policy_uses_no_bare_wildcard(resource: Resource) -> list[Fail]:
    """No policy uses a bare wildcard action.

    `Action: "*"` on one resource still grants its deletion and the change of who may use it; an
    Allow with NotAction grants all that it does not name.

    Fix: name the actions that are needed.
    Source: IAM User Guide, "IAM JSON policy elements: Action" and "NotAction".
    """
    return [
        Fail("allows every action, or all but some", at=statement.at)
        for statement in allowed(resource)
        if statement.not_actions or any(_everything(action) for action in statement.actions)
    ]


@rule("IAM-POL-04", severity="high", on=EVERYWHERE)
def policy_allows_no_escalation(resource: Resource) -> list[Fail]:
    """No policy allows privilege escalation.

    Some actions, alone or together, give their holder rights that nobody granted. All statements
    of the role, user, group or policy count together; a policy that grants everything is judged by
    IAM-POL-01.

    Fix: remove the actions, or name the roles, users, functions or servers that they may be used
        on.
    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    beside = statements_of(resource)
    if any(statement.allows and _grants_all(statement) for statement in beside) and (
        _leaves_administration(beside)
    ):
        return []
    ways: dict[PropertyPath, list[str]] = {}
    for path, statement in escalations(beside):
        ways.setdefault(statement.at, []).append(path.name)
    return [
        Fail(f"lets its holder escalate: {_counted(names)}", at=(*at, "Action"))
        for at, names in ways.items()
    ]


def _counted(names: list[str]) -> str:
    more = len(names) - 1
    return names[0] + (f" and {more} more {'ways' if more > 1 else 'way'}" if more else "")


@rule("IAM-POL-05", severity="medium", on=EVERYWHERE)
def policy_exposes_no_credentials(resource: Resource) -> list[Fail]:
    """No policy hands out credentials without constraint.

    Actions that answer with a key, a token or a password make one identity into many.

    Fix: name the resources, or add a condition.
    Source: Service Authorization Reference, the actions' resource types.
    """
    return _on_everything(resource, action_sets("credentials"), "hands out credentials")


@rule("IAM-POL-06", severity="medium", on=EVERYWHERE)
def policy_reads_named_data(resource: Resource) -> list[Fail]:
    """No policy reads all data without constraint.

    A stolen session reads whatever its policy names; `*` names every bucket and every secret.

    Fix: name the buckets, parameters, secrets and tables.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return _on_everything(resource, action_sets("data"), "reads data")


@rule("IAM-POL-07", severity="medium", on=EVERYWHERE)
def policy_manages_named_permissions(resource: Resource) -> list[Fail]:
    """No policy manages permissions without constraint.

    Whoever can change any policy can grant anything to anybody.

    Fix: name the resources whose permissions are managed.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return _on_everything(resource, action_sets("permissions"), "manages permissions")


@rule("IAM-POL-08", severity="medium", on=EVERYWHERE)
def policy_writes_to_named_resources(resource: Resource) -> list[Fail]:
    """No policy writes without constraint.

    Actions that replace or destroy, on every resource, reach what the workload never uses.

    Fix: name the resources that are written to.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    return _on_everything(resource, action_sets("writes"), "writes")


@rule("IAM-POL-09", severity="medium", on="AWS::IAM::ManagedPolicy")
def managed_policy_names_its_keys(policy: Resource) -> list[Fail]:
    """No managed policy decrypts with every key.

    Encryption protects nothing from an identity that may decrypt with every key.

    Fix: name the keys, or add the condition kms:ViaService.
    Source: AWS KMS Developer Guide, "Using IAM policies with AWS KMS", section on best practices.
    """
    return _on_everything(policy, DECRYPT, "decrypts")


@rule("IAM-POL-10", severity="medium", on=(*IDENTITIES, "AWS::IAM::Policy"))
def inline_policy_names_its_keys(resource: Resource) -> list[Fail]:
    """No inline policy decrypts with every key.

    Encryption protects nothing from an identity that may decrypt with every key.

    Fix: name the keys, or add the condition kms:ViaService.
    Source: AWS KMS Developer Guide, "Using IAM policies with AWS KMS", section on best practices.
    """
    return _on_everything(resource, DECRYPT, "decrypts")


@rule("IAM-ROLE-03", severity="high", on=EVERYWHERE)
def policy_assumes_named_roles(resource: Resource) -> list[Fail]:
    """No policy allows assuming any role.

    sts:AssumeRole on every resource reaches each role whose trust policy names this account.

    Fix: name the roles.
    Source: IAM User Guide, "Granting a user permissions to switch roles".
    """
    return _on_everything(resource, ("sts:AssumeRole",), "assumes roles")
