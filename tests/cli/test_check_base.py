"""`assay check --base`: the gate speaks of the change."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analyzer.findings import Finding
from tests.cli.conftest import Assay, Ended
from tests.scratch import Scratch, scratch

BUCKET = """
  {name}:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: {name}-of-{name}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: {block}
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
GROUP = """
  {name}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for tests
      SecurityGroupIngress:{rules}
"""
OPEN = "\n        - {{IpProtocol: tcp, FromPort: {0}, ToPort: {0}, CidrIp: 0.0.0.0/0}}"
RULE = "NET-SG-01"


def template(*resources: str) -> str:
    return "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n" + "".join(resources)


def group(*ports: int, name: str = "Web") -> str:
    return GROUP.format(name=name, rules="".join(map(OPEN.format, ports)))


def database(storage: str = "gp3", days: str = "7", size: str = "db.t3.micro") -> str:
    return f"""
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: {size}
      Engine: postgres
      AllocatedStorage: "20"
      StorageType: {storage}
      BackupRetentionPeriod: {days}
"""


@dataclass(frozen=True)
class Change:
    """A repository with a branch `main`, on which work is done."""

    made: Scratch
    assay: Assay

    def base(self, **files: str) -> None:
        self.made.commit(**files)
        self.made.git("checkout", "--quiet", "-b", "change")

    def check(self, *arguments: object) -> Ended:
        options = ("--base", "main", "--engine", "assay", "--date", "2026-06-01")
        return self.assay("check", *(arguments or (".",)), *options)

    def run(self, *arguments: object) -> dict[str, Any]:
        ended = self.check(*(arguments or (".",)), "--format", "json")
        assert ended.out, ended.err
        told: dict[str, Any] = json.loads(ended.out)
        return told


