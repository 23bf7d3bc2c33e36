"""The ARNs of a stack's resources: as Fn::Sub takes them, and what that gives.

How each CloudFormation type gives an ARN stands in `analyzer/iam/data/resource_arns.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.iam.service_reference import ServiceReference
from analyzer.model import Resource
from analyzer.template.regions import partition_of
from analyzer.unknown import ABSENT, Open, Partial, Reference

_FILE = Path(__file__).parents[1] / "data" / "resource_arns.yaml"
_HOLE = re.compile(r"\$\{([^}]*)\}")
_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PSEUDO_PARAMETERS = {"Partition": "Partition", "Region": "Region", "Account": "AccountId"}


@dataclass(frozen=True, slots=True)
class Row:
    """How a resource of a CloudFormation type gives the ARN of a type of the service reference."""

    type: str
    arn: str
    stands_for: str = ""
    needs: tuple[str, ...] = ()
    implied: str = ""


@cache
def table() -> Mapping[str, Any]:
    """The data file as it is written."""
    import yaml  # needed only where there is something to tighten

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506 - a safe one
    return data


@cache
def rows() -> Mapping[str, tuple[Row, ...]]:
    """The rows of the table by `service:type`."""
    found: dict[str, list[Row]] = {}
    for type_, stated in table()["types"].items():
        for name, arn in stated["arns"].items():
            row = {"arn": arn} if isinstance(arn, str) else arn
            needs, implied = tuple(row.get("if", ())), row.get("implied", "")
            found.setdefault(name, []).append(
                Row(type_, row["arn"], row.get("is", ""), needs, implied)
            )
    return {name: tuple(of) for name, of in found.items()}


def name_of(resource: Resource) -> Any:
    """The name that a resource is given; `ABSENT` where AWS chooses it."""
    property_ = table()["types"].get(resource.type, {}).get("name", "")
    return resource.properties.get(property_, ABSENT) if property_ else ABSENT


def arn_of(resource: Resource, row: Row, form: str) -> tuple[str, Any]:
    """The ARN of a resource as Fn::Sub takes it, and what that gives.

    What it gives follows the `form` of the service reference. A plain reference such as
    `Assets.Arn` would be a text of which nothing is known, and no star but a bare one would be
    known to contain it: `arn:aws:s3:::*` names the bucket, and `arn:aws:s3:::shop-*` one that is
    called so.
    """
    text = _without_double_slash(row.arn, resource)
    pattern = row.stands_for or text
    if not pattern.startswith("arn:"):
        pattern = _spelled_out(form, pattern.count("*"))
    if resource.live is not None:
        text = _live(resource, text)
    return text.replace("${@", "${" + resource.id), _filled(resource, pattern)


def sibling_arn(reference: ServiceReference, service: str, type_: str, owner: Resource) -> str:
    """The ARN of some other resource of a type, in the account and region of `owner`."""
    known = {
        "Partition": partition_of(owner.region),
        "Region": owner.region,
        "Account": owner.account,
    }

    def filled(match: re.Match[str]) -> str:
        return known.get(match[1]) or f"another-{_WORD_START.sub('-', match[1]).lower()}"

    return _HOLE.sub(filled, reference.arn(service, type_))


def _without_double_slash(text: str, resource: Resource) -> str:
    """A parameter's name may begin with the slash (Systems Manager User Guide, hierarchies)."""
    name = name_of(resource)
    head = name.head if isinstance(name, Partial) else name
    if resource.type == "AWS::SSM::Parameter" and isinstance(head, str) and head.startswith("/"):
        return text.replace("/${@}", "${@}")
    return text


def _spelled_out(form: str, stars: int) -> str:
    """The form of an ARN; its first parts belong to the resource, its last `stars` are any text."""
    names = [name for name in _HOLE.findall(form) if name not in _PSEUDO_PARAMETERS]
    for position, name in enumerate(names):
        if position >= len(names) - stars:
            filling = "*"
        else:
            filling = "${@}" if len(names) == 1 + stars else f"${{@.{name}}}"
        form = form.replace(f"${{{name}}}", filling, 1)
    for name, pseudo in _PSEUDO_PARAMETERS.items():
        form = form.replace(f"${{{name}}}", f"${{AWS::{pseudo}}}")
    return form


def _filled(resource: Resource, text: str) -> Any:
    """A text of Fn::Sub with what is known of the resource; what AWS chooses is a reference."""
    known = {
        "AWS::Partition": partition_of(resource.region),
        "AWS::Region": resource.region,
        "AWS::AccountId": resource.account,
    }
    parts: list[Any] = []
    position = 0
    for match in _HOLE.finditer(text):
        parts.append(text[position : match.start()])
        parts.append(known[match[1]] if match[1] in known else _attribute(resource, match[1]))
        position = match.end()
    parts.append(text[position:])
    partial = Partial(*parts)
    return partial if any(isinstance(part, Open) for part in partial.parts) else f"{partial}"


def _attribute(resource: Resource, name: str) -> Any:
    """What `@` or `@.Attribute` gives."""
    if name != "@":
        return Reference(resource.key, name.removeprefix("@."))
    stated = name_of(resource)
    if isinstance(stated, str | Partial):
        return stated
    return resource.id.rpartition(":")[2] if resource.live else Reference(resource.key)


def _live(resource: Resource, text: str) -> str:
    """The text for a resource that an account has: its ARN itself."""
    if resource.id.startswith("arn:") and text.startswith("${@"):
        return resource.id + text[text.index("}") + 1 :]
    return f"{_filled(resource, text)}"
