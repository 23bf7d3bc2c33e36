"""When an identity last used each service: what IAM's own report of an account says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analyzer.account.failures import Failure, failure_of
from analyzer.account.sessions import Clients

ACTIONS = ("iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails")
"""What reading it needs."""

_PATIENCE = 60.0  # seconds until the report is given up
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class LastAccessed:
    """The day of the last use by service, None for never; or what went wrong, and nothing else.

    `made` is the day of the report: it covers the 400 days before (IAM User Guide, "Refine
    permissions in AWS using last accessed information"; fewer in newer regions).
    """

    services: dict[str, date | None] = field(default_factory=dict)
    made: date | None = None
    failure: Failure | None = None


def last_accessed(
    clients: Clients,
    arn: str,
    *,
    patience: float = _PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> LastAccessed:
    """What the account knows of the services that a role, user, group or policy used."""
    client = clients.of("iam", "")
    call = ACTIONS[0]
    try:
        job = client.generate_service_last_accessed_details(Arn=arn, Granularity="SERVICE_LEVEL")
        call = ACTIONS[1]
        answer = _completed(client, job["JobId"], patience, sleep)
        found = list(answer.get("ServicesLastAccessed", ()))
        while answer.get("IsTruncated"):
            answer = client.get_service_last_accessed_details(
                JobId=job["JobId"], Marker=answer["Marker"]
            )
            found.extend(answer.get("ServicesLastAccessed", ()))
    except Failure as failure:
        return LastAccessed(failure=failure)
    except Exception as error:  # noqa: BLE001 - whatever the client raises is told
        return LastAccessed(failure=failure_of(call, error))
    services = {entry["ServiceNamespace"]: _day(entry.get("LastAuthenticated")) for entry in found}
    return LastAccessed(services, _day(answer.get("JobCompletionDate")))


def _completed(client: Any, job: str, patience: float, sleep: Callable[[float], None]) -> Any:
    """The first page of a report that is done. Raises `Failure` where it never is."""
    waited = 0.0
    while True:
        answer = client.get_service_last_accessed_details(JobId=job)
        if answer["JobStatus"] == "COMPLETED":
            return answer
        if answer["JobStatus"] == "FAILED":
            code = f"{answer.get('Error', {}).get('Code') or 'FAILED'}"
            raise Failure(ACTIONS[1], code, "failed")
        if waited >= patience:
            raise Failure(ACTIONS[1], "IN_PROGRESS", "timed out")
        sleep(_PAUSE)
        waited += _PAUSE


def _day(moment: Any) -> date | None:
    return moment.date() if moment is not None else None
