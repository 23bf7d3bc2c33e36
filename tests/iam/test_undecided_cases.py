"""What is not decided in every case is not decided: never a "no", never a pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.architecture import read_architecture
from analyzer.cli.policies import UNKNOWN, folded
from analyzer.exploration import PATH_LIMIT, Cases, Undecided, cases_of
from analyzer.findings import Finding, Verdict
from analyzer.iam import Comparison, in_every_case
from analyzer.request import Request
from analyzer.run import run
from analyzer.unknown import Unknown
from tests.cli.conftest import Assay, assay
from tests.run.systems import TODAY

__all__ = ["assay"]


def asked(name: str) -> Unknown:
    return Unknown(f"value `{name}`", "is not known", key=("test", name))


def flags(number: int) -> int:
    """Ask so many questions, each with two answers; how many are yes, and one more."""
    return 1 + sum(bool(asked(f"{position}")) for position in range(number))


def test_cases_that_all_answer_are_decided() -> None:
    cases = cases_of(lambda: "yes" if asked("a") else "no")

    assert cases == Cases(("yes", "no"), ("value `a` is not known",), decided=True)


def test_a_case_that_gives_no_answer_leaves_the_others_undecided() -> None:
    def question() -> str:
        if asked("a"):
            return "no"
        raise Undecided("value `b`", "is elsewhere")

    cases = cases_of(question)

    assert cases.answers == ("no",)
    assert not cases.decided
    assert cases.hangs_on == ("value `a` is not known", "value `b` is elsewhere")


def test_as_many_cases_as_the_limit_are_decided_and_one_more_question_is_not() -> None:
    assert cases_of(lambda: flags(6)).decided
    beyond = cases_of(lambda: flags(7))
    assert len(beyond.answers) == PATH_LIMIT
    assert not beyond.decided
    assert beyond.hangs_on[-1] == "more than 64 cases were not all tried"


def test_another_error_is_no_case() -> None:
    def question() -> str:
        raise KeyError("a fault")

    with pytest.raises(KeyError):
        cases_of(question)


@pytest.mark.parametrize("verdict", ["yes", "no"])
def test_a_comparison_with_a_case_left_is_maybe(verdict: str) -> None:
    def mixed() -> Comparison:
        if asked("a"):
            return Comparison(verdict)
        raise Undecided("value `b`", "is elsewhere")

    def many() -> Comparison:
        flags(7)
        return Comparison(verdict)

    assert in_every_case(mixed).verdict == "maybe"
    assert "value `b` is elsewhere" in in_every_case(mixed).hangs_on
    assert in_every_case(many).verdict == "maybe"
    assert in_every_case(lambda: Comparison(verdict)).verdict == verdict


def test_answers_that_agree_are_unknown_while_a_case_is_left() -> None:
    agreed: dict[str, Any] = {"admin": "no", "public": "no"}

    assert folded(Cases((agreed, agreed), (), decided=True)) == {**agreed, "depends_on": []}
    assert folded(Cases((agreed,), ("value `b`",), decided=False)) == {
        "admin": UNKNOWN,
        "public": UNKNOWN,
        "depends_on": ["value `b`"],
    }
    assert folded(Cases((), ("value `b`",), decided=False)) == {"depends_on": ["value `b`"]}


READ = '{Effect: Allow, Action: "s3:GetObject", Resource: "*"}'
ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
"""
CEILING = """\
name: shop
stacks: {main: {template: template.yaml, region: eu-west-3}}
profiles: {dev: {}}
ceilings:
  - {id: MAX-01, roles: Role, statements: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
"""


def template(*policies: str, count: int) -> str:
    """A role with these policies, and with so many parameters and conditions on them."""
    names = range(count)
    parameters = "".join(f"  P{name}: {{Type: String}}\n" for name in names)
    conditions = "".join(f"  C{name}: !Equals [!Ref P{name}, 'yes']\n" for name in names)
    listed = "".join(f"        - {policy}\n" for policy in policies)
    return f"Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n{ROLE}{listed}"


def named(document: str) -> str:
    return f"{{PolicyName: own, PolicyDocument: {document}}}"


MANY = template(
    *(f"!If [C{name}, {named(f'{{Statement: {READ}}}')}, !Ref AWS::NoValue]" for name in range(7)),
    count=7,
)
# In one case the policy is inside the ceiling; in the other nothing is known of it.
MIXED = template(
    named(f"{{Statement: !If [C0, {READ}, !Ref P0]}}"),
    count=1,
)
HARMLESS = template(named(f"{{Statement: {READ}}}"), count=1)


def judged(folder: Path, text: str) -> Finding:
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    (folder / "architecture.yaml").write_text(CEILING, encoding="utf-8")
    system = read_architecture(folder / "architecture.yaml")
    (judgement,) = run(Request(systems=(system,), today=TODAY)).judgements
    (finding,) = (one for one in judgement.findings if one.rule == "MAX-01")
    return finding


@pytest.mark.parametrize(
    ("text", "verdict"),
    [(HARMLESS, Verdict.PASS), (MIXED, Verdict.UNKNOWN), (MANY, Verdict.UNKNOWN)],
    ids=["known", "mixed", "many"],
)
def test_a_ceiling_is_held_only_where_every_case_is_decided(
    tmp_path: Path, text: str, verdict: Verdict
) -> None:
    finding = judged(tmp_path, text)

    assert finding.verdict is verdict
    assert bool(finding.hangs_on) == (verdict is Verdict.UNKNOWN)


@pytest.mark.parametrize("text", [MIXED, MANY], ids=["mixed", "many"])
def test_the_commands_say_unknown_and_never_no(assay: Assay, tmp_path: Path, text: str) -> None:
    (tmp_path / "old.yaml").write_text(HARMLESS, encoding="utf-8")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")

    compared = assay("iam", "compare", "old.yaml#Role", "new.yaml#Role", "--format", "json")
    told = json.loads(compared.out)
    assert (told["b_allows_more_than_a"], compared.code) == ("maybe", 3)

    checked = assay("iam", "check", "new.yaml", "--policy", "Role", "--format", "json")
    answers = json.loads(checked.out)
    assert checked.code == 3
    assert answers["depends_on"]
    assert answers.get("admin", UNKNOWN) == UNKNOWN
