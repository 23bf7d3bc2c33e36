from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.findings import Verdict
from analyzer.results import Run
from tests.run.systems import ARCHITECTURE, DATABASE, run_of, verdicts, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shop"


def with_policy(policy: str) -> str:
    return ARCHITECTURE.replace("{Days: 30}}", f"{{Days: 30}}, policy: {{{policy}}}}}")


def messages(run: Run) -> str:
    return "\n".join(str(problem) for problem in run.problems)


def test_each_profile_is_judged_with_its_own_parameters(folder: Path) -> None:
    run = run_of(written(folder, template__yaml=DATABASE, architecture__yaml=ARCHITECTURE))
    dev, prod = run.judgements
    assert verdicts(dev)["TST-RDS-01", "Database"] == "FAIL"
    assert verdicts(prod)["TST-RDS-01", "Database"] == "PASS"
    assert run.complete


def test_a_template_alone_says_what_an_undecided_parameter_decides(folder: Path) -> None:
    run = run_of(written(folder, template__yaml=DATABASE))
    finding = next(f for f in run.judgements[0].findings if f.rule == "TST-RDS-02")
    assert finding.verdict is Verdict.UNKNOWN
    assert "parameter `Encrypt`" in finding.message
    assert any("Encrypt" in cause for cause in finding.hangs_on)


def test_a_given_parameter_decides(folder: Path) -> None:
    run = run_of(written(folder, template__yaml=DATABASE), parameters={"Encrypt": "false"})
    assert verdicts(run.judgements[0])["TST-RDS-02", "Database"] == "FAIL"


def test_a_finding_shows_the_lines_that_it_is_about(folder: Path) -> None:
    run = run_of(written(folder, template__yaml=DATABASE), parameters={"Encrypt": "true"})
    finding = next(f for f in run.judgements[0].findings if f.failed)
    assert finding.excerpt is not None
    assert finding.excerpt.lines == ("      BackupRetentionPeriod: !Ref Days",)
    assert finding.excerpt.first_line == finding.location.line == 11


def test_policy_of_the_profile_wins_over_that_of_the_repository(folder: Path) -> None:
    written(
        folder,
        template__yaml=DATABASE,
        architecture__yaml=with_policy("TST-RDS-01: {backup_days: 31}"),
        assay__yaml="policy: {backup_days: 1}\n",
    )
    dev, prod = run_of(folder).judgements
    assert verdicts(dev)["TST-RDS-01", "Database"] == "PASS"
    assert verdicts(prod)["TST-RDS-01", "Database"] == "FAIL"


def test_a_threshold_that_no_rule_has_is_told_with_its_line_and_the_nearest_name(
    folder: Path,
) -> None:
    text = with_policy("backup_day: 3")
    run = run_of(written(folder, template__yaml=DATABASE, architecture__yaml=text))
    assert "architecture.yaml:6: no rule has the setting `backup_day`" in messages(run)
    assert "did you mean `backup_days`?" in messages(run)
    assert not run.complete


@pytest.mark.parametrize("value", ["true", "'7'", "[7]", "7.5"])
def test_a_threshold_of_the_wrong_type_is_told(folder: Path, value: str) -> None:
    run = run_of(
        written(folder, template__yaml=DATABASE, assay__yaml=f"policy: {{backup_days: {value}}}\n")
    )
    assert "`backup_days` of TST-RDS-01 is a whole number" in messages(run)


def test_costs_are_estimated_beside_what_is_declared_and_budgeted(folder: Path) -> None:
    declared = """\
claims:
  costs:
    - {profile: dev, total: 15, lines: [{name: RDS, amount: 15, covers: [RDS/instance-hours]}]}
"""
    text = ARCHITECTURE.replace("dev: {}", "dev: {budget: {amount: 10}}") + declared
    dev, prod = run_of(written(folder, template__yaml=DATABASE, architecture__yaml=text)).judgements
    assert dev.usd > 10
    assert dev.budget is not None
    assert dev.budget.exceeded
    assert dev.declared is not None
    assert [name for name, _ in dev.declared.left_out] == ["RDS/storage"]
    assert prod.declared is None


def test_usage_of_a_resource_that_does_not_exist_is_told_and_rules_still_judge(
    folder: Path,
) -> None:
    text = ARCHITECTURE.replace("dev: {}", "dev: {usage: {Databas: {storage_gib: 3}}}")
    run = run_of(written(folder, template__yaml=DATABASE, architecture__yaml=text))
    assert "architecture.yaml:5: usage of Databas" in messages(run)
    assert verdicts(run.judgements[0])["TST-RDS-01", "Database"] == "FAIL"


