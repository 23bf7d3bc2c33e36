"""What of a SARIF document code scanning shows as it is meant.

GitHub takes every result for an open alert, whatever its kind and its suppressions. It refuses a
document in which one result has no file, or of too many results, and it knows an alert again by one
fingerprint alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.errors import UsageError

_MOST = 25_000  # results of a run
_FINGERPRINT = "primaryLocationLineHash"
_LEVELS = {"error": 7.0, "warning": 4.0, "note": 0.1}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The document as it is sent; how many results it has, and what was left out, by reason."""

    sarif: bytes
    results: int
    left_out: dict[str, int]


def prepared(sarif: bytes, category: str, *, unknown: bool = False) -> Prepared:
    """The document with the results that are alerts; what is `unknown` only where that is asked.

    `category` tells analyses of one commit apart: of two with the same, GitHub keeps the later.
    Raises `UsageError` where it is no SARIF.
    """
    try:
        document = json.loads(sarif)
        runs = document.get("runs", [])
        left_out: Counter[str] = Counter()
        for run in runs:
            run["automationDetails"] = {"id": f"{category}/{run['tool']['driver']['name']}/"}
            alerts = list(_alerts(run, left_out, unknown=unknown))
            left_out["beyond the most that it takes"] += len(alerts[_MOST:])
            run["results"] = _worst(run, alerts)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UsageError("the file is no SARIF", hint="give what --format sarif writes") from None
    number = sum(len(run["results"]) for run in runs)
    return Prepared(json.dumps(document).encode(), number, dict(+left_out))


def _alerts(run: dict[str, Any], left_out: Counter[str], *, unknown: bool) -> Iterator[Any]:
    for result in run.get("results", []):
        reason = _no_alert(result, unknown=unknown)
        if reason:
            left_out[reason] += 1
            continue
        fingerprints = result.setdefault("partialFingerprints", {})
        if fingerprints and _FINGERPRINT not in fingerprints:
            fingerprints[_FINGERPRINT] = f"{next(iter(fingerprints.values()))}:1"
        yield result


def _no_alert(result: dict[str, Any], *, unknown: bool) -> str:
    """Why a result is no alert; "" where it is one."""
    if result.get("suppressions"):
        return "waived"
    if result.get("baselineState") == "absent":
        return "gone"
    if result.get("kind", "fail") != "fail" and not unknown:
        return "unknown"
    place = (result.get("locations") or [{}])[0].get("physicalLocation", {})
    return "" if place.get("artifactLocation", {}).get("uri") else "without a file"


def _worst(run: dict[str, Any], alerts: list[Any]) -> list[Any]:
    """The worst, where there are too many."""
    if len(alerts) <= _MOST:
        return alerts
    scores = {
        rule["id"]: float(rule.get("properties", {}).get("security-severity", 0))
        for rule in run["tool"]["driver"].get("rules", [])
    }

    def score(result: dict[str, Any]) -> float:
        return scores.get(result.get("ruleId", "")) or _LEVELS.get(result.get("level", ""), 0)

    return sorted(alerts, key=score, reverse=True)[:_MOST]
