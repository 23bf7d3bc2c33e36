"""Values of fixes as a JSON template writes them: references, ARNs, what was read written again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analyzer.model import Props, Resource
from analyzer.unknown import Absent, Either, Partial, Reference, Undecided, Unknown

Value = Any
Template = Mapping[str, Any]

OWN_ACCOUNT: Template = {"Ref": "AWS::AccountId"}
# AWS JSON policy elements: Principal. The account itself: its own policies then say who.
OWN_PRINCIPALS: Template = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}


def own_name(purpose: str) -> Template:
    """A name that ends with the id of its stack: names of stacks are too long for many services.

    Ids are 36 characters of an ARN, stack names up to 128 (CloudFormation User Guide, "Pseudo
    parameters" and "CreateStack"). Nor is the name taken where a stack is deleted and made again.
    """
    stack_id = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    return {"Fn::Join": ["-", [purpose, stack_id]]}


def ref(resource: Resource, of: Resource) -> Template:
    """The id of a resource, written into the stack `of` another one."""
    return {"Ref": _logical_id(resource, of)}


def attribute(resource: Resource, name: str, of: Resource) -> Template:
    """An attribute of a resource, written into the stack `of` another one."""
    return {"Fn::GetAtt": [_logical_id(resource, of), name]}


def _logical_id(resource: Resource, of: Resource) -> str:
    """Raises `Undecided` where a template cannot name the resource."""
    if resource.Live:
        raise Undecided(resource.label, "was read from an account: no template names it")
    if resource.stack != of.stack:
        raise Undecided(resource.label, "stands in another stack")
    return resource.id


def written(value: Any, of: Resource) -> Value:
    """A value that was read, as the template of a resource can write it.

    Raises `Undecided` where it is not known, or points out of the stack.
    """
    if isinstance(value, Props | Mapping):
        raw = value.raw if isinstance(value, Props) else value
        return {name: written(item, of) for name, item in raw.items()}
    if isinstance(value, list):
        return [written(item, of) for item in value]
    if isinstance(value, Reference):
        return _reference(value, of)
    if isinstance(value, Partial):
        return {"Fn::Sub": "".join(_part(part, of) for part in value.parts)}
    if isinstance(value, Unknown | Either | Absent):
        raise Undecided(f"{value}", "is not known")
    return value


def _reference(value: Reference, of: Resource) -> Template:
    target = of.inventory.resources[value.target]
    return attribute(target, value.attribute, of) if value.attribute else ref(target, of)


def _part(part: Any, of: Resource) -> str:
    if isinstance(part, str):
        return part.replace("${", "${!")
    if not isinstance(part, Reference):
        raise Undecided(f"{part}", "is not known")
    names = [_logical_id(of.inventory.resources[part.target], of), part.attribute]
    return f"${{{'.'.join(filter(None, names))}}}"


def entry(
    path: str, entries: Iterable[Props], key: str, value: Value, names: tuple[str, str]
) -> dict[str, Value]:
    """What gives a list of named values one of them: in its entry where it has one, else a new one.

    `names` are those of an entry's name and value, such as ("Key", "Value").
    """
    name, content = names
    for stated in entries:
        if getattr(stated, name) == key:
            return {"/".join(map(str, stated.at(content))): value}
    return {f"{path}/-": {name: key, content: value}}


def balancer_attribute(balancer: Resource, key: str, value: str) -> dict[str, Value]:
    """Set an attribute of a load balancer."""
    stated = balancer.LoadBalancerAttributes
    return entry("LoadBalancerAttributes", stated, key, value, ("Key", "Value"))


def place(path: Iterable[str | int]) -> str:
    """A property path as fixes write it."""
    return "/".join(map(str, path))
