"""Resources that only add to another one, moved onto their owner.

CloudFormation lets one thing be said in two places: a rule of a security group stands in the group
or is a resource of its own, a policy stands in the role or is attached from elsewhere. `normalise`
leaves one place, so that no rule has to look in two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from analyzer.model import PropertyPath, Resource
from analyzer.unknown import ABSENT, Either, Reference

_GROUP = "AWS::EC2::SecurityGroup"
_ROLE = "AWS::IAM::Role"
_USER = "AWS::IAM::User"
_USERS = "AWS::IAM::Group"

# AWS removes it only where the group itself states egress rules.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
_DEFAULT_EGRESS = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


@dataclass(frozen=True, slots=True)
class _Membership:
    """How resources of one type belong to others.

    `owners` maps the properties that name owners to the owners' type, `into` is the owner's list,
    `entry` makes the list's entry and says which property of the member it is, and a member that
    is more than its entries `stays`.
    """

    owners: Mapping[str, str]
    into: str
    entry: Callable[[Resource], tuple[Any, PropertyPath]]
    stays: bool = False


def _rule(member: Resource) -> tuple[Any, PropertyPath]:
    entry = copy(member.properties)
    for name in ("GroupId", "GroupName"):
        entry.pop(name, None)
    return entry, ()


def _inline_policy(member: Resource) -> tuple[Any, PropertyPath]:
    values = {
        name: member.properties.get(name, ABSENT) for name in ("PolicyName", "PolicyDocument")
    }
    return {name: value for name, value in values.items() if value is not ABSENT}, ()


def _managed_policy(member: Resource) -> tuple[Any, PropertyPath]:
    return Reference(member.key), ()


def _group_name(member: Resource) -> tuple[Any, PropertyPath]:
    return member.properties.get("GroupName", ABSENT), ("GroupName",)


_GROUPS = {"GroupId": _GROUP, "GroupName": _GROUP}
_PRINCIPALS = {"Roles": _ROLE, "Users": _USER, "Groups": _USERS}
_MEMBERSHIPS = {
    "AWS::EC2::SecurityGroupIngress": _Membership(_GROUPS, "SecurityGroupIngress", _rule),
    "AWS::EC2::SecurityGroupEgress": _Membership(_GROUPS, "SecurityGroupEgress", _rule),
    "AWS::IAM::Policy": _Membership(_PRINCIPALS, "Policies", _inline_policy),
    "AWS::IAM::RolePolicy": _Membership({"RoleName": _ROLE}, "Policies", _inline_policy),
    "AWS::IAM::UserPolicy": _Membership({"UserName": _USER}, "Policies", _inline_policy),
    "AWS::IAM::GroupPolicy": _Membership({"GroupName": _USERS}, "Policies", _inline_policy),
    "AWS::IAM::ManagedPolicy": _Membership(
        _PRINCIPALS, "ManagedPolicyArns", _managed_policy, stays=True
    ),
    "AWS::IAM::UserToGroupAddition": _Membership({"Users": _USER}, "Groups", _group_name),
}

# What the members add: owner's key -> its list -> the members, in order.
_Additions = dict[str, dict[str, list[Resource]]]


def normalise(resources: Iterable[Resource]) -> list[Resource]:
    """The resources, in order, with those that only add to another one moved onto it.

    - `AWS::EC2::SecurityGroupIngress` and `SecurityGroupEgress` become entries of their group. A
      group without egress rules of its own keeps AWS's default one, which allows everything.
    - `AWS::IAM::Policy`, `RolePolicy`, `UserPolicy` and `GroupPolicy` become entries of the
      `Policies` of the roles, users and groups that they are attached to.
    - `AWS::IAM::ManagedPolicy` stays, and becomes an entry of its targets' `ManagedPolicyArns`.
    - `AWS::IAM::UserToGroupAddition` becomes an entry of its users' `Groups`.

    A member leaves the list when every owner that it names is in the list. It stays where one is
    outside, is not known, or has a list that is not known; owners in the list get it all the same.
    An entry whose member hangs on an undecided condition is `Either(condition, entry, ABSENT)`,
    and `locate` finds an entry where its member is written. The given resources and their
    properties are not changed: an owner is replaced by a copy.
    """
    listed = list(resources)
    owners = {resource.key: resource for resource in listed}
    additions: _Additions = {}
    kept = [member for member in listed if not _moved(member, owners, additions)]
    return [
        _extended(resource, additions[resource.key]) if resource.key in additions else resource
        for resource in kept
    ]


def _moved(member: Resource, owners: Mapping[str, Resource], additions: _Additions) -> bool:
    """Note what a member adds to its owners; whether nothing of it is left to say."""
    membership = _MEMBERSHIPS.get(member.type)
    if membership is None:
        return False
    named = list(_named(member, membership))
    found = [owners[value.target] for value, type_ in named if _is_owner(value, type_, owners)]
    ready = [owner.key for owner in found if _takes_entries(owner, membership.into)]
    for key in dict.fromkeys(ready):
        additions.setdefault(key, {}).setdefault(membership.into, []).append(member)
    return bool(named) and len(ready) == len(named) and not membership.stays


def _named(member: Resource, membership: _Membership) -> Iterator[tuple[Any, str]]:
    """What a member names as its owners, and the type that each should have."""
    for name, type_ in membership.owners.items():
        value = member.properties.get(name, ABSENT)
        for item in value if isinstance(value, list) else [value]:
            if item is not ABSENT:
                yield item, type_


def _is_owner(value: Any, type_: str, owners: Mapping[str, Resource]) -> bool:
    """Whether a value is a reference to a listed resource itself, not to something near it."""
    if not isinstance(value, Reference) or value.attribute not in ("", "GroupId"):
        return False
    return value.target in owners and owners[value.target].type == type_


def _takes_entries(owner: Resource, name: str) -> bool:
    return _length(owner.properties.get(name, ABSENT)) is not None


def _extended(owner: Resource, added: Mapping[str, list[Resource]]) -> Resource:
    """A copy of an owner with the entries of its members."""
    properties = copy(owner.properties)
    extended = owner.copied(properties)
    for name, members in added.items():
        stated = properties.get(name, ABSENT)
        default = [_DEFAULT_EGRESS] if name == "SecurityGroupEgress" else []
        start = max(_length(stated) or 0, len(default))
        entries = []
        for index, member in enumerate(members, start):
            entry, path = _MEMBERSHIPS[member.type].entry(member)
            if member.condition is not None:
                entry = Either(member.condition, entry, ABSENT)
            entries.append(entry)
            extended.moved[name, index] = (member, path)
        properties[name] = _appended(stated, entries, start, default)
    return extended


def _length(stated: Any) -> int | None:
    """How many entries a list has, the longer one of two branches; None where it is no list."""
    if stated is ABSENT:
        return 0
    if isinstance(stated, Either):
        lengths = [_length(stated.if_true), _length(stated.if_false)]
        known = [length for length in lengths if length is not None]
        return max(known) if len(known) == len(lengths) else None
    return len(stated) if isinstance(stated, list) else None


def _appended(stated: Any, entries: list[Any], start: int, default: list[Any]) -> Any:
    """The list with the entries at `start`: in both branches they have the same positions."""
    if isinstance(stated, Either):
        return Either(
            stated.condition,
            _appended(stated.if_true, entries, start, default),
            _appended(stated.if_false, entries, start, default),
        )
    own = list(stated or default)
    return [*own, *[ABSENT] * (start - len(own)), *entries]
