"""When services were used last: the two calls of IAM, their report awaited, and what goes wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from analyzer.account.last_accessed import LastAccessed, last_accessed

ARN = "arn:aws:iam::111122223333:role/r"
JOB = "a" * 36
MOMENT = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


class OneClient:
    """Clients of an account that has one."""

    def __init__(self) -> None:
        self.client = boto3.client("iam", region_name="us-east-1")

    def of(self, service: str, region: str) -> Any:
        assert service == "iam"
        return self.client


def page(status: str, *used: tuple[str, dt.datetime | None], **more: Any) -> dict[str, Any]:
    entries = []
    for name, moment in used:
        entry: dict[str, Any] = {"ServiceName": name, "ServiceNamespace": name}
        entries.append(entry if moment is None else {**entry, "LastAuthenticated": moment})
    return {
        "JobStatus": status,
        "JobCreationDate": MOMENT,
        "JobCompletionDate": MOMENT,
        "ServicesLastAccessed": entries,
        **more,
    }


@pytest.fixture
def clients(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    made = OneClient()
    with Stubber(made.client) as stub:
        made.stub = stub
        yield made
        stub.assert_no_pending_responses()


def asked(clients: Any, **more: Any) -> LastAccessed:
    return last_accessed(clients, ARN, sleep=lambda _: None, **more)


def generated(clients: Any) -> None:
    clients.stub.add_response(
        "generate_service_last_accessed_details",
        {"JobId": JOB},
        {"Arn": ARN, "Granularity": "SERVICE_LEVEL"},
    )


def answered(clients: Any, answer: dict[str, Any], **more: Any) -> None:
    clients.stub.add_response("get_service_last_accessed_details", answer, {"JobId": JOB, **more})


def test_the_report_is_awaited_and_read_to_its_end(clients) -> None:
    generated(clients)
    answered(clients, page("IN_PROGRESS"))
    answered(clients, page("COMPLETED", ("s3", MOMENT), IsTruncated=True, Marker="m"))
    answered(clients, page("COMPLETED", ("sqs", None)), Marker="m")
    assert asked(clients) == LastAccessed({"s3": MOMENT.date(), "sqs": None}, MOMENT.date())


def test_a_denied_report_says_so_and_nothing_else(clients) -> None:
    clients.stub.add_client_error(
        "generate_service_last_accessed_details", "AccessDenied", http_status_code=403
    )
    found = asked(clients)
    assert found.services == {}
    assert found.failure is not None
    assert found.failure.kind == "denied"
    assert f"{found.failure}" == "iam:GenerateServiceLastAccessedDetails answered AccessDenied"


def test_a_denied_answer_names_its_own_call(clients) -> None:
    generated(clients)
    clients.stub.add_client_error(
        "get_service_last_accessed_details", "AccessDenied", http_status_code=403
    )
    assert "iam:GetServiceLastAccessedDetails" in f"{asked(clients).failure}"


def test_a_report_that_fails_is_no_report(clients) -> None:
    generated(clients)
    answered(clients, page("FAILED", Error={"Message": "no", "Code": "Broken"}))
    found = asked(clients)
    assert (found.services, found.failure and found.failure.code) == ({}, "Broken")


def test_a_report_that_never_comes_is_given_up(clients) -> None:
    generated(clients)
    for _ in range(3):
        answered(clients, page("IN_PROGRESS"))
    found = asked(clients, patience=2)
    assert found.failure is not None
    assert found.failure.kind == "timed out"
