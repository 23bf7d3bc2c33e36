"""Nested stacks: where the template of one stands, where that is a local file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analyzer.template.source import Source, beside

TYPE = "AWS::CloudFormation::Stack"
MAX_DEPTH = 10
_SUFFIXES = (".yaml", ".yml", ".json", ".template")


def template_file(
    properties: Mapping[str, Any], metadata: Mapping[str, Any], parent: str
) -> Path | None:
    """The local template of a nested stack; None where it is remote, not known or not there.

    A CDK assembly names the file in the resource's Metadata, since its URL is an asset's.
    """
    asset = metadata.get("aws:asset:path")
    location = asset if isinstance(asset, str) else properties.get("TemplateURL")
    if not isinstance(location, str) or not location or "\0" in location:
        return None
    parts = urlsplit(location)
    if parts.scheme not in ("", "file") or parts.netloc:
        return None
    file = beside(parent, parts.path)
    return file if file.suffix in _SUFFIXES and file.is_file() else None


def templates_named(source: Source) -> Iterator[Path]:
    """The local templates of the nested stacks that a template declares."""
    for declared in _map(source.data, "Resources").values():
        if isinstance(declared, Mapping) and declared.get("Type") == TYPE:
            named = _map(declared, "Properties"), _map(declared, "Metadata")
            if file := template_file(*named, source.path):
                yield file


def _map(stated: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = stated.get(name)
    return value if isinstance(value, Mapping) else {}
