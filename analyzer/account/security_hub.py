"""Sending findings to Security Hub, in the account and region that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.account.failures import failure_of

Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one account and region took. `failed` are ids with the reason."""

    account: str
    region: str
    imported: int
    failed: tuple[tuple[str, str], ...] = ()


def send(
    findings: Iterable[Finding],
    batches: Callable[[Sequence[Any]], Iterable[Sequence[Any]]],
    client_of: Callable[[str, str], Any],
) -> list[Sent]:
    """Import findings in ASFF; `client_of` gives the client of an account and region.

    Nothing is sent twice and nothing is given up silently: what a region refuses is in `failed`.
    """
    places: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding["AwsAccountId"], finding["Region"])
        places.setdefault(key, []).append(finding)
    return [
        _sent(account, region, found, batches, client_of)
        for (account, region), found in places.items()
    ]


def _sent(
    account: str,
    region: str,
    found: Sequence[Finding],
    batches: Callable[[Sequence[Any]], Iterable[Sequence[Any]]],
    client_of: Callable[[str, str], Any],
) -> Sent:
    imported = 0
    failed: list[tuple[str, str]] = []
    for batch in batches(found):
        try:
            answer = client_of(account, region).batch_import_findings(Findings=list(batch))
        except Exception as error:  # noqa: BLE001 - whatever a client raises, the rest is sent
            failure = failure_of("securityhub:BatchImportFindings", error)
            failed.extend((finding["Id"], f"{failure}") for finding in batch)
            continue
        imported += answer.get("SuccessCount", 0)
        failed.extend(
            (one["Id"], f"{one.get('ErrorCode')} {one.get('ErrorMessage', '')}".strip())
            for one in answer.get("FailedFindings", ())
        )
    return Sent(account, region, imported, tuple(failed))
