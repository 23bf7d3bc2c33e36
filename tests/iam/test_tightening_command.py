"""`assay iam tighten`, and what an account says of use."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import click
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner
from tightening_samples import BLOCK, BUCKET, allow, template

from analyzer.account.sessions import Clients
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.iam_tighten import command
from analyzer.errors import AssayError


@click.group()
def iam() -> None:
    pass


iam.add_command(command, "tighten")


def called(*arguments: object) -> Any:
    return CliRunner().invoke(
        iam, ["tighten", *map(str, arguments)], standalone_mode=False, catch_exceptions=False
    )


def test_the_command_tells_proposals_as_text_json_and_diff(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    text = called(file, "--role", "Role").output
    assert "2 of 2 statements" in text
    assert "only candidate" in text
    data = json.loads(called(file, "--role", "Role", "--format", "json").output)
    assert data["role"] == "t/Role"
    assert data["proposals"][0]["resources"] == ["${Assets.Arn}"]
    assert data["proof"] == {"allows_more": "no", "hangs_on": []}
    assert data["takes_away"]["action"] == "s3:ListBucket"
    assert data["kept"] == [
        {"actions": ["ec2:DescribeVpcs"], "reason": "the action takes no resource"}
    ]
    diff = called(file, "--role", "Role", "--format", "diff").output
    assert diff.startswith("--- a/")
    assert diff == data["diff"]


@pytest.mark.parametrize("form", ["diff", "json"])
def test_a_secret_beside_the_statement_is_not_in_the_diff(tmp_path: Path, form: str) -> None:
    beside = "  Login: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: tr0ub4dor}}\n"
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK.replace("Outputs:", f"{beside}Outputs:"))
    shown = called(file, "--role", "Role", "--format", form).output
    assert "SecretString" in shown
    assert "tr0ub4dor" not in shown


@pytest.mark.parametrize(
    ("role", "said"), [("Rol", "did you mean 'Role'"), ("Assets", "there is no role")]
)
def test_the_command_names_the_roles_that_there_are(tmp_path: Path, role: str, said: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    with pytest.raises(AssayError, match=said):
        called(file, "--role", role)


class Iam:
    """The one client of an account: what it answers is said beforehand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        self.client = boto3.client("iam", region_name="us-east-1")
        self.stub = Stubber(self.client)
        monkeypatch.setattr(Clients, "of", lambda clients, service, region: self.client)

    def tells(self, **used: dt.datetime | None) -> None:
        moment = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
        entries = [
            {"ServiceName": name, "ServiceNamespace": name}
            | ({} if last is None else {"LastAuthenticated": last})
            for name, last in used.items()
        ]
        self.stub.add_response(
            "generate_service_last_accessed_details",
            {"JobId": "a" * 36},
            {"Arn": DEPLOYED, "Granularity": "SERVICE_LEVEL"},
        )
        self.stub.add_response(
            "get_service_last_accessed_details",
            {
                "JobStatus": "COMPLETED",
                "JobCreationDate": moment,
                "JobCompletionDate": moment,
                "ServicesLastAccessed": entries,
            },
            {"JobId": "a" * 36},
        )

    def denies(self) -> None:
        self.stub.add_client_error(
            "generate_service_last_accessed_details", "AccessDenied", http_status_code=403
        )


DEPLOYED = "arn:aws:iam::111122223333:role/shop"


@pytest.fixture
def iam_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Iam]:
    made = Iam(monkeypatch)
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def test_the_command_drops_what_the_account_says_was_never_used(
    tmp_path: Path, iam_client: Iam
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    iam_client.tells(s3=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), sqs=None)
    result = called(file, "--role", "Role", "--deployed-as", DEPLOYED, "--format", "json")
    data = json.loads(result.output)
    assert result.return_value == COMPLIANT
    assert [one["actions"] for one in data["dropped"]] == [["sqs:SendMessage"]]
    assert data["last_accessed"] == {
        "made": "2026-11-20",
        "failure": None,
        "services": {"s3": "2026-10-01", "sqs": None},
    }
    assert "sqs:SendMessage" not in data["snippet"]


def test_the_command_says_that_it_could_not_ask_and_drops_nothing(
    tmp_path: Path, iam_client: Iam
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    iam_client.denies()
    result = called(file, "--role", "Role", "--deployed-as", DEPLOYED)
    assert result.return_value == INCOMPLETE
    assert "iam:GenerateServiceLastAccessedDetails answered AccessDenied" in result.stderr
    assert "2 of 2 statements" in result.stdout
    assert "dropped" not in result.stdout


def test_the_text_says_why_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        template(
            allow("'s3:*', 'sqs:SendMessage'"),
            allow("s3:GetObject", "!Sub '${Assets.Arn}/x'"),
            "{Effect: Deny, Action: 's3:*', Resource: '*'}",
            resources=BUCKET,
        )
    )
    lines = called(file, "--role", "Role").output.splitlines()
    assert "    on ${Assets.Arn}/*" in lines
    assert any("only its resources are bounded" in line for line in lines)
    assert "    as before: no resource of the type `queue` in the stack" in lines
    assert "  1 statement that names no resource with a wildcard" in lines
    assert "  1 statement that denies" in lines


def test_without_a_proposal_the_diff_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(template(allow("ec2:DescribeVpcs")))
    result = called(file, "--role", "Role", "--format", "diff")
    assert result.stdout == ""
    assert "nothing to change" in result.stderr
