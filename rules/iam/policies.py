"""What identity policies allow: all statements of a policy, a role, a user or a group together."""

from __future__ import annotations

from analyzer.iam import (
    Holder,
    Rule,
    StackWorld,
    Way,
    action_sets,
    actions_without_effect,
    administration,
    escalations_together,
    grants_everything,
    inline_holder,
    open_escalations,
    unknown_actions,
    whole_services,
    widest,
)
from analyzer.policy import Fail, PropertyPath, Resource, Skip, rule

POLICIES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
EVERYWHERE = (*POLICIES, *IDENTITIES)
DECRYPT = ("kms:Decrypt", "kms:ReEncryptFrom")


def _is_administrator(holder: Holder) -> bool:
    """Whether everything is granted, or all but what takes one call of IAM to get back."""
    answer = administration(holder)
    return answer in ("full", "conditional") or (answer == "effective" and bool(_wide(holder)))


def _wide(holder: Holder) -> list[Rule]:
    return [rule for rule in holder.space.rules if grants_everything(rule, holder.reference)]


def _on_everything(resource: Resource, actions: tuple[str, ...], what: str) -> list[Fail]:
    """What is allowed on every resource of its kind; an administrator has a rule of its own."""
    holder = inline_holder(resource)
    if _is_administrator(holder):
        return []
    found: dict[PropertyPath, list[str]] = {}
    for action in actions:
        reach = holder.reach(action)
        if reach.always:
            found.setdefault(widest(reach.rules).at, []).append(action)
    return [
        Fail(f"{what} on every resource: {', '.join(names)}", at=(*at, "Action"))
        for at, names in found.items()
    ]


@rule("IAM-POL-01", severity="high", on=EVERYWHERE)
def policy_does_not_allow_everything(resource: Resource) -> list[Fail]:
    """No policy grants every action on everything.

    Whoever holds such a policy, or takes over what holds it, owns the account. Denials beside it
    count where they leave no way to change policies, roles and users.

    Fix: name the actions and the resources that are needed.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    holder = inline_holder(resource)
    if not _is_administrator(holder):
        return []
    wide = _wide(holder) or [widest(holder.space.rules)]
    return [Fail("allows every action on every resource", at=rule.at) for rule in wide]


@rule("IAM-POL-02", severity="low", on=EVERYWHERE)
def policy_does_not_allow_a_whole_service(resource: Resource) -> list[Fail]:
    """No policy grants a whole service.

    `service:*` on every resource also grants what AWS adds to the service later.

    Fix: name the actions and the resources that are needed.
    Source: IAM User Guide, "Security best practices in IAM", section on least privilege.
    """
    holder = inline_holder(resource)
    if _is_administrator(holder):
        return []
    return [
        Fail(f"allows {service}:* on every resource", at=(*_about(holder, service).at, "Action"))
        for service in whole_services(holder)
    ]


def _about(holder: Holder, service: str) -> Rule:
    actions = holder.reference.of_service(service)
    allowing = [rule for rule in holder.space.rules if rule.allows and rule.actions & actions]
    return widest(allowing)


@rule("IAM-POL-03", severity="high", on=EVERYWHERE)
def policy_uses_no_bare_wildcard(resource: Resource) -> list[Fail]:
    """No policy uses a bare wildcard action.

    `Action: "*"` on one resource still grants its deletion and the change of who may use it; an
    Allow with NotAction grants all that it does not name.

    Fix: name the actions that are needed.
    Source: IAM User Guide, "IAM JSON policy elements: Action" and "NotAction".
    """
    return [
        Fail("allows every action, or all but some", at=rule.at)
        for rule in inline_holder(resource).space.rules
        if rule.allows
        and (rule.complement or any(action in ("*", "*:*") for action in rule.source.actions))
    ]


@rule("IAM-POL-04", severity="high", on=EVERYWHERE)
def policy_allows_no_escalation(resource: Resource) -> list[Fail]:
    """No policy allows privilege escalation.

    Some actions, alone or together, give their holder rights that nobody granted. All statements
    of the role, user, group or policy count together, and what a role that is named can do is asked
    of the inventory; a policy that grants everything is judged by IAM-POL-01.

    Fix: remove the actions, or name the roles, users, functions or servers that they may be used
        on.
    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    holder = inline_holder(resource)
    if _is_administrator(holder):
        return []
    ways: dict[PropertyPath, list[Way]] = {}
    for way in open_escalations(holder, StackWorld(resource)):
        ways.setdefault(way.rules[0].at, []).append(way)
    return [
        Fail(f"lets its holder escalate: {_counted(found)}", at=(*at, "Action"))
        for at, found in ways.items()
    ]


def _counted(ways: list[Way]) -> str:
    more = len(ways) - 1
    return f"{ways[0].path}" + (f" and {more} more {'ways' if more > 1 else 'way'}" if more else "")


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


@rule("IAM-POL-15", severity="high", on=IDENTITIES)
def policies_together_allow_no_escalation(identity: Resource) -> Fail | Skip | None:
    """Policies that are attached together allow no privilege escalation.

    Each policy may be harmless by itself: one passes a role, the other starts what runs with it.
    What one policy opens alone is told where that policy stands; a permissions boundary counts.

    Fix: attach one of the policies to another role, or name the resources in it.
    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    if not identity.ManagedPolicyArns:
        return Skip("no managed policy is attached")
    if together := escalations_together(identity):
        reason = f"lets its holder escalate by its policies together: {_counted(together)}"
        return Fail(reason, at="ManagedPolicyArns")


@rule("IAM-POL-16", severity="low", on=EVERYWHERE)
def actions_exist(resource: Resource) -> list[Fail]:
    """Every action in a policy exists.

    AWS accepts any name. A misspelt action grants nothing, and a misspelt denial denies nothing.

    Fix: write the action as the Service Authorization Reference does; for one that is newer than
        the packaged reference, run `assay iam update`.
    Source: AWS Service Authorization Reference.
    """
    holder = inline_holder(resource)
    return [
        Fail(f"names no known action: {', '.join(unknown)}", at=(*rule.at, "Action"))
        for rule in holder.space.rules
        if (unknown := unknown_actions([rule], holder.reference))
    ]


@rule("IAM-POL-17", severity="low", on=EVERYWHERE)
def actions_act_on_what_they_are_allowed_on(resource: Resource) -> list[Fail]:
    """Every allowed action acts on a resource that is named.

    s3:GetObject on a bucket's own ARN grants nothing: whoever wrote it believed otherwise.

    Fix: write the ARN of the kind that the action acts on, such as that of the bucket's objects.
    Source: AWS Service Authorization Reference, "Resource types defined by" each service.
    """
    holder = inline_holder(resource)
    return [
        Fail(f"never matches: {', '.join(found)}", at=(*rule.at, "Resource"))
        for rule in holder.space.rules
        if (found := actions_without_effect([rule], holder.reference))
    ]
