"""What reading one template under one profile gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.model import Resource
from analyzer.template.source import Source


@dataclass(frozen=True)
class Stack:
    """One template under one profile, those of its nested stacks included.

    `exports` maps export names to values; `parameters` shows the effective values with NoEcho
    masked; `secrets` are literal texts that must never reach an output; `notes` say what could
    not be read or would fail at deployment.
    """

    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any]
    exports: Mapping[str, Any]
    parameters: Mapping[str, str]
    secrets: frozenset[str]
    source: Source
    notes: tuple[str, ...]
