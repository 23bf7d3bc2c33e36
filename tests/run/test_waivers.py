from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.configuration import nearest_file
from analyzer.configuration_file import read_configuration
from analyzer.errors import InputError
from analyzer.results import Run
from tests.run.systems import ARCHITECTURE, DATABASE, run_of, written

GOOD = "{rule: TST-RDS-01, resource: Database, reason: it is empty, owner: data, until: 2027-01-31}"


def waiving(tmp_path: Path, *waivers: str, inline: str = "") -> Run:
    text = DATABASE
    if inline:
        text += f"    Metadata:\n      assay:\n        waivers:\n          - {inline}\n"
    configured = "waivers:\n" + "".join(f"  - {waiver}\n" for waiver in waivers) if waivers else ""
    folder = written(
        tmp_path / "shop",
        template__yaml=text,
        architecture__yaml=ARCHITECTURE,
        assay__yaml=configured or "{}\n",
    )
    return run_of(folder, profiles=["dev"])


def told(run: Run) -> list[str]:
    return [problem.message for problem in run.problems if problem.kind == "waiver"]


def failures(run: Run) -> int:
    return sum(finding.failed for finding in run.judgements[0].findings)


def test_a_waiver_covers_a_failure_and_leaves_the_verdict(tmp_path: Path) -> None:
    run = waiving(tmp_path, GOOD)
    finding = next(f for f in run.judgements[0].findings if f.rule == "TST-RDS-01")
    assert finding.verdict.value == "FAIL"
    assert finding.waiver is not None
    assert finding.waiver.owner == "data"
    assert told(run) == []


def test_a_waiver_stands_beside_its_resource_too(tmp_path: Path) -> None:
    run = waiving(tmp_path, inline="{rule: TST-RDS-01, reason: it is empty, until: 2027-01-31}")
    assert failures(run) == 0


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (GOOD.replace("2027-01-31", "2026-11-20"), "expired on 2026-11-20"),
        (GOOD.replace("it is empty", "''"), "gives no reason"),
        (GOOD.replace(", until: 2027-01-31", ""), "has no end"),
        (GOOD.replace("2027-01-31", "2027-02-20"), "more than 90 days from now"),
        (GOOD.replace("resource: Database", "resource: Nothing"), "covers no failure"),
        (GOOD.replace("TST-RDS-01", "TST-RDS-09"), "covers no failure"),
    ],
)
def test_a_waiver_that_does_not_count_is_reported(
    tmp_path: Path, waiver: str, message: str
) -> None:
    run = waiving(tmp_path, waiver)
    assert failures(run) == 1
    assert len(told(run)) == 1
    assert message in told(run)[0]
    assert run.complete


def test_a_waiver_counts_on_its_last_day(tmp_path: Path) -> None:
    assert failures(waiving(tmp_path, GOOD.replace("2027-01-31", "2026-11-21"))) == 0


def test_a_waiver_may_reach_90_days_ahead_and_no_further(tmp_path: Path) -> None:
    assert failures(waiving(tmp_path, GOOD.replace("2027-01-31", "2027-02-19"))) == 0


def test_a_repository_may_say_how_far_a_waiver_may_reach(tmp_path: Path) -> None:
    longer = GOOD.replace("2027-01-31", "2027-11-21")
    assert failures(waiving(tmp_path, f"{longer}\nwaiver_days: 365")) == 0
    assert failures(waiving(tmp_path, f"{longer}\nwaiver_days: 364")) == 1


def test_waivers_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    written(tmp_path / "shop", waivers__yaml=f"waivers:\n  - {GOOD}\n")
    assert failures(waiving(tmp_path)) == 0


def test_a_file_of_waivers_needs_no_other_file_beside_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "shop", waivers__yaml=f"waivers:\n  - {GOOD}\n")
    file = nearest_file(folder)
    assert file == folder / "waivers.yaml"
    assert [grant.waiver.owner for grant in read_configuration(file).grants] == ["data"]


def test_a_waiver_with_a_key_that_is_not_known_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = written(tmp_path, waivers__yaml="waivers:\n  - {rule: X, untill: 2027-01-31}\n")
    with pytest.raises(InputError, match=r"waivers\.yaml:2:.*untill"):
        read_configuration(folder / "waivers.yaml")


def test_a_waiver_may_be_for_one_profile_or_system(tmp_path: Path) -> None:
    elsewhere = GOOD.replace("}", ", profile: prod}")
    assert failures(waiving(tmp_path, elsewhere)) == 1
    here = GOOD.replace("}", ", profile: d*, system: shop}")
    assert failures(waiving(tmp_path, here)) == 0


def test_a_reported_waiver_names_its_file_and_line(tmp_path: Path) -> None:
    run = waiving(tmp_path, GOOD, GOOD.replace("Database", "Nothing"))
    problem = next(problem for problem in run.problems if problem.kind == "waiver")
    assert problem.file.endswith("assay.yaml")
    assert problem.line == 3


def test_an_inline_waiver_with_a_date_that_is_none_is_reported(tmp_path: Path) -> None:
    run = waiving(tmp_path, inline="{rule: TST-RDS-01, reason: x, until: soon}")
    assert "ends on 'soon'" in told(run)[0]
    assert failures(run) == 1


MOVED = """\
Resources:
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {GroupDescription: x}}
  Entry:
    Type: AWS::EC2::SecurityGroupIngress
    Metadata:
      assay: {waivers: [{rule: TST-SG-01, reason: an agreed address, until: 2026-12-31}]}
    Properties: {GroupId: !Ref Group, IpProtocol: "-1", CidrIp: 0.0.0.0/0}
"""
CLOSED = """\
from analyzer.policy import Fail, rule


@rule("TST-SG-01", severity="high", on="AWS::EC2::SecurityGroup")
def nothing_comes_in(group):
    "Nothing comes in."
    return [Fail("lets something in", at=entry) for entry in group.SecurityGroupIngress]
"""


def test_a_waiver_beside_a_moved_part_covers_its_owner(tmp_path: Path) -> None:
    run = run_of(written(tmp_path / "shop", template__yaml=MOVED), pack=CLOSED)
    (finding,) = run.judgements[0].findings
    assert finding.resource == "Group"
    assert finding.location.line == 3
    assert finding.waiver is not None
    assert finding.waiver.location.line == 3
