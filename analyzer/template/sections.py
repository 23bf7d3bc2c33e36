"""The sections of a template: each of the right shape, or a problem that says which is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.template.problem import Problem, did_you_mean

SECTIONS = (
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
)
INCLUDE = "Fn::Transform"
_MAPS = ("Conditions", "Mappings", "Outputs", "Parameters", "Resources")

_RESOURCE_ATTRIBUTES = (
    "Condition",
    "Connectors",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "IgnoreGlobals",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
)


def sections_of(data: Mapping[str, Any], *, open_: bool = False) -> dict[str, dict[str, Any]]:
    """The map sections of a template; empty ones where the template leaves them out.

    `open_`: a macro that is not known may give a meaning to other sections.
    """
    for name in data:
        if not open_ and name not in SECTIONS and not name.startswith("Fn::Transform"):
            raise Problem(
                f"`{name}` is not a section of a template",
                did_you_mean(name, SECTIONS) or "remove it",
                (name,),
            )
    if not data.get("Resources"):
        raise Problem("has no Resources", "a template needs at least one resource")
    sections = {}
    for name in _MAPS:
        section = data.get(name)
        if section is None:
            section = {}
        if not isinstance(section, dict):
            raise Problem(f"{name} is not a map", "map each name to its declaration", (name,))
        sections[name] = section
    return sections


def without_includes(
    sections: Mapping[str, dict[str, Any]],
) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]]]:
    """The sections as they are stated, and which macro adds to which of them.

    Mappings keep theirs: looking something up shows whether it could come from there.
    """
    stated: dict[str, dict[str, Any]] = {}
    added: list[tuple[str, str]] = []
    for name, section in sections.items():
        stated[name] = section
        if name != "Mappings" and INCLUDE in section:
            stated[name] = {key: item for key, item in section.items() if key != INCLUDE}
            macro = section[INCLUDE]
            added.append((name, f"{macro.get('Name') if isinstance(macro, dict) else macro}"))
    return stated, added


def transforms_of(data: Mapping[str, Any]) -> list[str]:
    """The names of the macros that process the whole template."""
    declared = data.get("Transform")
    items = declared if isinstance(declared, list) else [declared]
    names = []
    for item in items:
        name = item.get("Name") if isinstance(item, dict) else item
        if isinstance(name, str):
            names.append(name)
        elif item is not None:
            raise Problem("Transform names no macro", "give the name as text", ("Transform",))
    if "Fn::Transform" in data:
        whole = data["Fn::Transform"]
        names.append(f"{whole.get('Name')}" if isinstance(whole, dict) else f"{whole}")
    return names


def check_resource(name: str, declared: Any, *, open_: bool = False) -> None:
    """Hold the shape of one resource against CloudFormation's.

    `open_`: a macro that is not known may give a meaning to other attributes.
    """
    if not isinstance(declared, dict):
        raise Problem(f"resource `{name}` is not a map", "give it a Type and Properties")
    kind = declared.get("Type")
    if kind is None:
        raise Problem(f"resource `{name}` has no Type", "for example Type: AWS::S3::Bucket")
    if not isinstance(kind, str) or not kind:
        raise Problem(f"the Type of resource `{name}` is not a text", "", ("Type",))
    for attribute in () if open_ else declared:
        if attribute not in _RESOURCE_ATTRIBUTES and attribute != "Fn::Transform":
            raise Problem(
                f"`{attribute}` is not an attribute of a resource",
                did_you_mean(attribute, _RESOURCE_ATTRIBUTES) or "does it belong into Properties?",
                (attribute,),
            )
    for attribute, wanted in (("Metadata", dict), ("Condition", str)):
        if not isinstance(declared.get(attribute), wanted | None):
            kind_of = "map" if wanted is dict else "text"
            raise Problem(f"{attribute} of `{name}` is not a {kind_of}", "", (attribute,))


def dependencies_of(declared: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """The resources that DependsOn names."""
    depends = declared.get("DependsOn")
    names = depends if isinstance(depends, list) else [depends] if depends is not None else []
    for index, name in enumerate(names):
        path = ("DependsOn", index) if isinstance(depends, list) else ("DependsOn",)
        if not isinstance(name, str):
            raise Problem("DependsOn needs the names of resources", "", path)
        if name not in known:
            raise Problem(
                f"DependsOn names `{name}`, which is not a resource of this template",
                did_you_mean(name, known),
                path,
            )
    return names


def circle_in(uses: Mapping[str, set[str]]) -> list[str] | None:
    """The first circle of resources that need each other, without recursion."""
    done: set[str] = set()
    for start in uses:
        stack = [(start, iter(sorted(uses.get(start, ()))))]
        on_path = {start: None}
        while stack and start not in done:
            name, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done.add(name)
                on_path.pop(name)
                stack.pop()
            elif following in on_path:
                names = list(on_path)
                return [*names[names.index(following) :], following]
            elif following not in done:
                on_path[following] = None
                stack.append((following, iter(sorted(uses.get(following, ())))))
    return None
