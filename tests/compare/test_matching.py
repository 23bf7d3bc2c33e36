"""What moves, is renamed or reordered is not new; every finding is in one class."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.compare.matching import match
from analyzer.findings import Change, Finding, Severity, Verdict
from analyzer.model import Location
from tests.compare.worlds import GROUPS, TEMPLATES, Resources, compare, under_other_names, world

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
COUNTED = (Verdict.FAIL, Verdict.UNKNOWN)


def changes(base: Resources, head: Resources, **stacks: Any) -> tuple[Counter[Any], int]:
    """How many findings there are of each change, and how many are fixed."""
    now = world(head, **stacks)
    matched, _ = compare(world(base), now)
    told = Counter(f.change for f in matched.findings if f.verdict in COUNTED)
    return told, len(matched.fixed)


def only_unchanged(told: tuple[Counter[Any], int]) -> bool:
    return set(told[0]) <= {Change.UNCHANGED} and told[1] == 0


@SLOW
@given(TEMPLATES)
def test_the_same_template_has_nothing_new(resources: Resources) -> None:
    assert only_unchanged(changes(resources, resources))


@SLOW
@given(TEMPLATES)
def test_renamed_logical_ids_make_nothing_new(resources: Resources) -> None:
    assert only_unchanged(changes(resources, under_other_names(resources)))


@SLOW
@given(TEMPLATES)
def test_another_file_and_stack_make_nothing_new(resources: Resources) -> None:
    assert only_unchanged(changes(resources, under_other_names(resources), stack="other"))


@SLOW
@given(TEMPLATES, st.randoms(use_true_random=False))
def test_another_order_makes_nothing_new(resources: Resources, random: Any) -> None:
    shuffled = list(resources.items())
    random.shuffle(shuffled)
    assert only_unchanged(changes(resources, dict(shuffled)))


@SLOW
@given(GROUPS, st.randoms(use_true_random=False))
def test_another_order_of_entries_makes_nothing_new(group: dict[str, Any], random: Any) -> None:
    properties = group["Properties"]
    entries = list(properties["SecurityGroupIngress"])
    random.shuffle(entries)
    other = {**group, "Properties": {**properties, "SecurityGroupIngress": entries}}
    assert only_unchanged(changes({"Group": group}, {"Group": other}))


@SLOW
@given(TEMPLATES, TEMPLATES)
def test_every_finding_of_now_is_in_one_class(base: Resources, head: Resources) -> None:
    matched, _ = compare(world(base), world(head))
    classes = {
        Verdict.FAIL: {Change.NEW, Change.UNCHANGED},
        Verdict.UNKNOWN: {Change.UNDECIDED, Change.UNCHANGED},
        Verdict.PASS: {None},
        Verdict.SKIP: {None},
    }
    assert all(finding.change in classes[finding.verdict] for finding in matched.findings)


@SLOW
@given(TEMPLATES, TEMPLATES)
def test_every_failure_of_the_base_is_in_one_class(base: Resources, head: Resources) -> None:
    before = world(base)
    matched, _ = compare(before, world(head))
    same = sum(f.verdict is Verdict.FAIL and f.change is Change.UNCHANGED for f in matched.findings)
    undecided = sum(f.change is Change.UNDECIDED for f in matched.findings)
    failed = sum(finding.verdict is Verdict.FAIL for finding in before.findings)
    assert failed - same - undecided <= len(matched.fixed) <= failed - same


@SLOW
@given(TEMPLATES, TEMPLATES)
def test_what_one_way_makes_new_the_other_way_fixes(base: Resources, head: Resources) -> None:
    there, back = (compare(world(a), world(b))[0] for a, b in ((base, head), (head, base)))
    new = sum(finding.change is Change.NEW for finding in there.findings)
    undecided = sum(finding.change is Change.UNDECIDED for finding in back.findings)
    assert len(back.fixed) <= new <= len(back.fixed) + undecided


@SLOW
@given(TEMPLATES)
def test_resources_are_paired_one_to_one(resources: Resources) -> None:
    _, sides = compare(world(resources), world(under_other_names(resources)))
    assert len(set(sides.pairs.values())) == len(sides.pairs) == len(resources)


@SLOW
@given(TEMPLATES, TEMPLATES)
def test_pairs_are_of_one_type_and_the_same_each_time(base: Resources, head: Resources) -> None:
    first, second = (compare(world(base), world(head))[1] for _ in range(2))
    types = {key.partition("/")[2]: resource["Type"] for key, resource in _keys(head).items()}
    kept = {old: types[new.partition("/")[2]] for old, new in first.pairs.items()}
    assert first.pairs == second.pairs
    assert all(base[old.partition("/")[2]]["Type"] == type_ for old, type_ in kept.items())


def _keys(resources: Resources) -> dict[str, dict[str, Any]]:
    return {f"main/{name}": resource for name, resource in resources.items()}


BASTION = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}


def group(*ports: int, **more: Any) -> dict[str, Any]:
    rules = [{**BASTION, "FromPort": port, "ToPort": port} for port in ports]
    properties = {"GroupDescription": "one", "SecurityGroupIngress": rules, **more}
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}


def told(base: Resources, head: Resources, rule: str) -> list[tuple[str, Change | None]]:
    matched, _ = compare(world(base), world(head))
    return [(f.at, f.change) for f in matched.findings if f.rule == rule and f.verdict in COUNTED]


def test_an_entry_that_is_put_first_is_the_new_one() -> None:
    found = told({"Web": group(8080)}, {"Web": group(9090, 8080)}, "NET-SG-04")
    assert [change for _, change in sorted(found)] == [Change.NEW, Change.UNCHANGED]


def test_a_resource_of_another_type_under_the_same_id_is_another() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {}}
    _, fixed = changes({"It": group(22)}, {"It": bucket})
    assert fixed > 0


def test_a_resource_that_is_too_different_is_new() -> None:
    other = group(3389, VpcId="vpc-1", Tags=[{"Key": "a", "Value": "b"}], GroupName="other")
    counted, fixed = changes({"Web": group(22)}, {"Admin": other})
    assert counted[Change.UNCHANGED] == 0
    assert fixed > 0


def database(days: Any) -> Resources:
    properties = {"Engine": "postgres", "BackupRetentionPeriod": days}
    return {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": properties}}


OPEN = {"Ref": "Days"}


def test_from_pass_to_fail_is_new() -> None:
    assert told(database(7), database(0), "BAK-RDS-01")[0][1] is Change.NEW


def test_from_unknown_to_fail_is_new() -> None:
    assert told(database(OPEN), database(0), "BAK-RDS-01")[0][1] is Change.NEW


def test_from_fail_to_unknown_is_newly_unknown_and_not_fixed() -> None:
    matched, _ = compare(world(database(0)), world(database(OPEN)))
    assert told(database(0), database(OPEN), "BAK-RDS-01")[0][1] is Change.UNDECIDED
    assert "BAK-RDS-01" not in {finding.rule for finding in matched.fixed}


def test_from_pass_to_unknown_is_newly_unknown() -> None:
    assert told(database(7), database(OPEN), "BAK-RDS-01")[0][1] is Change.UNDECIDED


def test_from_unknown_to_unknown_is_unchanged() -> None:
    assert told(database(OPEN), database(OPEN), "BAK-RDS-01")[0][1] is Change.UNCHANGED


def test_from_unknown_to_pass_is_no_finding_and_nothing_fixed() -> None:
    matched, _ = compare(world(database(OPEN)), world(database(7)))
    assert "BAK-RDS-01" not in {finding.rule for finding in matched.fixed}


def ingress(name: str, group: str) -> Resources:
    said = {**BASTION, "GroupId": {"Ref": group}}
    return {name: {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": said}}


def foreign(resource: str, type_: str = "") -> Finding:
    return Finding(
        rule="CKV_1",
        verdict=Verdict.FAIL,
        severity=Severity.LOW,
        family="checkov",
        resource=resource,
        type=type_,
        stack="main",
        location=Location("main.json", 1),
        engine="checkov",
    )


def test_findings_about_what_was_moved_onto_its_owner_are_matched() -> None:
    base = {"Web": group(443), **ingress("Ssh", "Web")}
    type_ = "AWS::EC2::SecurityGroupIngress"
    before = replace(world(base), findings=(foreign("Ssh", type_),))
    after = replace(world(under_other_names(base)), findings=(foreign("NewSsh", type_),))
    matched, _ = compare(before, after)
    assert [finding.change for finding in matched.findings] == [Change.UNCHANGED]


def test_findings_about_what_is_no_resource_are_matched_by_its_name() -> None:
    same = replace(world({"Web": group(443)}), findings=(foreign("Days", "Parameter"),))
    matched, _ = compare(same, same)
    assert [finding.change for finding in matched.findings] == [Change.UNCHANGED]


def test_of_a_checker_that_did_not_answer_on_one_side_nothing_is_compared() -> None:
    now, none = (replace(world({"Web": group(443)}), findings=f) for f in ((foreign("Web"),), ()))
    for base, head in ((none, now), (now, none)):
        _, sides = compare(base, head)
        silent = replace(sides, silent=frozenset({"checkov"}))
        matched = match(base.findings, head.findings, silent)
        changes = [f.change for f in matched.findings]
        assert (changes, matched.fixed) == ([Change.UNCOMPARED] * len(head.findings), ())


def test_a_failure_stays_the_same_where_its_property_comes_to_be_written() -> None:
    whole = foreign("Web", "AWS::EC2::SecurityGroup")
    at = replace(whole, at="SecurityGroupIngress/0", message="in other words")
    base, head = (replace(world({"Web": group(443)}), findings=(one,)) for one in (whole, at))
    for before, after in ((base, head), (head, base)):
        matched, _ = compare(before, after)
        assert [finding.change for finding in matched.findings] == [Change.UNCHANGED]
        assert matched.fixed == ()
