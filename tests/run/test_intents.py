"""What an owner states of who may reach whom, as findings of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.configuration_file import read_configuration
from analyzer.findings import Severity, Verdict
from analyzer.inputs import Deployment, find_systems
from analyzer.request import Request
from analyzer.results import Judgement, Run
from analyzer.run import run
from tests.run.systems import TODAY

TEMPLATE = """\
Parameters:
  Office: {Type: String}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Private:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Out:
    Type: AWS::EC2::Route
    Properties:
      {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Link:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Routes}
  WebGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Office}
  DataGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: data
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 5432
          ToPort: 5432
          SourceSecurityGroupId: !GetAtt WebGroup.GroupId
  Web:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Public, SecurityGroupIds: [!GetAtt WebGroup.GroupId]}
  Worker:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Private, SecurityGroupIds: [!GetAtt DataGroup.GroupId]}
  Store:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Private, SecurityGroupIds: [!GetAtt DataGroup.GroupId]}
"""
HEAD = """\
name: shop
stacks:
  main: {template: template.yaml, region: eu-west-3}
profiles:
  dev: {}
  prod: {parameters: {Office: 198.51.100.0/24}}
tiers:
  data: [Store]
intents:
"""


@pytest.fixture
def judged(tmp_path: Path):
    def made(intents: str) -> Run:
        (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
        (tmp_path / "architecture.yaml").write_text(HEAD + intents, encoding="utf-8")
        found = find_systems([tmp_path], Deployment())
        return run(Request(found.systems, TODAY, problems=found.problems, priced=False))

    return made


def verdicts(run: Run, profile: str = "prod") -> dict[tuple[str, str], Verdict]:
    judgement = one(run, profile)
    return {(f.rule, f.resource): f.verdict for f in judgement.findings}


def one(run: Run, profile: str) -> Judgement:
    return next(each for each in run.judgements if each.profile == profile)


@pytest.mark.parametrize(
    ("intent", "subject", "verdict"),
    [
        ("deny: {from: internet, to: tier data}", "Store", Verdict.PASS),
        ("deny: {from: internet, to: Web}", "Web", Verdict.FAIL),
        ("deny: {from: internet, to: Web, port: 22}", "Web", Verdict.PASS),
        ("deny: {from: internet, to: Web, port: [80, 443]}", "Web", Verdict.FAIL),
        ("deny: {from: 198.51.100.0/24, to: Web, port: 22}", "Web", Verdict.FAIL),
        ("deny: {from: Web, to: tier data, port: 22}", "Store", Verdict.PASS),
        ("deny: {from: W*, to: tier data}", "Store", Verdict.FAIL),
        ("allow: {from: Web, to: tier data, port: 5432}", "Web", Verdict.PASS),
        ("allow: {from: Worker, to: tier data, port: 5432}", "Worker", Verdict.FAIL),
        ("allow: {from: internet, to: Web, port: 443}", "Web", Verdict.PASS),
        ("allow: {from: internet, to: Web, port: 8443}", "Web", Verdict.FAIL),
        ("allow: {from: Web, to: s3}", "Web", Verdict.PASS),
        ("allow: {from: Worker, to: [s3, ecr.api]}", "Worker", Verdict.FAIL),
        ("only: {from: Web, to: tier data}", "Store", Verdict.PASS),
        ("only: {from: Worker, to: tier data}", "Store", Verdict.FAIL),
        ("only: {from: main/Web, to: main/Sto?e}", "Store", Verdict.PASS),
    ],
)
def test_an_intent_holds_or_not(judged, intent: str, subject: str, verdict: Verdict) -> None:
    run = judged(f"  - {intent}\n")
    assert [f"{problem}" for problem in run.problems] == []
    assert verdicts(run) == {("INTENT-SHOP-01", subject): verdict}


def test_what_is_not_decided_is_unknown_and_says_on_what(judged) -> None:
    run = judged("  - deny: {from: internet, to: Web, port: 22}\n")
    (finding,) = one(run, "dev").findings
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.hangs_on == ("parameter `Office` has no value in this profile",)
    assert "whether internet reaches Web on TCP port 22" in finding.message


def test_a_failure_names_the_path_the_place_and_what_was_meant(judged) -> None:
    run = judged(
        "  - {id: SHOP-NET-01, deny: {from: internet, to: Web, port: 443}, severity: critical,"
        " reason: The shop is closed.}\n"
    )
    (finding,) = one(run, "prod").findings
    assert finding.severity is Severity.CRITICAL
    assert "internet > Gateway > Out > Public > WebGroup > Web" in finding.message
    assert finding.location is not None
    assert finding.excerpt is not None
    assert run.rules["SHOP-NET-01"].why == "The shop is closed."
    assert run.rules["SHOP-NET-01"].title == "internet never reaches Web on port 443"


def test_a_missing_way_names_the_obstacle(judged) -> None:
    run = judged("  - allow: {from: Worker, to: [s3, ecr.api]}\n")
    (finding,) = one(run, "prod").findings
    assert "does not reach s3, ecr.api" in finding.message
    assert "Private" in finding.message


def test_an_intent_about_nothing_here_is_skipped_and_about_nothing_at_all_told(judged) -> None:
    run = judged("  - deny: {from: internet, to: Databse}\n")
    assert {finding.verdict for finding in one(run, "prod").findings} == {Verdict.SKIP}
    (problem,) = run.problems
    assert "INTENT-SHOP-01 names nothing" in problem.message
    assert problem.line == HEAD.count("\n") + 1


def test_an_intent_may_be_about_some_profiles(judged) -> None:
    run = judged("  - {profiles: [prod], deny: {from: internet, to: Web, port: 22}}\n")
    assert one(run, "dev").findings == ()
    assert len(one(run, "prod").findings) == 1


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("{deny: {from: internet, to: Web}, allow: {from: Web, to: s3}}", "exactly one"),
        ("{severity: high}", "exactly one"),
        ("{allow: {from: internet, to: Web}}", "names the port"),
        ("{deny: {from: internet, to: tier date}}", "names tier `date`"),
        ("{deny: {from: internet, to: Web}, profiles: [test]}", "names profile `test`"),
        ("{deny: {from: internet, to: Web, port: 70000}}", "less than or equal"),
        ("{deny: {from: internet}}", "is missing"),
        ("{id: shop, deny: {from: internet, to: Web}}", "pattern"),
    ],
)
def test_a_malformed_intent_is_told_with_its_line(judged, intent: str, words: str) -> None:
    run = judged(f"  - {intent}\n")
    (problem,) = run.problems
    assert words in problem.message
    assert problem.line


def test_a_broken_intent_can_be_waived(judged, tmp_path: Path) -> None:
    judged("  - deny: {from: internet, to: Web, port: 443}\n")
    configuration = tmp_path / "assay.yaml"
    configuration.write_text(
        "waivers:\n  - {rule: INTENT-SHOP-01, resource: Web, reason: an open day, owner: web,"
        " until: 2027-01-01}\n",
        encoding="utf-8",
    )
    found = find_systems([tmp_path], Deployment())
    run_ = run(
        Request(found.systems, TODAY, configuration=read_configuration(configuration), priced=False)
    )
    (finding,) = one(run_, "prod").findings
    assert finding.verdict is Verdict.FAIL
    assert finding.waiver is not None
