"""Build `data/scalars.json.gz`: which properties are booleans and numbers, per resource type.

Reading a template needs this of each schema and no more, and cfn-lint takes a third of a second to
import: so the scalar types are taken out of the resource schemas that cfn-lint ships, once.

To renew them, after an upgrade of cfn-lint:

    python -m analyzer.template.build_scalars

The result is the same byte for byte for the same version of cfn-lint. Its first line names that
version; each other line is a resource type, a tab, and its shapes as JSON (see `coerce.shape_of`),
sorted by type. Of types that the regions describe differently, us-east-1's description is taken.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyzer.template.coerce import DATA

_LETTERS = {"boolean": "b", "integer": "i", "number": "n", "string": "s"}
_DIGITS = re.compile(r"\^(\[0-9\]|\\d)[*+]\$")

# Declared as text, and always a whole number.
_WHOLE_NUMBERS = {
    "AWS::AutoScaling::AutoScalingGroup": ("Cooldown", "DefaultInstanceWarmup"),
}


def shape(schema: Mapping[str, Any]) -> Any:
    """The scalar types below one schema; None where there are none to tell."""
    if "$ref" in schema:
        return "#" + schema["$ref"].rpartition("/")[2]
    kind = schema.get("type")
    if kind == "string" and _DIGITS.fullmatch(f"{schema.get('pattern')}"):
        return "i"
    if isinstance(kind, str) and kind in _LETTERS:
        return _LETTERS[kind]
    if kind == "array" and isinstance(schema.get("items"), dict):
        items = shape(schema["items"])
        return [items] if items is not None else None
    if kind == "object" or "properties" in schema:
        return _object(schema)
    return None


def _object(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    entries = {name: shape(inner) for name, inner in schema.get("properties", {}).items()}
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        for name, inner in branch.get("properties", {}).items():
            entries.setdefault(name, shape(inner))
    patterns = list(schema.get("patternProperties", {}).values())
    if len(patterns) == 1:
        entries["*"] = shape(patterns[0])
    known = {name: inner for name, inner in entries.items() if inner is not None}
    return known or None


def shapes(schema: Mapping[str, Any]) -> dict[str, Any]:
    """All shapes of one resource type, in the form that `coerce.shape_of` describes."""
    result: dict[str, Any] = {"": _object(schema) or {}}
    for name in _WHOLE_NUMBERS.get(schema["typeName"], ()):
        result[""][name] = "i"
    for name, definition in schema.get("definitions", {}).items():
        result[f"#{name}"] = shape(definition) or {}
    return result


def described() -> str:
    """The text of the data file, from the cfn-lint that is installed."""
    import cfnlint
    from cfnlint.version import __version__ as version

    folder = Path(cfnlint.__file__).parent / "data" / "schemas"
    files: dict[str, str] = {}
    for provider in sorted((folder / "providers").glob("*.json")):
        listed = json.loads(provider.read_text())
        types = {name: file for name, file in listed.items() if isinstance(file, str)}
        files = {**types, **files} if provider.name != "us-east-1.json" else {**files, **types}
    lines = [f"# resource schemas of cfn-lint {version}"]
    for type_, file in sorted(files.items()):
        path = folder / "resources" / f"{file}.json"
        if path.is_file():
            schema = {"typeName": type_, **json.loads(path.read_text())}
            lines.append(f"{type_}\t{json.dumps(shapes(schema), separators=(',', ':'))}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DATA.write_bytes(gzip.compress(described().encode(), 9, mtime=0))
