"""The identities and policies of an inventory, as holders of grants; and what taking them gains."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from analyzer.iam.escalation import Way, escalations, is_itself
from analyzer.iam.exposure import account_in
from analyzer.iam.grants import Grant, Layer, layer
from analyzer.iam.identities import power_of
from analyzer.iam.managed_policies import managed_document
from analyzer.iam.permissions import Holder
from analyzer.iam.service_reference import ServiceReference, service_reference
from analyzer.model import Inventory, Resource
from analyzer.unknown import Open, Reference, Undecided, absent

IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
POLICIES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
# What IAM calls what an ARN of it names.
_NAMED = {
    "role": "AWS::IAM::Role",
    "user": "AWS::IAM::User",
    "group": "AWS::IAM::Group",
    "policy": "AWS::IAM::ManagedPolicy",
}


def documents_of(resource: Resource) -> list[Any]:
    """The inline documents of a role, user or group; the one document of a policy."""
    if resource.type in IDENTITIES:
        return [policy.PolicyDocument for policy in resource.Policies]
    return [resource.PolicyDocument]


def inline_holder(resource: Resource) -> Holder:
    """A holder of what stands in the resource itself.

    Raises `Undecided` where a document is not known.
    """

    def made() -> Holder:
        reference = service_reference()
        grant = Grant((layer(documents_of(resource), reference),))
        return Holder(grant, reference, resource.account, resource.region)

    return resource.inventory.once(("inline holder", resource.key), made)


def whole_holder(identity: Resource) -> Holder:
    """A holder of everything that an identity is granted: its own, its attached and its groups'.

    Within its boundary, where it has one. What is not known of it stands in `Grant.missing`; an
    unknown boundary raises `Undecided`.
    """
    return identity.inventory.once(("whole holder", identity.key), lambda: _whole(identity))


def _whole(identity: Resource) -> Holder:
    reference = service_reference()
    owners, missing = _owners(identity)
    documents = [document for owner in owners for document in documents_of(owner)]
    for arn in (arn for owner in owners for arn in owner.ManagedPolicyArns):
        document = document_of(arn, identity.inventory)
        if document is None:
            missing.append(f"the policy {arn}")
        else:
            documents.append(document)
    layers = [layer(documents, reference)]
    if not absent(identity.PermissionsBoundary):
        layers.append(_boundary(identity, reference))
    return Holder(
        Grant(tuple(layers), tuple(missing)), reference, identity.account, identity.region
    )


def holder_of(resource: Resource) -> Holder:
    """A holder of an identity with all that it is granted; of a policy by itself."""
    return whole_holder(resource) if resource.type in IDENTITIES else inline_holder(resource)


def attached_holders(identity: Resource) -> Iterator[Holder]:
    """A holder of each managed policy that is attached, as far as it is known."""
    reference = service_reference()
    for arn in identity.ManagedPolicyArns:
        if managed_document(arn) is not None:
            yield _managed(f"{arn}", identity.account, identity.region)
            continue
        document = document_of(arn, identity.inventory)
        if document is not None:
            grant = Grant((layer([document], reference),))
            yield Holder(grant, reference, identity.account, identity.region)


@lru_cache(maxsize=64)
def _managed(arn: str, account: str, region: str) -> Holder:
    """A holder of one of AWS's own policies, which are the same wherever they are attached."""
    reference = service_reference()
    grant = Grant((layer([managed_document(arn)], reference),))
    return Holder(grant, reference, account, region)


def _owners(identity: Resource) -> tuple[list[Resource], list[str]]:
    """Whose policies an identity has: its own, a user's groups'; and the groups not known."""
    owners, missing = [identity], []
    for name in identity.Groups if identity.type == "AWS::IAM::User" else ():
        group = _group(name, identity.inventory)
        if group is None:
            missing.append(f"the group {name}")
        else:
            owners.append(group)
    return owners, missing


def _group(name: Any, inventory: Inventory) -> Resource | None:
    if isinstance(name, Reference):
        return inventory.resources.get(name.target)
    if isinstance(name, Open):
        return None
    groups = inventory.declared("AWS::IAM::Group")
    return next((group for group in groups if _literal_name(group) == name), None)


def _boundary(identity: Resource, reference: ServiceReference) -> Layer:
    document = document_of(identity.PermissionsBoundary, identity.inventory)
    if document is None:
        raise Undecided(f"the boundary of {identity.label}", "is not part of what was read")
    return layer([document], reference)


def document_of(arn: Any, inventory: Inventory) -> Any:
    """The document of a managed policy: of the inventory, or AWS's own; None for another."""
    target = _named(arn, inventory)
    if target is not None:
        return target.PolicyDocument
    return managed_document(arn)


