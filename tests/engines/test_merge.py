"""Our findings and a foreign checker's: each thing is said once, and none is lost."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.engines import Cache, EngineSettings, Target, merge, run_engines
from analyzer.engines.merge import equivalents
from analyzer.findings import Finding, Severity, Verdict
from analyzer.model import Location
from analyzer.results import ResourceInfo
from tests.rules.pack import RULES


def finding(verdict: Verdict, rule: str = "ENC-RDS-01", engine: str = "assay") -> Finding:
    return Finding(
        rule,
        verdict,
        Severity.HIGH,
        "encryption",
        "Database",
        "AWS::RDS::DBInstance",
        location=Location("t.yaml", 6, 1, 15),
        engine=engine,
    )


THEIRS = finding(Verdict.FAIL, "CKV_AWS_16", "checkov")


def test_what_both_fail_is_said_once_ours() -> None:
    (merged,) = merge([finding(Verdict.FAIL)], [THEIRS])
    assert merged.rule == "ENC-RDS-01"
    assert merged.also == ("CKV_AWS_16",)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.SKIP, Verdict.UNKNOWN])
def test_what_ours_does_not_fail_stays_visible_and_does_not_fail(verdict: Verdict) -> None:
    ours, theirs = merge([finding(verdict)], [THEIRS])
    assert ours == finding(verdict)
    assert (theirs.rule, theirs.verdict) == ("CKV_AWS_16", Verdict.SKIP)
    assert theirs.message.startswith(f"assay: {verdict} by ENC-RDS-01")
    assert theirs.also == ("ENC-RDS-01",)


def test_what_they_pass_is_not_told() -> None:
    passing = replace(THEIRS, verdict=Verdict.PASS)
    assert merge([finding(Verdict.FAIL)], [passing]) == (finding(Verdict.FAIL),)


def test_their_suppression_silences_them_and_not_us() -> None:
    suppressed = replace(THEIRS, verdict=Verdict.SKIP, message="suppressed")
    assert merge([finding(Verdict.FAIL)], [suppressed]) == (finding(Verdict.FAIL), suppressed)


def test_what_only_they_judge_is_theirs() -> None:
    other = finding(Verdict.FAIL, "CKV_AWS_118", "checkov")
    assert merge([finding(Verdict.FAIL)], [other])[1] == other


def test_the_same_rule_on_another_resource_is_another_thing() -> None:
    elsewhere = replace(THEIRS, resource="Replica", location=Location("t.yaml", 20, 1, 30))
    assert len(merge([finding(Verdict.FAIL)], [elsewhere])) == 2


def test_resources_of_one_line_are_told_apart_by_their_ids() -> None:
    line = Location("t.json", 1, 1, 1)
    failing = replace(finding(Verdict.FAIL), location=line)
    passing = replace(finding(Verdict.PASS), location=line, resource="Replica")
    theirs = replace(THEIRS, location=line, resource="Replica")
    _, _, disputed = merge([failing, passing], [theirs])
    assert (disputed.resource, disputed.verdict) == ("Replica", Verdict.SKIP)


def test_what_we_moved_onto_its_owner_is_the_same_thing() -> None:
    ours = replace(
        finding(Verdict.FAIL, "NET-SG-01"),
        resource="Group",
        type="AWS::EC2::SecurityGroup",
        location=Location("t.yaml", 8, 5, 8),
    )
    theirs = replace(
        finding(Verdict.FAIL, "CKV_AWS_24", "checkov"),
        resource="Ingress",
        type="AWS::EC2::SecurityGroupIngress",
    )
    (merged,) = merge([ours], [theirs])
    assert merged.also == ("CKV_AWS_24",)


def test_a_template_that_makes_two_stacks_has_theirs_in_both() -> None:
    resources = [
        ResourceInfo("Database", "AWS::RDS::DBInstance", stack, region, Location("t.yaml", 6))
        for stack, region in (("paris", "eu-west-3"), ("dublin", "eu-west-1"))
    ]
    ours = replace(finding(Verdict.FAIL), stack="paris", region="eu-west-3")
    merged, other = merge([ours], [replace(THEIRS, type="")], resources)
    assert (merged.stack, merged.also) == ("paris", ("CKV_AWS_16",))
    assert (other.stack, other.region, other.type) == (
        "dublin",
        "eu-west-1",
        "AWS::RDS::DBInstance",
    )


def test_equivalents_name_rules_that_exist_or_come_later() -> None:
    ours = {rule for rules in equivalents().values() for rule in rules}
    with (
        Path(__file__)
        .parents[1]
        .joinpath("rules", "later_rules.csv")
        .open(encoding="utf-8") as stream
    ):
        later = {row["rule"] for row in csv.DictReader(stream)}
    assert ours - RULES.keys() - later == set()


def test_equivalents_of_cfn_lint_are_found_where_ours_fails(tmp_path: Path) -> None:
    template, config = tmp_path / "t.yaml", tmp_path / "lint.yaml"
    template.write_text(
        "Resources:\n  Files: {Type: AWS::EFS::FileSystem, DeletionPolicy: Retain}\n",
        encoding="utf-8",
    )
    config.write_text("include_checks: [I]\n", encoding="utf-8")
    foreign = run_engines(
        [Target("t.yaml", template)],
        ["cfn-lint"],
        cache=Cache(None),
        settings=EngineSettings(cfn_lint_config=str(config)),
    )
    ours = replace(
        finding(Verdict.FAIL, "BAK-CFN-01"), resource="Files", location=Location("t.yaml", 2)
    )
    (merged,) = merge([ours], foreign.findings["t.yaml"])
    assert set(merged.also) == {id_ for engine, id_ in equivalents() if engine == "cfn-lint"}