@pytest.fixture
def change(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    made = scratch(tmp_path / "repository")
    monkeypatch.chdir(made.root)
    return Change(made, assay)


def found(run: dict[str, Any], change: str, rule: str = "") -> list[tuple[str, str]]:
    """The findings of one change: rule and resource."""
    return sorted(
        (finding["rule"], finding["resource"])
        for judgement in run["judgements"]
        for finding in judgement["findings"]
        if finding["change"] == change and rule in finding["rule"]
    )


def fixed(run: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (finding["rule"], finding["resource"])
        for judgement in run["judgements"]
        for finding in judgement["before"]["fixed"]
    )


def test_what_was_there_does_not_fail(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    assert change.check().code == 0


def test_what_is_new_fails(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    assert change.check().code == 1


def test_only_what_is_new_is_called_new(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, 3389), database(days="0")))
    run = change.run()
    assert {resource for _, resource in found(run, "new")} == {"Web"}
    assert ("BAK-RDS-01", "Database") in found(run, "unchanged")


def test_a_rule_put_before_another_does_not_make_that_one_new(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.write("template.yaml", template(group(3389, 22)))
    new = [
        finding["at"]
        for judgement in change.run()["judgements"]
        for finding in judgement["findings"]
        if finding["change"] == "new"
    ]
    assert {at.partition("/")[2][:1] for at in new} <= {"0", ""}


@pytest.mark.parametrize("named", ["shop", "shop/template.yaml"])
def test_a_link_to_what_the_base_has_elsewhere_is_a_change(change: Change, named: str) -> None:
    bad = template(group(22))
    change.base(
        shop__architecture_yaml=shop(), shop__template_yaml=template(group(443)), bad_yaml=bad
    )
    (change.made.root / "shop/template.yaml").unlink()
    (change.made.root / "shop/template.yaml").symlink_to("../bad.yaml")
    assert (RULE, "Web") in found(change.run(named), "new")


def test_a_repository_is_reached_by_a_link(change: Change, tmp_path: Path) -> None:
    change.base(template_yaml=template(group(22)))
    (tmp_path / "link").symlink_to(change.made.root)
    assert change.check(tmp_path / "link" / "template.yaml").code == 0


@pytest.mark.parametrize(("format_", "worked_out"), [("text", {"Web"}), ("json", {"Web", "Old"})])
def test_fixes_of_what_was_there_are_worked_out_where_they_are_shown(
    change: Change, monkeypatch: pytest.MonkeyPatch, format_: str, worked_out: set[str]
) -> None:
    change.base(a_yaml=template(group(443), group(22, name="Old")), b_yaml=template(group(22)))
    change.made.write("a.yaml", template(group(443, 22), group(22, name="Old")))
    asked: list[Finding] = []
    monkeypatch.setattr("analyzer.run.with_remedies", lambda _, found: asked.extend(found) or found)
    change.check("a.yaml", "--format", format_)
    assert {finding.resource for finding in asked if finding.rule == RULE} == worked_out


def test_what_was_mended_is_fixed(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")))
    change.made.write("template.yaml", template(database(days="7")))
    assert ("BAK-RDS-01", "Database") in fixed(change.run())


def test_what_went_with_its_resource_is_fixed_and_says_so(change: Change) -> None:
    change.base(template_yaml=template(group(22), database()))
    change.made.write("template.yaml", template(database()))
    gone = change.run()["judgements"][0]["before"]["fixed"]
    assert gone
    assert all("went with its resource" in finding["message"] for finding in gone)


def test_what_became_undecided_is_neither_fixed_nor_fails(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")))
    open_ = "Parameters:\n  Days: {Type: Number}\n" + template(database(days="!Ref Days"))
    change.made.write("template.yaml", open_)
    run = change.run()
    assert ("BAK-RDS-01", "Database") in found(run, "newly unknown")
    assert "BAK-RDS-01" not in {rule for rule, _ in fixed(run)}
    assert change.check().code == 0
    assert change.check(".", "--strict").code == 1


@pytest.mark.parametrize("committed", [True, False])
def test_a_moved_file_makes_nothing_new(change: Change, committed: bool) -> None:
    change.base(old_yaml=template(group(22), database(days="0")))
    change.made.git("mv", "old.yaml", "new.yaml")
    if committed:
        change.made.commit()
    run = change.run()
    assert (found(run, "new"), fixed(run)) == ([], [])


def test_a_moved_folder_makes_nothing_new_where_it_is_named_itself(change: Change) -> None:
    files = {"old__architecture_yaml": shop(), "old__template_yaml": template(group(22))}
    change.base(**files)
    change.made.git("mv", "old", "new")
    change.made.commit()
    assert (change.check("new").code, change.run("new")["base"]["removed"]) == (0, [])


def test_a_renamed_resource_makes_nothing_new(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, name="Front"), database(days="0")))
    run = change.run()
    assert (found(run, "new"), fixed(run)) == ([], [])


def test_a_template_that_the_base_does_not_have_is_new(change: Change) -> None:
    change.base(first_yaml=template(database()))
    change.made.write("second.yaml", template(group(22)))
    run = change.run("second.yaml")
    assert not run["judgements"][0]["before"]["exists"]
    assert change.check("second.yaml").code == 1


def test_work_that_is_not_committed_is_judged_too(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.commit(template_yaml=template(group(443), database()))
    change.made.write("template.yaml", template(group(443, 22), database()))
    assert found(change.run(), "new", "NET-SG")


def test_commits_of_the_branch_itself_are_not_the_changes(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.git("checkout", "--quiet", "main")
    change.made.commit(template_yaml=template(group(443)))
    change.made.git("checkout", "--quiet", "change")
    assert change.check().code == 0


def test_costs_are_told_charge_by_charge(change: Change) -> None:
    change.base(template_yaml=template(database()))
    change.made.write("template.yaml", template(database(size="db.t3.small")))
    before = change.run()["judgements"][0]["before"]
    hours = next(line for line in before["cost"] if line["name"] == "RDS/instance-hours")
    assert float(hours["after"]) == pytest.approx(2 * float(hours["before"]))


ROLE = """
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {{Effect: Allow, Action: {action}, Resource: 'arn:aws:s3:::a/*'}}
"""


@pytest.mark.parametrize(
    ("action", "verdict"), [("['s3:GetObject', 's3:PutObject']", "yes"), ("'s3:GetObject*'", "yes")]
)
def test_new_access_is_told(change: Change, action: str, verdict: str) -> None:
    change.base(template_yaml=template(ROLE.format(action="'s3:GetObject'")))
    change.made.write("template.yaml", template(ROLE.format(action=action)))
    access = change.run()["judgements"][0]["before"]["access"]
    assert [(one["resource"], one["verdict"]) for one in access] == [("Worker", verdict)]


def test_less_access_is_no_new_access(change: Change) -> None:
    change.base(template_yaml=template(ROLE.format(action="'s3:*'")))
    change.made.write("template.yaml", template(ROLE.format(action="'s3:GetObject'")))
    access = change.run()["judgements"][0]["before"]["access"]
    assert [one["verdict"] for one in access] == ["no"]


def test_thresholds_are_those_of_the_base(change: Change) -> None:
    change.base(template_yaml=template(database(days="14")), assay_yaml="policy: {backup_days: 14}")
    change.made.write("template.yaml", template(database(days="3")))
    change.made.write("assay.yaml", "policy: {backup_days: 1}")
    run = change.run()
    assert ("BAK-RDS-01", "Database") in found(run, "new")
    told = [p["message"] for p in run["problems"] if p["kind"] == "note"]
    assert "sets `backup_days` to 1, the base to 14" in told


@pytest.mark.parametrize("flag", ["--trust-pack", "--trust-packs"])
def test_a_trusted_change_brings_its_own_thresholds(change: Change, flag: str) -> None:
    change.base(template_yaml=template(database(days="14")), assay_yaml="policy: {backup_days: 14}")
    change.made.write("template.yaml", template(database(days="3")))
    change.made.write("assay.yaml", "policy: {backup_days: 1}")
    run = change.run(".", flag)
    assert run["base"]["policy"] == "change"
    assert ("BAK-RDS-01", "Database") not in found(run, "new")


WAIVER = """waivers:
  - {rule: "*", resource: Web, reason: a bastion, owner: net, until: 2026-07-01}
"""


def test_a_waiver_of_the_change_does_not_count_and_is_shown(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml="waivers: []")
    change.made.write("template.yaml", template(group(443, 22)))
    change.made.write("assay.yaml", WAIVER)
    assert [w["resource"] for w in change.run()["base"]["waivers_added"]] == ["Web"]
    assert change.check().code == 1


def test_a_configuration_is_named_as_its_owner_would(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.write("assay.yaml", WAIVER)
    run = change.run()
    assert [waiver["location"]["file"] for waiver in run["base"]["waivers_added"]] == ["assay.yaml"]


def test_a_waiver_of_the_base_counts(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml=WAIVER)
    change.made.write("template.yaml", template(group(443, 22)))
    run = change.run()
    assert run["base"]["waivers_added"] == []
    assert change.check().code == 0


INLINE = """    Metadata:
      assay:
        waivers:
          - {rule: "*", reason: a bastion, owner: net, until: 2026-07-01}
"""


def test_a_waiver_beside_a_resource_counts_where_the_base_has_it(change: Change) -> None:
    change.base(template_yaml=template(group(443) + INLINE))
    change.made.write("template.yaml", template(group(443, 22) + INLINE))
    assert change.check().code == 0


def test_a_waiver_that_is_put_beside_a_resource_does_not_count(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22) + INLINE))
    assert len(change.run()["base"]["waivers_added"]) == 1
    assert change.check().code == 1


PACK = """from analyzer.policy import Fail, Resource, rule


@rule("OWN-SG-01", severity="high", on="AWS::EC2::SecurityGroup")
def never(group: Resource) -> Fail | None:
    \"\"\"Group is never right.

    It is so.

    Fix: none.
    Source: nobody.
    \"\"\"
    return Fail("is {word}")
"""


def test_packs_are_loaded_from_the_base(change: Change) -> None:
    change.base(
        template_yaml=template(group(443)),
        assay_yaml="packs: [packs]",
        packs__own_py=PACK.replace("{word}", "wrong"),
    )
    change.made.write("template.yaml", template(group(443), group(443, name="Other")))
    change.made.write("packs/own.py", "raise SystemExit('the change was run')")
    run = change.run()
    assert ("OWN-SG-01", "Other") in found(run, "new")


def test_a_pack_that_only_the_change_has_is_not_run(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("packs/own.py", "raise SystemExit('the change was run')")
    change.made.write("assay.yaml", "packs: [packs]")
    run = change.run(".", "--pack", "packs")
    assert {p["message"] for p in run["problems"]} == {
        "names other rule packs than the base",
        "is not in the base, and a rule pack is code: not loaded",
    }


ARCHITECTURE = """name: shop
stacks:
  main: {{template: template.yaml, region: eu-west-3}}
profiles:
  prod:
    budget: {{amount: {amount}{increase}}}
"""


def shop(amount: int = 1000, increase: str = "") -> str:
    said = f", increase: {increase}" if increase else ""
    return ARCHITECTURE.format(amount=amount, increase=said)


def verdicts(run: dict[str, Any], rule: str) -> list[str]:
    return [
        finding["verdict"]
        for judgement in run["judgements"]
        for finding in judgement["findings"]
        if finding["rule"] == rule
    ]


@pytest.mark.parametrize(
    ("increase", "verdict"), [("1", "FAIL"), ("100", "PASS"), ("1%", "FAIL"), ("200%", "PASS")]
)
def test_what_a_change_adds_is_held_to_what_it_may(
    change: Change, increase: str, verdict: str
) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop(increase=increase))
    change.made.write("template.yaml", template(database(size="db.t3.small")))
    assert verdicts(change.run(), "COST-BUD-02") == [verdict]


def test_budgets_are_those_of_the_base(change: Change) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop(amount=10))
    change.made.write("architecture.yaml", shop(amount=1000))
    assert verdicts(change.run(), "COST-BUD-01") == ["FAIL"]


@pytest.mark.parametrize("format_", ["text", "comment", "markdown"])
def test_what_has_no_price_any_more_keeps_no_budget(change: Change, format_: str) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop())
    change.made.write("template.yaml", template(database(size="db.z9.micro")))
    told = change.check(".", "--format", format_).out
    assert "not decided" in told
    assert not re.search(r"\bkept\b|-1\d\.\d\d", told)


def test_a_role_with_another_name_is_held_to_the_bases_ceiling(change: Change) -> None:
    most = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
    stated = shop() + f"ceilings:\n  - {{id: SHOP-MAX-01, roles: Worker, statements: [{most}]}}\n"
    small, large = (ROLE.format(action=action) for action in ("s3:GetObject", "s3:*"))
    change.base(architecture_yaml=stated, template_yaml=template(small))
    change.made.write("template.yaml", template(large.replace("Worker:", "Other:")))
    assert ("SHOP-MAX-01", "Other") in found(change.run(), "new")


EUROS = 'currency: {code: EUR, usd_per_unit: "%s", date: 2026-05-01, source: the test}\n'


def test_another_rate_makes_no_budget_larger(change: Change) -> None:
    stated = shop(amount=10).replace("10", "10, currency: EUR")
    change.base(template_yaml=template(database()), architecture_yaml=EUROS % "1.2" + stated)
    change.made.write("architecture.yaml", EUROS % "100" + stated)
    assert verdicts(change.run(), "COST-BUD-01") == ["FAIL"]


def test_a_base_that_cannot_be_read_fixes_and_adds_nothing(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")).replace("Properties", "Properties: ["))
    change.made.write("template.yaml", template(database(days="0")))
    run = change.run()
    assert run["judgements"][0]["before"] is None
    assert [p["kind"] for p in run["problems"]] == ["base"]
    assert change.check().code == 4
    assert ("BAK-RDS-01", "Database") in found(run, "not compared")


@pytest.mark.parametrize("format_", ["text", "comment", "markdown", "html"])
def test_what_is_not_compared_is_not_called_new(change: Change, format_: str) -> None:
    broken = template(database(days="0")).replace("Properties", "Properties: [")
    change.base(template_yaml=broken)
    change.made.write("template.yaml", template(database(days="0")))
    told = change.check(".", "--format", format_).out
    assert re.search(r"\d+(</b>)? not compared", told)
    assert not re.search(r"[1-9]\d*(</b>)? new failure", told)


def test_where_nothing_could_be_judged_no_comment_says_that_all_is_well(change: Change) -> None:
    change.base(template_yaml=template(database()))
    change.made.write("template.yaml", "Resources: [")
    ended = change.check(".", "--format", "comment")
    assert (ended.code, "\N{WHITE HEAVY CHECK MARK}" in ended.out) == (2, False)


def test_places_of_the_base_read_like_those_of_now(change: Change) -> None:
    change.base(a__template_yaml=template(database(days="0")))
    change.made.write("a/template.yaml", template(database(days="7")))
    run = change.run("a")
    files = {f["location"]["file"] for f in run["judgements"][0]["before"]["fixed"]}
    assert files == {"a/template.yaml"}
    assert "assay-base-" not in json.dumps(run)


def test_a_folder_below_the_top_is_compared(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    change.base(deep__template_yaml=template(group(22)))
    monkeypatch.chdir(change.made.root / "deep")
    assert change.check("template.yaml").code == 0


def test_profiles_that_are_gone_are_told(change: Change) -> None:
    two = shop() + "  dev: {}\n"
    change.base(template_yaml=template(database()), architecture_yaml=two)
    change.made.write("architecture.yaml", shop())
    assert change.run()["base"]["removed"] == [["shop", "dev"]]


def test_what_an_architecture_hides_is_told(change: Change) -> None:
    change.base(a_yaml=template(group(443)))
    change.made.write("architecture.yaml", shop())
    change.made.write("template.yaml", template(group(443)))
    change.made.write("a.yaml", template(group(22)))
    assert change.run()["base"]["removed"] == [["a.yaml", ""]]
    assert "NO LONGER JUDGED a.yaml" in change.check().out


def test_what_an_architecture_takes_over_is_judged_there(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("architecture.yaml", shop())
    assert change.run()["base"]["removed"] == []


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("origin/nowhere", "there is no commit 'origin/nowhere'"),
        ("--help-me", "is no name of a commit"),
    ],
)
def test_a_base_that_is_not_there_is_one_line(change: Change, ref: str, words: str) -> None:
    change.base(template_yaml=template(database()))
    ended = change.assay("check", ".", f"--base={ref}")
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert words in ended.err


def test_an_empty_base_is_not_taken_for_none(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    ended = change.assay("check", ".", "--base", "", "--engine", "assay")
    assert (ended.code, "'' is no name of a commit" in ended.err) == (2, True)


def test_standard_input_has_no_base(change: Change) -> None:
    change.base()
    ended = change.check("-")
    assert (ended.code, ended.err.splitlines()) == (
        2,
        ["assay: standard input has no base; name the template's file"],
    )


NESTED = """AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parts/inner.yaml}
"""


def test_a_change_inside_a_nested_stack_is_seen(change: Change) -> None:
    change.base(outer_yaml=NESTED, parts__inner_yaml=template(group(443)))
    change.made.write("parts/inner.yaml", template(group(443, 22)))
    assert found(change.run("outer.yaml"), "new", "NET-SG-01") == [("NET-SG-01", "Web")]


def test_a_checker_that_has_findings_on_both_sides_adds_nothing(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, name="Front"), database(days="0")))
    options = ("--base", "main", "--engine", "cfn-lint,checkov", "--format", "json")
    run = json.loads(change.assay("check", ".", *options).out)
    answered = [engine["name"] for engine in run["engines"] if engine["status"] == "run"]
    assert (found(run, "new"), fixed(run), bool(answered)) == ([], [], True)


def test_what_a_change_has_a_checker_leave_out_is_noted(change: Change) -> None:
    bad = BUCKET.format(name="Bucket", block="maybe")
    ignored = "\n    Metadata: {cfn-lint: {config: {ignore_checks: [E3012]}}}\n    Properties"
    change.base(template_yaml=template(bad))
    change.made.write("template.yaml", template(bad.replace("\n    Properties", ignored)))
    for engine, told in (("cfn-lint", 1), ("assay", 0)):
        ended = change.assay("check", ".", "--base", "main", "--engine", engine)
        assert ended.out.count("cfn-lint is told to leave out E3012 of Bucket") == told


def test_a_checker_that_the_base_does_not_have_is_told_by_its_own_path(change: Change) -> None:
    named = "engines: {checkov: environment/bin/checkov}"
    change.base(template_yaml=template(group(443)), assay_yaml=named)
    options = ("--base", "main", "--engine", "checkov", "--date", "2026-06-01")
    ended = change.assay("check", "template.yaml", *options)
    assert "'environment/bin/checkov'" in ended.out
    assert "assay-base-" not in ended.out


def test_a_configuration_above_the_base_is_never_found(change: Change, tmp_path: Path) -> None:
    (tmp_path / "assay.yaml").write_text("policy: {backup_days: 1}")
    change.base(template_yaml=template(database(days="7")))
    change.made.write("template.yaml", template(database(days="3")))
    assert ("BAK-RDS-01", "Database") in found(change.run(), "new")


def test_a_page_of_what_changed_is_written_beside_the_text(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    ended = change.check(".", "--output", "change.md")
    assert ended.out.splitlines()[1].startswith("against main at ")
    assert "NET-SG-01" in Path("change.md").read_text()


def test_text_tells_what_is_new_and_counts_the_rest(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, 3389), database(days="7")))
    out = change.check().out
    assert "lets 0.0.0.0/0 in on TCP port 3389" in out
    assert "lets 0.0.0.0/0 in on TCP port 22" not in out
    assert "  fixed BAK-RDS-01 Database" in out
    assert "  as before: " in out


def test_text_tells_what_a_profile_without_resources_costs_no_more(change: Change) -> None:
    change.base(architecture_yaml=shop(), template_yaml=template(database()))
    change.made.write("architecture.yaml", shop().replace("prod:", "prod:\n    stacks: []"))
    assert re.search(r"prod: 0\.00 USD, [0-9.]+ USD before \(-", change.check().out)


def test_text_says_in_which_profiles_something_was_mended(change: Change) -> None:
    two = shop() + "  dev: {policy: {backup_days: 1}}\n"
    change.base(architecture_yaml=two, template_yaml=template(database(days="3")))
    change.made.write("template.yaml", template(database(days="7")))
    lines = change.check().out.splitlines()
    (mended,) = (line for line in lines if "fixed BAK-RDS-01" in line)
    assert "(prod)" in mended
    assert lines.index("fixed") > next(n for n, line in enumerate(lines) if "as before:" in line)


def test_a_system_has_no_type_in_text(change: Change) -> None:
    change.base(architecture_yaml=shop(amount=1), template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443), database()))
    assert "      shop architecture.yaml:6" in change.check().out.splitlines()


def test_text_shows_added_waivers_on_top(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml="waivers: []")
    change.made.write("assay.yaml", WAIVER)
    lines = change.check().out.splitlines()
    assert lines[2].startswith("  WAIVER ADDED * on Web until 2026-07-01 - a bastion")


def test_a_report_is_compared_too(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    ended = change.assay("report", ".", "--base", "main", "--engine", "assay")
    assert (ended.code, Path("report.html").is_file()) == (0, True)
    assert "new failures" in ended.out


def test_systems_of_one_name_are_told_and_not_compared(change: Change) -> None:
    change.base(a__template_yaml=template(group(22)), a__architecture_yaml=shop())
    change.made.write("b/template.yaml", template(group(22)))
    change.made.write("b/architecture.yaml", shop())
    run = change.run()
    assert [judgement["before"] for judgement in run["judgements"]] == [None, None]
    assert {p["kind"] for p in run["problems"]} == {"base"}
    assert change.check().code == 4
