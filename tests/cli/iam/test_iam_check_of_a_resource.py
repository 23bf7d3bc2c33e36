"""`assay iam check` of what a template or an architecture declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay
from tests.cli.iam.conftest import found


@pytest.mark.parametrize(
    ("name", "more", "code", "answers"),
    [
        ("Role", (), 0, {"in": "template.yaml", "kind": "identity", "admin": "no"}),
        ("Role", ("--kind", "trust"), 0, {"kind": "trust", "trust": "service"}),
        ("Other", ("--kind", "trust"), 1, {"trust": "public"}),
        ("Member", (), 1, {"admin": "full", "missing": []}),
        ("Guest", (), 3, {"admin": "no", "missing": ["the group made-elsewhere"]}),
        ("BlockedPolicy", (), 1, {"public": "no", "confused_deputy": "yes"}),
        ("ForeignPolicy", (), 3, {"public": "unknown"}),
        ("FromBucket", (), 1, {"kind": "resource", "confused_deputy": "yes", "public": "no"}),
        ("FromOwnBucket", (), 0, {"confused_deputy": "no"}),
    ],
)
def test_a_resource_of_a_template_is_asked_by_its_logical_id(
    assay: Assay,
    template: Path,
    name: str,
    more: tuple[str, ...],
    code: int,
    answers: dict[str, Any],
) -> None:
    ended = assay("iam", "check", template.name, "--policy", name, *more, "--format", "json")

    answered = found(ended)
    assert answered["of"].endswith(f"/{name}")
    assert answered.items() >= answers.items()
    assert ended.code == code


def test_what_is_not_known_is_said(assay: Assay, template: Path) -> None:
    ended = assay("iam", "check", template, "--policy", "ForeignPolicy")

    assert "parameter `Elsewhere`" in ended.out
    assert ended.code == 3


@pytest.mark.parametrize(("profile", "misspelt"), [("dev", ["s3:GetObjekt"]), ("prod", [])])
def test_the_profile_of_an_architecture_decides(
    assay: Assay, shop: Path, profile: str, misspelt: list[str]
) -> None:
    asked = ("--policy", "Role", "--profile", profile, "--format", "json")
    answered = found(assay("iam", "check", shop, *asked))

    assert answered["in"] == f"shop {profile}"
    assert answered["unknown_actions"] == misspelt
