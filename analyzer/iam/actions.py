"""Sets of actions that mean more than their names say; facts in `data/actions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "actions.yaml"


@cache
def _data() -> Mapping[str, Any]:
    import yaml  # needed only where there is a policy

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506 - a safe one
    return data


def action_sets(name: str) -> tuple[str, ...]:
    """The actions of one set: credentials, data, permissions or writes."""
    return tuple(_data()[name]["actions"])
