"""Two systems of the sample run with declared costs: moodle in three profiles, clefcloud in two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from analyzer.cost_lines import Budget
from analyzer.findings import Fix, Waiver
from analyzer.results import ClaimResult, Judgement
from tests.output.sample_costs import (
    clefcloud_cost,
    declared_clefcloud,
    declared_moodle,
    moodle_cost,
    total,
)
from tests.output.sample_findings import FAIL, PASS, SKIP, UNKNOWN, System
from tests.output.sample_templates import TEXTS

_MOODLE, _CLEFCLOUD, *_ = TEXTS


def moodle() -> Iterable[Judgement]:
    """A system with declared controls and costs in euros, in three profiles."""
    system = System(
        _MOODLE,
        "eu-west-3",
        {
            "MoodleVpc": "AWS::EC2::VPC",
            "NatGateway": "AWS::EC2::NatGateway",
            "WebSecurityGroup": "AWS::EC2::SecurityGroup",
            "HttpListener": "AWS::ElasticLoadBalancingV2::Listener",
            "MoodleLaunchTemplate": "AWS::EC2::LaunchTemplate",
            "DatabaseCluster": "AWS::RDS::DBCluster",
            "MediaBucket": "AWS::S3::Bucket",
            "InstanceRole": "AWS::IAM::Role",
        },
    )
    rebuilt = Waiver("ENC-LT-01", "MoodleLaunchTemplate", "Image rebuilt in December", "plateforme")
    waiver = Waiver(
        "NET-VPC-01",
        "MoodleVpc",
        "Journaux réseau déjà collectés par l’hébergeur ; doublon refusé par le RSSI",
        "équipe plateforme",
        date(2026, 12, 15),
    )
    findings = (
        system.finding(
            "VER-RDS-01",
            "DatabaseCluster",
            FAIL,
            "runs Aurora MySQL 5.7, out of standard support since 2024-10-31",
            at="EngineVersion",
            fix=Fix({"EngineVersion": "8.0.mysql_aurora.3.08.0"}),
        ),
        system.finding(
            "ENC-LT-01",
            "MoodleLaunchTemplate",
            FAIL,
            "leaves /dev/xvda unencrypted",
            at="LaunchTemplateData/BlockDeviceMappings/0/Ebs",
            fix=Fix({"LaunchTemplateData/BlockDeviceMappings/0/Ebs/Encrypted": True}),
            also=("CKV_AWS_8",),
        ),
        system.finding(
            "MAZ-VPC-02",
            "NatGateway",
            FAIL,
            "serves private subnets of two zones, eu-west-3a and eu-west-3b",
        ),
        system.finding("NET-VPC-01", "MoodleVpc", FAIL, "writes no flow log", waiver=waiver),
        system.finding(
            "ENC-ELB-01",
            "HttpListener",
            UNKNOWN,
            "its actions are not known before deployment",
            at="DefaultActions",
            hangs_on=("parameter `ListenerActions` has no value in this profile",),
        ),
        system.finding(
            "ENC-S3-01",
            "MediaBucket",
            UNKNOWN,
            "is encrypted only where `UseKms` holds",
            at="BucketEncryption",
            hangs_on=("condition `UseKms` is true", "parameter `KmsEncryption` has no value"),
        ),
        system.finding(
            "IAM-ROL-03",
            "InstanceRole",
            UNKNOWN,
            "carries a policy of another stack",
            at="ManagedPolicyArns",
            hangs_on=("import `shared-instance-policy` is read at deploy time",),
        ),
        system.finding("BAK-S3-01", "MediaBucket", SKIP, "its content is backed up by AWS Backup"),
        system.finding("CKV_AWS_260", "WebSecurityGroup", FAIL, at="SecurityGroupIngress"),
        system.finding("W2001", "DatabaseCluster", FAIL, "Parameter MoodleVersion not used."),
        *system.passing("NET-SG-01", "WebSecurityGroup"),
        *system.passing("CKV_AWS_23", "WebSecurityGroup"),
    )
    claims = (
        ClaimResult("multi-az", "Multi-AZ with automatic failover", FAIL, ("MAZ-VPC-02",),
                    contradicted_by=(("MAZ-VPC-02", "NatGateway"),)),
        ClaimResult("encryption-at-rest", "Encryption at rest for EBS, RDS and S3", FAIL,
                    ("ENC-LT-01", "ENC-S3-01"),
                    contradicted_by=(("ENC-LT-01", "MoodleLaunchTemplate"),),
                    undecided_by=(("ENC-S3-01", "MediaBucket"),)),
        ClaimResult("tls", "TLS in transit is mandatory", UNKNOWN, ("ENC-ELB-01",),
                    undecided_by=(("ENC-ELB-01", "HttpListener"),)),
        ClaimResult("ports", "Security groups open on 80 and 443 only", PASS, ("NET-SG-01",)),
    )  # fmt: skip
    medium = Judgement(
        system="moodle",
        profile="medium",
        title="Moodle learning platform",
        description="Route 53, CloudFront and a load balancer in front of PHP instances in two "
        "zones; Aurora MySQL, Redis and EFS behind them.",
        regions=("eu-west-3",),
        templates=(_MOODLE,),
        resources=system.resources(),
        findings=findings,
        claims=claims,
        cost=moodle_cost(2),
        declared=declared_moodle(),
        budget=Budget(Decimal(580), total(moodle_cost(2)), "EUR", Decimal(500)),
        policy={"backup_days": 30},
        parameters={"InstanceType": "t3.medium", "MinSize": "2", "DatabasePassword": "********"},
    )
    rest = tuple(
        replace(finding, waiver=rebuilt) if finding.rule == "ENC-LT-01" else finding
        for finding in findings
    )
    yield medium
    yield replace(
        medium, profile="quiz-coach", declared=None, budget=None, cost=moodle_cost(8), findings=rest
    )
    yield replace(medium, profile="university", declared=None, cost=moodle_cost(10))


def clefcloud() -> Iterable[Judgement]:
    """A system with declared ranges in dollars, in two profiles."""
    system = System(
        _CLEFCLOUD,
        "us-east-1",
        {
            "Database": "AWS::RDS::DBInstance",
            "ScoresBucket": "AWS::S3::Bucket",
            "CiUserPolicy": "AWS::IAM::ManagedPolicy",
            "HttpListener": "AWS::ElasticLoadBalancingV2::Listener",
        },
    )
    common = (
        system.finding(
            "BAK-RDS-01",
            "Database",
            FAIL,
            "keeps backups 1 day; the policy asks for 7",
            at="BackupRetentionPeriod",
            fix=Fix({"BackupRetentionPeriod": 7}),
        ),
        system.finding(
            "IAM-ROL-03",
            "CiUserPolicy",
            FAIL,
            "allows every action on every resource",
            at="PolicyDocument/Statement/0",
            also=("CKV_AWS_62", "CKV_AWS_63"),
        ),
        system.finding(
            "ENC-ELB-01",
            "HttpListener",
            FAIL,
            "forwards port 80 in clear",
            at="DefaultActions",
        ),
        *system.passing("ENC-RDS-01", "Database"),
        *system.passing("BAK-S3-01", "ScoresBucket"),
        *system.passing("ENC-S3-01", "ScoresBucket"),
    )
    claims = (
        ClaimResult("least-privilege", "Least privilege", FAIL, ("IAM-ROL-03",),
                    contradicted_by=(("IAM-ROL-03", "CiUserPolicy"),)),
        ClaimResult("rest", "Encryption at rest for RDS and S3", PASS,
                    ("ENC-RDS-01", "ENC-S3-01")),
    )  # fmt: skip
    for profile in ("dev", "prod"):
        waiver = Waiver("MAZ-RDS-01", "Database", "dev only", "équipe clef", date(2027, 3, 31))
        standby = system.finding(
            "MAZ-RDS-01",
            "Database",
            FAIL if profile == "dev" else PASS,
            "has no standby in a second zone" if profile == "dev" else "",
            at="MultiAZ",
            waiver=waiver if profile == "dev" else None,
        )
        cost = clefcloud_cost(profile)
        yield Judgement(
            system="clefcloud",
            profile=profile,
            title="ClefCloud, partitions en ligne",
            description="An application for sheet music.",
            regions=("us-east-1",),
            templates=(_CLEFCLOUD,),
            resources=system.resources(),
            findings=(*common, standby),
            claims=claims,
            cost=cost,
            declared=declared_clefcloud(profile, cost),
            budget=Budget(Decimal(200), total(cost), "USD", Decimal(200)),
            parameters={"DatabaseClass": "db.t3.micro" if profile == "dev" else "db.t3.small"},
        )
