"""What the schemas and the documentation say of changes."""

from __future__ import annotations

import gzip

import pytest

from analyzer.fixes.build_replacements import described
from analyzer.fixes.replacements import DATA, identity, interruption, replaces


def test_the_packaged_properties_are_those_of_the_cfn_lint_that_they_name() -> None:
    packaged = gzip.decompress(DATA.read_bytes()).decode()
    built = described()
    if packaged.partition("\n")[0] != built.partition("\n")[0]:
        pytest.skip("another version of cfn-lint is installed")
    assert packaged == built


@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("AWS::RDS::DBInstance", ("StorageEncrypted",), "always"),
        ("AWS::RDS::DBInstance", ("DeletionProtection",), ""),
        ("AWS::RDS::DBInstance", ("Engine",), "maybe"),
        ("AWS::ECR::Repository", ("EncryptionConfiguration", "KmsKey"), "always"),
        ("AWS::Nothing::AtAll", ("Name",), ""),
    ],
)
def test_a_change_replaces_where_the_schema_says_so(
    type_: str, path: tuple[str, ...], expected: str
) -> None:
    assert replaces(type_, path) == expected


def test_a_bucket_policy_is_told_by_its_bucket() -> None:
    assert identity("AWS::S3::BucketPolicy") == ["Bucket"]


def test_what_interrupts_is_known_with_the_value_it_changes_from() -> None:
    known = interruption("AWS::RDS::DBInstance", "BackupRetentionPeriod")
    assert known is not None
    assert (known.since, known.what) == ("0", "restarts the database")
