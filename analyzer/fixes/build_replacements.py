"""Build `data/replacements.json.gz`: which properties cannot change without a new resource.

A gate asks this of each fix, and cfn-lint takes a third of a second to import: so what it needs of
the resource schemas that cfn-lint ships is taken out of them, once.

To renew them, after an upgrade of cfn-lint:

    python -m analyzer.fixes.build_replacements

The result is the same byte for byte for the same version of cfn-lint. Its first line names that
version; each other line is a resource type, a tab, and as JSON the properties that replace it
(`always`), those that may (`maybe`), and those that tell one from another (`identity`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analyzer.fixes.replacements import DATA

_NAMES = {
    "always": "createOnlyProperties",
    "maybe": "conditionalCreateOnlyProperties",
    "identity": "primaryIdentifier",
}


def replacing(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """What one schema says, as paths below the properties; `*` stands for a list's items."""
    said = {
        name: sorted(path.removeprefix("/properties/") for path in schema.get(keyword, ()))
        for name, keyword in _NAMES.items()
    }
    return {name: paths for name, paths in said.items() if paths}


def described() -> str:
    """The text of the data file, from the cfn-lint that is installed."""
    from cfnlint.version import __version__ as version

    lines = [f"# resource schemas of cfn-lint {version}"]
    for type_, schema in _schemas():
        lines.append(f"{type_}\t{json.dumps(replacing(schema), separators=(',', ':'))}")
    return "\n".join(lines) + "\n"


def _schemas() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schemas by type; where the regions differ, as us-east-1 has them."""
    import cfnlint

    folder = Path(cfnlint.__file__).parent / "data" / "schemas"
    files: dict[str, str] = {}
    for provider in sorted((folder / "providers").glob("*.json")):
        listed = json.loads(provider.read_text())
        types = {name: file for name, file in listed.items() if isinstance(file, str)}
        files = {**types, **files} if provider.name != "us-east-1.json" else {**files, **types}
    for type_, file in sorted(files.items()):
        path = folder / "resources" / f"{file}.json"
        if path.is_file():
            yield type_, json.loads(path.read_text())


if __name__ == "__main__":
    DATA.write_bytes(gzip.compress(described().encode(), 9, mtime=0))
