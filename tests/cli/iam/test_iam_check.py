"""`assay iam check`: what policies allow, and whom they let in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay
from tests.cli.iam.conftest import (
    ANYBODY,
    BY_NIGHT,
    FULL,
    OPEN,
    PARTNER,
    READS,
    allowing,
    file_of,
    found,
    policy,
)


@pytest.mark.parametrize(
    ("stated", "code", "answers"),
    [
        (FULL, 1, {"kind": "identity", "admin": "full", "service_wildcard": "all"}),
        (READS, 0, {"kind": "identity", "admin": "no", "effective_services": ["s3"]}),
        (BY_NIGHT, 3, {"admin": "conditional", "escalation": "conditional"}),
        (OPEN, 1, {"kind": "resource", "public": "yes"}),
        (ANYBODY, 1, {"kind": "trust", "public": "yes", "trust": "public"}),
        (PARTNER, 0, {"kind": "trust", "trust": "cross-account", "guarded": "no"}),
    ],
)
def test_a_policy_is_answered_by_its_kind(
    assay: Assay, tmp_path: Path, stated: Any, code: int, answers: dict[str, Any]
) -> None:
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert found(ended).items() >= answers.items()
    assert ended.code == code


def test_yaml_and_json_are_read_alike(assay: Assay, tmp_path: Path) -> None:
    text = 'Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "*", Resource: "*"}\n'
    written = assay("iam", "check", file_of(tmp_path, "p.yaml", text), "--format", "json")
    plain = assay("iam", "check", file_of(tmp_path, "p.json", FULL), "--format", "json")

    assert found(written) == found(plain)


def test_a_policy_may_stand_in_a_text(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", {"policy": json.dumps(ANYBODY)})

    assert found(assay("iam", "check", file, "--format", "json"))["trust"] == "public"


def test_the_kind_can_be_said(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", PARTNER)
    ended = assay("iam", "check", file, "--kind", "resource", "--format", "json")

    assert found(ended)["kind"] == "resource"


@pytest.mark.parametrize(
    ("around", "code", "answers"),
    [
        ({"boundary": allowing("s3:*")}, 0, {"admin": "no", "effective_services": ["s3"]}),
        ({"boundary": FULL}, 1, {"admin": "full"}),
        ({"scp": [allowing(["s3:*", "logs:*"])]}, 0, {"effective_services": ["logs", "s3"]}),
        ({"also_attached": [policy({"Effect": "Deny", "Action": "*", "Resource": "*"})]}, 0, {}),
    ],
)
def test_what_stands_around_a_policy_decides_with_it(
    assay: Assay, tmp_path: Path, around: dict[str, Any], code: int, answers: dict[str, Any]
) -> None:
    file = file_of(tmp_path, "p.json", {"policy": FULL, **around})
    ended = assay("iam", "check", file, "--format", "json")

    assert found(ended).items() >= answers.items()
    assert ended.code == code


@pytest.mark.parametrize(("power", "verdict", "code"), [("*", "yes", 1), ("logs:Put*", "no", 0)])
def test_the_world_says_what_taking_a_role_gains(
    assay: Assay, tmp_path: Path, power: str, verdict: str, code: int
) -> None:
    role = "arn:aws:iam::111122223333:role/other"
    stated = {
        "policy": allowing("sts:AssumeRole", role),
        "world": {"roles": {role: {"allows": [power]}}},
    }
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert (found(ended)["escalation"], ended.code) == (verdict, code)


def test_a_blocked_bucket_lets_none_but_services_in(assay: Assay, tmp_path: Path) -> None:
    stated = {"policy": OPEN, "block_public_access": {"RestrictPublicBuckets": True}}
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert found(ended).items() >= {"public": "no", "confused_deputy": "yes"}.items()


def test_the_text_says_the_answers_and_spells_the_ways_out(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", allowing("iam:CreatePolicyVersion"))
    ended = assay("iam", "check", file)
    lines = [line.split(maxsplit=1) for line in ended.out.splitlines()]

    assert lines[0] == ["kind", "identity"]
    assert ["admin", "effective"] in lines
    assert ["escalation", "yes"] in lines
    assert any("iam:CreatePolicyVersion" in line[1] for line in lines[1:])
    assert ended.code == 1
