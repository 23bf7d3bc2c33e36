"""Answers made up from the models that botocore ships, and what a schema says of a value."""

from __future__ import annotations

from typing import Any


def sample(shape: Any, above: tuple[str, ...]) -> Any:
    """A value of a shape with every field; None where shapes contain themselves."""
    if shape.name in above:
        return None
    inside = (*above, shape.name)
    if shape.type_name == "structure":
        return {name: sample(member, inside) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, inside)]
    if shape.type_name == "map":
        return {"key": sample(shape.value, inside)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "{}"
    return True if shape.type_name == "boolean" else 1


def unknown_paths(schema: dict[str, Any], node: Any, value: Any, path: str) -> list[str]:
    """The paths in a value that a schema does not know, or knows as another kind."""
    node = _resolved(schema, node)
    kind = node.get("type")
    if isinstance(value, list):
        if kind not in ("array", None):
            return [path]
        return [
            bad
            for item in value
            for bad in unknown_paths(schema, node.get("items", {}), item, path)
        ]
    if isinstance(value, dict):
        known = _properties(schema, node)
        if kind == "array":
            return [path]
        if not known:
            return []
        return [
            bad
            for name, item in value.items()
            for bad in (
                unknown_paths(schema, known[name], item, f"{path}/{name}")
                if name in known
                else [f"{path}/{name}"]
            )
        ]
    return [path] if kind in ("array", "object") and value != "{}" else []


def _resolved(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = schema
        for part in node["$ref"].lstrip("#/").split("/"):
            found = found[part]
        node = found
    return dict(node)


def _properties(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    node = _resolved(schema, node)
    found = dict(node.get("properties", {}))
    for choice in ("oneOf", "anyOf", "allOf"):
        for item in node.get(choice, ()):
            found.update(_properties(schema, item))
    return found
