"""What AWS's own managed policies grant: the documents in `data/managed_policies.json.gz`."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from analyzer.iam.statements import policy_of
from analyzer.unknown import Open, Reference

DOCUMENTS = Path(__file__).parent / "data" / "managed_policies.json.gz"
_FILE = Path(__file__).parent / "data" / "managed_policies.csv"
_PREFIX = ":iam::aws:policy/"


@cache
def _grants() -> Mapping[str, str]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {row["policy"]: row["grants"] for row in csv.DictReader(stream)}


@cache
def _texts() -> Mapping[str, str]:
    """The statements of every policy as JSON: few of the policies are ever asked about."""
    policies: Mapping[str, str] = json.loads(gzip.decompress(DOCUMENTS.read_bytes()))["policies"]
    return policies


def names() -> Iterable[str]:
    """The names of every policy, with their paths."""
    return _texts()


@lru_cache(maxsize=256)
def statements_in(name: str) -> Any:
    """The statements of a policy; None for a name that there is not."""
    text = _texts().get(name)
    return None if text is None else json.loads(text)


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


def managed_document(arn: Any) -> Mapping[str, Any] | None:
    """The document of one of AWS's managed policies; None for another, and for one not known."""
    if isinstance(arn, Open) or _PREFIX not in f"{arn}":
        return None
    statement = statements_in(f"{arn}".partition(_PREFIX)[2])
    return policy_of(statement) if statement else None


def strongest() -> tuple[str, ...]:
    """The ARNs of the policies that make their holder an administrator."""
    return tuple(f"arn:aws:iam::aws:policy/{name}" for name in _grants())


def is_harmless(arn: Any) -> bool:
    """Whether an ARN is that of a known managed policy which makes nobody an administrator."""
    return managed_document(arn) is not None and f"{arn}".partition(_PREFIX)[2] not in _grants()
