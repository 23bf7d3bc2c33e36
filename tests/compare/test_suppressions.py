"""What a change has other checkers leave out is told: those tools obey it, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.assembly import Assembled, assemble
from analyzer.compare.pairing import pair
from analyzer.compare.suppressions import suppressions_added
from analyzer.inputs import Deployment, find_systems

PLAIN = """Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: one}
"""
SKIP = "\n    Metadata: {checkov: {skip: [{id: CKV_AWS_18, comment: so}]}}"
IGNORE = "\n    Metadata: {cfn-lint: {config: {ignore_checks: [E3002]}}}"
TYPE = "    Type: AWS::S3::Bucket"


def read(folder: Path, text: str) -> Assembled:
    folder.mkdir()
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (system,) = find_systems([folder], Deployment()).systems
    return assemble(system, system.profiles[0], {})


def told(tmp_path: Path, base: str, head: str) -> list[tuple[str, int]]:
    """The checkers that a change tells to leave something out, and in which lines."""
    before, after = read(tmp_path / "base", base), read(tmp_path / "head", head)
    pairs = pair(before.inventory, after.inventory, {})
    found = suppressions_added(before, after, pairs, {})
    return [(checker, problem.line) for checker, problem in found]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PLAIN, []),
        (PLAIN.replace(TYPE, TYPE + SKIP), [("checkov", 2)]),
        (PLAIN.replace(TYPE, TYPE + IGNORE), [("cfn-lint", 2)]),
        (
            f"Metadata: {{cfn-lint: {{config: {{ignore_checks: [E3002]}}}}}}\n{PLAIN}",
            [("cfn-lint", 1)],
        ),
        (PLAIN.replace(TYPE, f"    # checkov:skip=CKV_AWS_18: so\n{TYPE}"), [("checkov", 3)]),
        (
            PLAIN.replace(TYPE, f"{TYPE}\n    Metadata: {{checkov: [], cfn-lint: {{config: 1}}}}"),
            [],
        ),
    ],
)
def test_what_a_change_adds_is_told(
    tmp_path: Path, head: str, expected: list[tuple[str, int]]
) -> None:
    assert told(tmp_path, PLAIN, head) == expected


@pytest.mark.parametrize("said", [SKIP, IGNORE, "  # checkov:skip=CKV_AWS_18: so"])
def test_what_the_base_has_is_not_told_also_where_its_resource_is_renamed(
    tmp_path: Path, said: str
) -> None:
    base = PLAIN.replace(TYPE, TYPE + said)
    assert told(tmp_path, base, base.replace("Bucket:", "Assets:")) == []


def test_a_second_comment_about_one_rule_is_told_too(tmp_path: Path) -> None:
    base = PLAIN.replace(TYPE, f"    # checkov:skip=CKV_AWS_18: so\n{TYPE}")
    head = base.replace(TYPE, f"{TYPE}\n    # checkov:skip=CKV_AWS_18: again")
    assert told(tmp_path, base, head) == [("checkov", 5)]
