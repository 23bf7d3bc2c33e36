"""Every labelled case, held to its label: policies of identities, of trust, and of resources."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from analyzer.iam import Grant, Holder, layer, service_reference
from analyzer.iam.evaluation import decide
from analyzer.iam.identities import exfiltrating, exposing, revealing
from analyzer.iam.managed_policies import names, statements_in
from tests.iam.labelled import ACCOUNT, CASES, agrees, dossier, of_kind

REFERENCE = service_reference()

ASKED = [
    pytest.param(case["id"], key, wanted, id=f"{case['id']} {case['title']}: {key}")
    for case in of_kind("identity", "trust", "resource")
    for key, wanted in case["expect"].items()
]


@cache
def answers(id_: str) -> dict[str, Any]:
    return dossier(next(case for case in CASES if case["id"] == id_)).answers()


@pytest.mark.parametrize(("id_", "key", "wanted"), ASKED)
def test_the_answer_is_the_labelled_one(id_: str, key: str, wanted: Any) -> None:
    assert agrees(key, wanted, answers(id_)[key])


def test_no_kind_of_case_is_left_out() -> None:
    known = {"identity", "trust", "resource", "compare", "tighten"}
    assert {case["kind"] for case in CASES} <= known
    assert len(ASKED) > 250


@pytest.mark.parametrize("name", sorted(names())[::40])
def test_an_example_is_allowed_by_the_rules_of_evaluation(name: str) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements_in(name)}
    own = layer([policy], REFERENCE)
    delegation = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "*", "Resource": "*"}
    resource = layer([{"Statement": delegation}], REFERENCE, kind="resource")
    holder = Holder(Grant((own,)), REFERENCE, ACCOUNT)
    for action in (*exfiltrating(REFERENCE), *revealing(), *exposing(REFERENCE)):
        example = holder.example(action)
        if example is not None and not any(rule.tests for rule in own):
            request = replace(example, principal=f"AWS:arn:aws:iam::{ACCOUNT}:role/holder")
            whose = {"principal_account": ACCOUNT, "resource_account": ACCOUNT}
            assert decide(request, identity=own, resource=resource, **whose).allowed, action
