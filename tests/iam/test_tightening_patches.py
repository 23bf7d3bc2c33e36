"""A tightened policy written back into its template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tightening_samples import (
    BLOCK,
    ELSEWHERE,
    FLOW,
    JSON,
    LISTED,
    REFERENCE,
    rewritten,
    tightened,
    told,
)

from analyzer.iam.inclusion import allows_more
from analyzer.iam.tightening import grants_of, patch, snippet


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    "written",
    [BLOCK, FLOW, JSON, ELSEWHERE, LISTED],
    ids=["block", "flow", "json", "policy", "list"],
)
def test_a_patch_leaves_what_it_proposes(tmp_path: Path, written: str, ending: str) -> None:
    file = tmp_path / ("t.json" if written is JSON else "t.yaml")
    file.write_text(written.replace("\n", ending), newline="")
    found = tightened(file)
    wanted = grants_of(found, REFERENCE)[1]
    changed = rewritten(file, found)
    again = tightened(file)
    assert not again.proposals
    held = grants_of(again, REFERENCE)[0]
    assert len(held.rules) == len(wanted.rules)
    if written is not LISTED:  # read again, an ARN of a bucket is a text that is not known
        assert allows_more(held, grants_of(found, REFERENCE)[0], REFERENCE).verdict == "no"
    assert {part.resources for one in found.statements for part in one.parts} >= set(
        told(found).values()
    )
    for comment in re.findall(r"# [\w ]+", written):
        assert changed.count(comment) == 1
    assert ("\r\n" in changed) is (ending == "\r\n")
    assert "\n" not in changed.replace("\r\n", "") or ending == "\n"


def test_a_statement_in_lines_keeps_them(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    changed = rewritten(file, tightened(file))
    assert "                Resource: !GetAtt Assets.Arn   # too wide\n" in changed
    assert changed.count("Sid: Work") == 3
    assert changed.count("aws:SecureTransport") == 3
    assert "Resource: !GetAtt Queue.Arn\n" in changed


def test_a_resource_with_a_condition_is_named_under_it(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n"
        + FLOW.replace(
            "{Type: AWS::S3::Bucket}",
            "{Type: AWS::S3::Bucket, Condition: C}\n  Logs: {Type: AWS::S3::Bucket}",
        )
    )
    changed = rewritten(file, tightened(file))
    assert '!If [C, !GetAtt Assets.Arn, !Ref "AWS::NoValue"], !GetAtt Logs.Arn' in changed


@pytest.mark.parametrize(
    ("written", "note"),
    [
        (
            FLOW.replace("- {Effect", "{Effect").replace(
                'Resource: "*"}  # wide', 'Resource: "*"}'
            ),
            "split",
        ),
        (
            FLOW.replace("Statement:\n              - {", "Statement: &s\n              - &a {")
            + "  Other: {Type: AWS::IAM::Role, Properties: "
            "{AssumeRolePolicyDocument: {Statement: []}, Policies: "
            "[{PolicyName: o, PolicyDocument: {Statement: *s}}]}}\n",
            "alias",
        ),
        (
            FLOW.replace("{Type: AWS::S3::Bucket}", "{Type: AWS::S3::Bucket, DependsOn: Role}"),
            "deploy",
        ),
    ],
    ids=["one", "alias", "circle"],
)
def test_what_cannot_be_written_in_place_is_told(tmp_path: Path, written: str, note: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(written)
    found = tightened(file)
    made = patch(found)
    assert not made.diff
    assert note in made.notes[0]
    assert "!GetAtt Assets.Arn" in snippet(found)
