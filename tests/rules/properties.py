"""The property names of CloudFormation, from the schemas that cfn-lint ships.

What accounts alone have, such as snapshots, has no schema: its collector says what it is told by.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from analyzer.account.collector import collectors

REGION = "us-east-1"


@cache
def schema_of(type_: str) -> dict[str, Any]:
    """The schema of a type. Raises cfn-lint's error for one that does not exist."""
    schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema
    return schema


@cache
def names_in(type_: str) -> frozenset[str]:
    """Every property name anywhere in the schema of a type."""
    found: set[str] = set()
    try:
        _collect(schema_of(type_), found)
    except ResourceNotFoundError:
        return collectors()[type_].told
    return frozenset(found)


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        properties = value.get("properties")
        if isinstance(properties, dict):
            found.update(properties)
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)


@cache
def everywhere() -> frozenset[str]:
    """Every property name of every type."""
    types = {*PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION), *collectors()}
    return frozenset().union(*(names_in(type_) for type_ in types))


def has_path(type_: str, path: str) -> bool:
    """Whether a type has a property path; `*` stands for a list's items."""
    schema = schema_of(type_)
    node: Any = schema
    for part in path.split("/"):
        node = _resolved(schema, node)
        node = node.get("items") if part == "*" else _properties(schema, node).get(part)
        if node is None:
            return False
    return True


def _properties(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    found = dict(node.get("properties", {}))
    for word in ("oneOf", "anyOf", "allOf"):
        for branch in node.get(word, ()):
            found.update(_properties(schema, _resolved(schema, branch)))
    return found


def _resolved(schema: dict[str, Any], node: Any) -> Any:
    while "$ref" in node:
        target: Any = schema
        for part in re.split("/", node["$ref"].lstrip("#/")):
            target = target[part]
        node = target
    return node
