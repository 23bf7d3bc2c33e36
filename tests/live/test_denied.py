"""What may not be read is not taken for good: the bucket that the world reads stays in doubt."""

from __future__ import annotations

import pytest
from emulator import Answer

DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
    b"<Message>Access Denied</Message></Error>"
)


@pytest.fixture
def public_bucket(aws):
    bucket = aws.client("s3")
    bucket.create_bucket(Bucket="world-readable")
    bucket.put_bucket_acl(Bucket="world-readable", ACL="public-read")
    assert any(
        grant["Grantee"].get("URI", "").endswith("AllUsers")
        for grant in bucket.get_bucket_acl(Bucket="world-readable")["Grants"]
    )
    aws.gate.requests.clear()
    return aws


def deny(query: str):
    return lambda request: (
        Answer(403, DENIED) if request.service == "s3" and query in request.query else None
    )


def test_what_may_be_read_is_seen(public_bucket, run_audit):
    audit = run_audit(["NET-S3-03"])

    assert audit.verdict("NET-S3-03", "world-readable") == "FAIL"
    assert audit.run.complete


def test_a_denied_access_list_leaves_the_bucket_in_doubt(public_bucket, run_audit):
    public_bucket.gate.fault = deny("acl")

    audit = run_audit(["NET-S3-03", "NET-S3-04"])

    for rule in ("NET-S3-03", "NET-S3-04"):
        assert audit.verdict(rule, "world-readable") == "UNKNOWN"
    (line,) = (one for one in audit.run.coverage if one.service == "s3")
    assert line.denied == 1
    assert line.failures == (("s3:GetBucketAcl AccessDenied", 1),)
    assert not audit.run.complete
    message = audit.run.judgements[0].findings[0].hangs_on[0]
    assert "s3:GetBucketAcl answered AccessDenied" in message


def test_denied_buckets_leave_all_of_them_in_doubt(public_bucket, run_audit):
    public_bucket.gate.fault = lambda request: (
        Answer(403, DENIED) if request.service == "s3" and request.path == "/" else None
    )

    audit = run_audit(["NET-S3-03"])

    verdicts = {finding.verdict.value for finding in audit.run.judgements[0].findings}
    assert verdicts == {"UNKNOWN"}
    assert not audit.run.complete


@pytest.mark.parametrize(
    "query", ["acl", "publicAccessBlock", "ownershipControls", "policy", "versioning", "encryption"]
)
def test_no_denied_read_of_a_bucket_makes_a_rule_pass_that_failed(public_bucket, tmp_path, query):
    from auditing import RULES, audited

    rules = [id_ for id_, rule in RULES.items() if "AWS::S3::Bucket" in rule.types]
    seen = audited(public_bucket.url, tmp_path / "seen", rules)
    public_bucket.gate.fault = deny(query)

    denied = audited(public_bucket.url, tmp_path / "denied", rules)

    for rule in rules:
        before = seen.verdict(rule, "world-readable")
        after = denied.verdict(rule, "world-readable")
        assert (before, after) != ("FAIL", "PASS"), rule
