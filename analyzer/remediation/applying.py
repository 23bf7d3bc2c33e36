"""Doing what was listed, one after the other, each written down before the next begins."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from analyzer.account.failures import failure_of
from analyzer.errors import UsageError
from analyzer.remediation.planning import Action

Result = Literal["done", "skipped", "failed"]
ClientOf = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action: `before` and `after` are the resource's states."""

    action: Action
    result: Result
    before: str
    after: str
    reason: str = ""
    request: str = ""


def apply(
    actions: Iterable[Action], client_of: ClientOf, account: str, log: Path | None
) -> Iterator[Outcome]:
    """Do each action, unless its resource is no longer as it was when it was listed.

    A failure is told and the next goes on. Every outcome is in `log` before it is yielded.
    """
    for action in actions:
        outcome = _done(action, client_of)
        if log is not None:
            _write(log, account, outcome)
        yield outcome


def _done(action: Action, client_of: ClientOf) -> Outcome:
    client = client_of("rds" if "snapshot" in action.kind else "ec2", action.region)
    state, call = _HOW[action.kind]
    before = ""
    try:
        before = state(client, action)
        if before != action.expected:
            reason = f"is {before} by now, not {action.expected}"
            return Outcome(action, "skipped", before, before, reason)
        after, request = call(client, action)
    except Exception as error:  # noqa: BLE001 - whatever a client raises, the next action goes on
        failure = failure_of(f"{action.kind} of {action.resource}", error)
        return Outcome(action, "failed", before, before, f"{failure}")
    return Outcome(action, "done", before, after, request=request)


def _database(rds: Any, action: Action) -> str:
    found = rds.describe_db_instances(DBInstanceIdentifier=action.resource)["DBInstances"]
    return f"{found[0]['DBInstanceStatus']}"


def _snapshot(rds: Any, action: Action) -> str:
    try:
        found = rds.describe_db_snapshots(DBSnapshotIdentifier=action.resource)["DBSnapshots"]
    except rds.exceptions.DBSnapshotNotFoundFault:
        return "gone"
    return f"{found[0]['Status']}"


def _server(ec2: Any, action: Action) -> str:
    answer = ec2.describe_instances(InstanceIds=[action.resource])
    return f"{answer['Reservations'][0]['Instances'][0]['State']['Name']}"


def _take(rds: Any, action: Action) -> tuple[str, str]:
    answer = rds.create_db_snapshot(
        DBSnapshotIdentifier=action.target, DBInstanceIdentifier=action.resource
    )
    return f"{answer['DBSnapshot']['Status']}", _request(answer)


def _delete(rds: Any, action: Action) -> tuple[str, str]:
    answer = rds.delete_db_snapshot(DBSnapshotIdentifier=action.resource)
    return "deleted", _request(answer)


def _stop(ec2: Any, action: Action) -> tuple[str, str]:
    answer = ec2.stop_instances(InstanceIds=[action.resource])
    return f"{answer['StoppingInstances'][0]['CurrentState']['Name']}", _request(answer)


def _start(ec2: Any, action: Action) -> tuple[str, str]:
    answer = ec2.start_instances(InstanceIds=[action.resource])
    return f"{answer['StartingInstances'][0]['CurrentState']['Name']}", _request(answer)


_State = Callable[[Any, Action], str]
_Call = Callable[[Any, Action], tuple[str, str]]
_HOW: dict[str, tuple[_State, _Call]] = {
    "snapshot": (_database, _take),
    "delete-snapshot": (_snapshot, _delete),
    "stop": (_server, _stop),
    "start": (_server, _start),
}


def _request(answer: Any) -> str:
    return f"{answer.get('ResponseMetadata', {}).get('RequestId', '')}"


def _write(log: Path, account: str, outcome: Outcome) -> None:
    """Add a line, and see that it is on the disk."""
    action = outcome.action
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "account": account,
        "region": action.region,
        "action": action.kind,
        "resource": action.arn,
        "target": action.target,
        "before": outcome.before,
        "after": outcome.after,
        "result": outcome.result,
        "reason": outcome.reason,
        "request": outcome.request,
    }
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UsageError(
            f"cannot write '{log}': {error.strerror or error}",
            hint=f"the last action was {outcome.result}: {action.what}",
        ) from error
