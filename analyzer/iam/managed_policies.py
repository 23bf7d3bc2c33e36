"""What AWS's own managed policies grant; facts in `data/managed_policies.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.unknown import Reference

_FILE = Path(__file__).parent / "data" / "managed_policies.csv"


@cache
def _grants() -> Mapping[str, str]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {row["policy"]: row["grants"] for row in csv.DictReader(stream)}


def administrator_policy(arn: Any) -> str:
    """The name of the policy and what it grants, where it makes its holder an administrator.

    "" for every other policy; an unknown ARN is a choice point, a policy of the inventory is none.
    """
    if isinstance(arn, Reference):
        return ""
    for name, grants in _grants().items():
        if arn.endswith(f":iam::aws:policy/{name}"):
            return f"{name}, which grants {grants}"
    return ""