def _named(value: Any, inventory: Inventory) -> Resource | None:
    if isinstance(value, Reference):
        return inventory.resources.get(value.target)
    if isinstance(value, Open):
        return None
    policies = inventory.declared("AWS::IAM::ManagedPolicy")
    return next((policy for policy in policies if policy.id == f"{value}"), None)


def escalations_together(identity: Resource) -> list[Way]:
    """The ways that are open by several policies of an identity, and by none of them alone.

    Raises `Undecided` where there is none, but a policy is not known.
    """
    world = StackWorld(identity)
    alone = {
        way.path.id
        for owner in _owners(identity)[0]
        for holder in (inline_holder(owner), *attached_holders(owner))
        for way in escalations(holder, world)
        if way.verdict == "yes"
    }
    holder = whole_holder(identity)
    together = [
        way
        for way in escalations(holder, world)
        if way.verdict == "yes" and way.path.id not in alone
    ]
    if holder.grant.missing and not together:
        raise Undecided(holder.grant.missing[0], "is not part of what was read")
    return together


class StackWorld:
    """What the inventory says of the roles, users and policies that a policy names."""

    def __init__(self, holder: Resource) -> None:
        self._holder = holder
        self._inventory: Inventory = holder.inventory
        self._asking: set[str] = set()
        self._gains: dict[str, str] = {}

    def power(self, type_: str, pattern: str) -> str:
        """What taking a resource gains: yes, no, itself, or conditional where it is not known."""
        if is_itself(pattern):
            return "itself"
        resource = self._resource(type_, pattern)
        if resource is None:
            return "conditional"
        if resource.key == self._holder.key:
            return "itself"
        if type_ == "policy":
            return self._of_policy(resource)
        return self._of(resource)

    def _resource(self, type_: str, pattern: str) -> Resource | None:
        """The resource that a pattern names: `${Role.Arn}`, or an ARN that ends in its name."""
        if pattern.startswith("${") and pattern.endswith("}"):
            name = pattern[2:-1].partition(".")[0]
            return next((r for r in self._inventory if r.id == name), None)
        for named in self._inventory.declared(_NAMED.get(type_, "")):
            if named.id == pattern or self._is_called(named, pattern):
                return named
        return None

    def _is_called(self, resource: Resource, pattern: str) -> bool:
        """Whether a template's resource has the name in an ARN; in an account ARNs are known."""
        is_elsewhere = resource.account and account_in(pattern) not in ("", resource.account)
        if self._inventory.live or is_elsewhere:
            return False
        return _literal_name(resource) == pattern.rpartition("/")[2]

    def _of_policy(self, policy: Resource) -> str:
        """What changing a policy gains; in an account it is known whether anybody has it."""
        if self._is_attached(policy):
            return "yes"
        return "no" if self._inventory.live and policy.Live.Attachments == 0 else "conditional"

    def _is_attached(self, policy: Resource) -> bool:
        arns = self._holder.ManagedPolicyArns if self._holder.type in IDENTITIES else ()
        return any(_named(arn, self._inventory) is policy for arn in arns)

    def _of(self, resource: Resource) -> str:
        """What taking a resource gains; kept, unless it was cut short by a question above it."""
        if self._asking:
            return self._worked_out(resource)
        if resource.key not in self._gains:
            self._gains[resource.key] = self._worked_out(resource)
        return self._gains[resource.key]

    def _worked_out(self, resource: Resource) -> str:
        roles = list(_roles_of(resource))
        if not roles:
            return "conditional"
        answers = []
        for role in roles:
            if role.key in self._asking or role.key == self._holder.key:
                continue
            self._asking.add(role.key)
            holder = whole_holder(role)
            answers.append(power_of(holder, self).answer)
            if holder.grant.missing:
                answers.append("conditional")
            self._asking.discard(role.key)
        return "yes" if "yes" in answers else "conditional" if "conditional" in answers else "no"


def _roles_of(resource: Resource) -> Iterator[Resource]:
    """The identity itself; of what runs with a role, that role."""
    if resource.type in IDENTITIES:
        yield resource
        return
    for name in ("Role", "RoleArn", "TaskRoleArn", "ExecutionRoleArn", "ServiceRole", "RoleARN"):
        if name in resource:
            yield resource.follow(name)
    if "IamInstanceProfile" in resource:
        yield from resource.follow("IamInstanceProfile").follow_all("Roles")


def _literal_name(identity: Resource) -> str:
    for name in ("RoleName", "UserName", "GroupName", "ManagedPolicyName"):
        if name in identity and isinstance(getattr(identity, name), str):
            stated: str = getattr(identity, name)
            return stated
    return ""
