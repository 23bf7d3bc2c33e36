"""Who may do more than before, by the same reasoning as `assay iam compare`."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.compare import pairing
from analyzer.compare.access import access_changes
from analyzer.compare.pairing import pair, renamed
from tests.compare.worlds import Resources, under_other_names, world


def answers(base: Resources, head: Resources) -> dict[str, str]:
    """The verdict for each identity and policy that is told of."""
    before, after = world(base).inventory, world(head).inventory
    found = access_changes(renamed(before, pair(before, after, {})), after)
    return {change.resource: change.verdict for change in found}


def statement(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    said = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [said]}


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
BUCKET = {"Bucket": {"Type": "AWS::S3::Bucket"}}
ITS_FILES = {"Fn::Sub": "${Bucket.Arn}/*"}


def role(document: Any = None, **more: Any) -> dict[str, Any]:
    own = [{"PolicyName": "own", "PolicyDocument": document}] if document else []
    properties = {"AssumeRolePolicyDocument": TRUST, "Policies": own, **more}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def test_nobody_is_told_of_where_no_policy_changed() -> None:
    base = {"Role": role(statement("s3:GetObject", "*"))}
    assert answers(base, {**base, **BUCKET}) == {}


def test_of_who_may_take_a_role_it_is_not_said_that_it_brings_no_access() -> None:
    anyone = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": "*"}]}
    base = {"Role": role(statement("s3:GetObject", "*"))}
    trusting = role(statement("s3:GetObject", "*"), AssumeRolePolicyDocument=anyone)
    assert answers(base, {"Role": trusting}) == {}


def test_a_renamed_role_and_bucket_bring_no_access() -> None:
    base = {**BUCKET, "Role": role(statement("s3:GetObject", ITS_FILES))}
    head = under_other_names(base)
    head["NewRole"]["Properties"]["Policies"][0]["PolicyDocument"] = statement(
        "s3:GetObject", {"Fn::Sub": "${NewBucket.Arn}/*"}
    )
    assert set(answers(base, head).values()) <= {"no"}


def test_another_bucket_is_new_access() -> None:
    base = {**BUCKET, "Role": role(statement("s3:GetObject", ITS_FILES))}
    head = {**BUCKET, "Role": role(statement("s3:GetObject", "*"))}
    assert answers(base, head) == {"Role": "yes"}


def test_a_condition_that_is_taken_away_is_new_access() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    base = {"Role": role(statement("s3:GetObject", "*", Condition=condition))}
    assert answers(base, {"Role": role(statement("s3:GetObject", "*"))}) == {"Role": "yes"}


@pytest.mark.parametrize(
    ("document", "verdict"), [(statement("s3:GetObject", "*"), "yes"), (None, "no")]
)
def test_a_new_role_is_compared_with_nothing(document: Any, verdict: str) -> None:
    assert answers(BUCKET, {**BUCKET, "Role": role(document)}) == {"Role": verdict}


def test_a_role_changes_with_the_policy_that_is_attached() -> None:
    def attached(action: str) -> Resources:
        policy = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": statement(action, "*")},
        }
        return {"Policy": policy, "Role": role(ManagedPolicyArns=[{"Ref": "Policy"}])}

    assert answers(attached("s3:GetObject"), attached("s3:*")) == {"Role": "yes", "Policy": "yes"}


def test_what_hangs_on_something_unknown_is_not_decided() -> None:
    days = {"Fn::Sub": "arn:aws:s3:::${Days}/*"}
    base = {"Role": role(statement("s3:GetObject", "arn:aws:s3:::7/*"))}
    assert answers(base, {"Role": role(statement("s3:GetObject", days))}) == {"Role": "maybe"}


def test_equal_resources_are_paired_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pairing, "_MOST", 0)
    base = {"Role": role(statement("s3:GetObject", "*"))}
    before, after = (world(one).inventory for one in (base, under_other_names(base)))
    assert pair(before, after, {}) == {"main/Role": "main/NewRole"}
