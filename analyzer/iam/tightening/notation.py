"""How a value of a policy is written: in YAML with its short functions, and in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.iam.tightening.proposals import ProposedResource, shown_text
from analyzer.unknown import Absent

STEP = 2  # columns of one level in what is added
_ATTRIBUTE = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}")
_PLAIN_ACTION = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9]+\*?")
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9:/_-]*")


@dataclass(frozen=True, slots=True)
class Notation:
    """How one language writes a resource, one that exists under a condition only, and a key."""

    resource: Callable[[str], str]
    guarded: Callable[[str, str], str]
    key: Callable[[str], str]


def _yaml_resource(text: str) -> str:
    """A text of Fn::Sub with the shortest function that gives it."""
    match = _ATTRIBUTE.fullmatch(text)
    if match and match[2]:
        return f"!GetAtt {match[1]}.{match[2]}"
    if match:
        return f"!Ref {json.dumps(match[1]) if ':' in match[1] else match[1]}"
    return f"!Sub {json.dumps(text)}" if "${" in text else json.dumps(text)


def _json_resource(text: str) -> str:
    match = _ATTRIBUTE.fullmatch(text)
    if match and match[2]:
        return json.dumps({"Fn::GetAtt": [match[1], match[2]]})
    if match:
        return json.dumps({"Ref": match[1]})
    return json.dumps({"Fn::Sub": text} if "${" in text else text)


def _yaml_guarded(condition: str, resource: str) -> str:
    return f'!If [{condition}, {resource}, !Ref "AWS::NoValue"]'


def _json_guarded(condition: str, resource: str) -> str:
    return f'{{"Fn::If": [{json.dumps(condition)}, {resource}, {{"Ref": "AWS::NoValue"}}]}}'


YAML = Notation(_yaml_resource, _yaml_guarded, str)
JSON = Notation(_json_resource, _json_guarded, json.dumps)


def yaml_resource(named: ProposedResource) -> str:
    """A resource in YAML; what a policy says literally may hold a variable of its own."""
    return _yaml_value(named.value) if named.stated is not None else _yaml_resource(named.text)


def _yaml_value(value: Any) -> str:
    if isinstance(value, str | bool | int | float):
        return json.dumps(value)
    return _yaml_resource(shown_text(value))


def yaml_action(text: str) -> str:
    """An action in YAML, quoted where that is needed."""
    return text if _PLAIN_ACTION.fullmatch(text) else json.dumps(text)


def yaml_member(name: str, values: Sequence[str], indent: int) -> Iterator[str]:
    """The lines of a member: its one value behind it, or a list in lines."""
    pad = " " * indent
    if len(values) == 1:
        yield f"{pad}{name}: {values[0]}"
    else:
        yield f"{pad}{name}:"
        yield from (f"{pad}{' ' * STEP}- {value}" for value in values)


def yaml_conditions(conditions: Mapping[str, Any] | Absent, indent: int) -> Iterator[str]:
    """The lines of a Condition element; nothing where there is none."""
    if isinstance(conditions, Mapping) and conditions:
        yield from _yaml_mapping("Condition", conditions, indent)


def _yaml_mapping(name: str, value: Mapping[str, Any], indent: int) -> Iterator[str]:
    yield f"{' ' * indent}{name}:"
    for inner_name in value:
        inner = value[inner_name]
        key = inner_name if _PLAIN_KEY.fullmatch(inner_name) else json.dumps(inner_name)
        if isinstance(inner, Mapping):
            yield from _yaml_mapping(key, inner, indent + STEP)
        else:
            values = inner if isinstance(inner, list | tuple) else [inner]
            yield from yaml_member(key, [_yaml_value(one) for one in values], indent + STEP)


def passed_to_condition(services: Sequence[str]) -> dict[str, Any]:
    """The condition that a role is handed to some services only."""
    value = services[0] if len(services) == 1 else list(services)
    return {"StringEquals": {"iam:PassedToService": value}}
