"""Labelled policies: what the rules say of each is held to what IAM's own logic gives."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.content import content
from analyzer.findings import Verdict
from analyzer.iam import exposure_of
from analyzer.model import Inventory, Resource
from analyzer.policy.evaluate import judge_one
from analyzer.policy.pack import load_packs
from analyzer.policy.rule import Rule

TODAY = dt.date(2026, 11, 21)
CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
SIGNS = {
    "administers": ("IAM-POL-01",),
    "escalates": ("IAM-POL-01", "IAM-POL-04", "IAM-ROLE-03"),
    "reads": ("IAM-POL-06", "IAM-POL-07", "IAM-POL-10"),
    "manages": ("IAM-POL-07",),
}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(case["policies"], question, answer == "yes", id=f"{case['title']}: {question}")
        for case in CASES[kind]
        for question, answer in case["expect"].items()
    ]


@cache
def rules() -> dict[str, Rule]:
    return load_packs([content("rules") / "iam"])


def fails(role: Resource, *ids: str) -> bool:
    findings = [
        finding
        for id_ in ids
        for finding in judge_one(
            rules()[id_], role, Inventory("case", [role]), dict(rules()[id_].settings), TODAY
        )
    ]
    assert {finding.verdict for finding in findings} <= {Verdict.PASS, Verdict.FAIL}
    return any(finding.verdict is Verdict.FAIL for finding in findings)


def role(**properties: Any) -> Resource:
    return Resource("AWS::IAM::Role", "Holder", properties, account="111122223333")


@pytest.mark.parametrize(("policies", "question", "answer"), cases("identity"))
def test_identity_policies(policies: list[Any], question: str, answer: bool) -> None:
    holder = role(
        Policies=[
            {"PolicyName": f"{number}", "PolicyDocument": {"Statement": statements}}
            for number, statements in enumerate(policies)
        ]
    )
    assert fails(holder, *SIGNS[question]) is answer


@pytest.mark.parametrize(("policies", "question", "answer"), cases("trust"))
def test_trust_policies(policies: list[Any], question: str, answer: bool) -> None:
    trusting = role(AssumeRolePolicyDocument={"Statement": policies[0]})
    if question == "public":
        assert fails(trusting, "IAM-ROLE-02") is answer
    else:
        assert fails(trusting, "IAM-ROLE-04") is not answer


@pytest.mark.parametrize(("policies", "question", "answer"), cases("resource"))
def test_policies_of_resources(policies: list[Any], question: str, answer: bool) -> None:
    assert question == "public"
    bucket = role()
    Inventory("case", [bucket])
    exposure = exposure_of({"Statement": policies[0]}, bucket)
    assert any(alone.opening for _, alone in exposure.by_statement()) is answer
