"""The labelled cases, and what the engine answers to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from analyzer.iam.dossier import Dossier

FILE = Path(__file__).with_name("iam-cases.yaml")
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_bytes())["cases"]
ACCOUNT = "111122223333"


def of_kind(*kinds: str) -> Iterable[dict[str, Any]]:
    return (case for case in CASES if case["kind"] in kinds)


def dossier(case: Mapping[str, Any]) -> Dossier:
    """A case as `assay iam check` reads it."""
    left_out = ("id", "title", "expect", "why", "tags")
    return Dossier.read({key: value for key, value in case.items() if key not in left_out})


def agrees(key: str, wanted: Any, answer: Any) -> bool:
    """Whether an answer is the labelled one, by the words of the cases' head comment."""
    if key == "paths":
        return set(wanted) <= set(answer) and (bool(wanted) or not answer)
    if key in ("service_wildcard", "effective_services", "unknown_actions", "no_effect_actions"):
        return answer == wanted if isinstance(wanted, str) else sorted(answer) == sorted(wanted)
    if isinstance(wanted, list) and not isinstance(answer, list):
        return answer in wanted
    return bool(answer == wanted)
