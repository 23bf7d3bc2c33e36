"""A fix on one line."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.output.text_findings import fix_words


def test_what_is_set_on_another_resource_names_it() -> None:
    fix = Fix(elsewhere={"data/Group": {"Parameters/rds.force_ssl": "1"}})
    assert fix_words(fix) == "Parameters/rds.force_ssl of Group: 1"


def test_all_parts_of_a_fix_are_told_in_turn() -> None:
    fix = Fix(
        set={"Encrypted": True},
        remove=("AccessControl",),
        attributes={"DeletionPolicy": "Retain"},
        add={"Key": {"Type": "AWS::KMS::Key"}},
        note="move the files",
    )
    assert fix_words(fix) == (
        "Encrypted: true, DeletionPolicy: Retain, without AccessControl, "
        "with Key (AWS::KMS::Key); move the files"
    )


def test_what_goes_from_another_resource_names_it() -> None:
    fix = Fix(elsewhere={"main/Web": {"SecurityGroupIngress/0": None}})
    assert fix_words(fix) == "without SecurityGroupIngress/0 of Web"


def test_what_a_list_gets_is_added_to_it() -> None:
    fix = Fix(elsewhere={"main/Policy": {"PolicyDocument/Statement/-": {"Effect": "Deny"}}})
    assert fix_words(fix) == 'added to PolicyDocument/Statement of Policy: {"Effect": "Deny"}'


def test_a_resource_that_goes_is_it() -> None:
    assert fix_words(Fix(remove=("",))) == "without it"