def test_a_parameter_that_no_template_declares_is_told(folder: Path) -> None:
    text = ARCHITECTURE.replace("{Days: 30}", "{Dayz: 30}")
    run = run_of(written(folder, template__yaml=DATABASE, architecture__yaml=text))
    assert "architecture.yaml:6: parameter `Dayz` is declared by no template" in messages(run)
    assert [judgement.profile for judgement in run.judgements] == ["dev"]


def test_only_the_asked_profiles_are_judged(folder: Path) -> None:
    run = run_of(
        written(folder, template__yaml=DATABASE, architecture__yaml=ARCHITECTURE),
        profiles=["prod"],
    )
    assert [judgement.profile for judgement in run.judgements] == ["prod"]


def test_one_broken_template_leaves_the_others_judged(folder: Path) -> None:
    broken = "Resources:\n  A: {Type: AWS::S3::Bucket\n"
    run = run_of(written(folder, template__yaml=DATABASE, broken__yaml=broken))
    assert len(run.judgements) == 1
    assert "broken.yaml:" in messages(run)


def test_scenarios_open_parameters_with_allowed_values(folder: Path) -> None:
    text = DATABASE.replace(
        "Days: {Type: Number, Default: 1}",
        "Days: {Type: Number, Default: 9, AllowedValues: [1, 9]}",
    )
    given = {"Encrypt": "true"}
    closed = run_of(written(folder, template__yaml=text), parameters=given)
    opened = run_of(folder, parameters=given, all_scenarios=True)
    assert verdicts(closed.judgements[0])["TST-RDS-01", "Database"] == "PASS"
    finding = next(f for f in opened.judgements[0].findings if f.rule == "TST-RDS-01")
    assert finding.verdict is Verdict.FAIL
    assert "parameter `Days`" in finding.message


def test_a_rule_that_raises_is_unknown_and_the_run_incomplete(folder: Path) -> None:
    pack = (
        "from analyzer.policy import rule\n\n"
        '@rule("TST-RDS-01", severity="high", on="AWS::RDS::DBInstance")\n'
        'def broken(db):\n    """It breaks."""\n    return 1 / 0\n'
    )
    run = run_of(written(folder, template__yaml=DATABASE), pack=pack)
    finding = run.judgements[0].findings[0]
    assert finding.verdict is Verdict.UNKNOWN
    assert "ZeroDivisionError" in finding.error
    assert not run.complete


def test_costs_of_bare_templates_can_be_left_out_those_of_architectures_stay(folder: Path) -> None:
    bare = run_of(written(folder, template__yaml=DATABASE), bare_priced=False)
    assert bare.judgements[0].cost == ()
    whole = run_of(written(folder, architecture__yaml=ARCHITECTURE), bare_priced=False)
    assert all(judgement.usd > 0 for judgement in whole.judgements)


def test_a_template_that_no_stack_names_is_told(folder: Path) -> None:
    written(folder, template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    written(folder / "deep", forgotten__yaml=DATABASE)
    notes = [p for p in run_of(folder).problems if p.kind == "note"]
    assert [(Path(note.file).name, "nobody judges it" in note.message) for note in notes] == [
        ("forgotten.yaml", True)
    ]


def test_nested_templates_and_those_of_an_architecture_below_are_not_forgotten(
    folder: Path,
) -> None:
    nested = "  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: in.yaml}}\n"
    bucket = "Resources:\n  Assets: {Type: AWS::S3::Bucket}\n"
    written(folder, architecture__yaml=ARCHITECTURE)
    written(folder, template__yaml=DATABASE + nested, in__yaml=bucket)
    written(folder / "other", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    assert [p.message for p in run_of(folder).problems if "nobody judges" in p.message] == []


def test_where_a_profile_could_not_be_read_nothing_else_is_said_of_its_system(folder: Path) -> None:
    intents = "intents: [{deny: {from: internet, to: Database}}]\n"
    written(folder, template__yaml="Resources: [", architecture__yaml=ARCHITECTURE + intents)
    written(folder / "deep", other__yaml=DATABASE)
    assert {problem.kind for problem in run_of(folder).problems} == {"input"}
