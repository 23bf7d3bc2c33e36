"""Every labelled case, held to its label: policies of identities, of trust, and of resources."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.iam.labelled import CASES, agrees, dossier, of_kind

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
