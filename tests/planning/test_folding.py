"""Properties of resources that another change adds."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.planning.folding import folded

SELECTION = {"Type": "AWS::Backup::BackupSelection", "Properties": {"Resources": ["a"]}}
ADDS = ("main/First", Fix(add={"Selection": SELECTION}))


def joins(key: str, path: str = "Resources/-", value: object = "b"):
    return ("main/Second", Fix(elsewhere={key: {path: value}}))


def test_an_entry_joins_the_list_of_what_is_added() -> None:
    ((_, first),) = folded([ADDS, joins("main/Selection")])
    assert first.add["Selection"]["Properties"] == {"Resources": ["a", "b"]}


def test_a_property_is_set_below_what_is_added() -> None:
    ((_, first),) = folded([ADDS, joins("main/Selection", "Plan/Name", "daily")])
    assert first.add["Selection"]["Properties"]["Plan"] == {"Name": "daily"}


def test_what_stands_already_is_set_where_it_stands() -> None:
    edits = (ADDS, joins("main/Other"))
    assert folded(edits) == edits


def test_a_resource_of_that_name_in_another_stack_is_another_one() -> None:
    edits = (ADDS, joins("other/Selection"))
    assert folded(edits) == edits


def test_what_was_proposed_is_not_changed() -> None:
    folded([ADDS, joins("main/Selection")])
    assert SELECTION["Properties"] == {"Resources": ["a"]}
