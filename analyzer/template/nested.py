"""Nested stacks: where the template of one stands, where that is a local file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analyzer.template.source import beside

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
