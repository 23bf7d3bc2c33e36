"""Two harder systems of the sample run: one badly secured, one whose names are markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analyzer.findings import Fix
from analyzer.results import ClaimResult, Judgement
from tests.output.sample_costs import projet_e4_cost
from tests.output.sample_findings import FAIL, PASS, UNKNOWN, System
from tests.output.sample_templates import TEXTS

HOSTILE = "<script>alert(1)</script>"

_, _, _PROJET_E4, _ATELIER = TEXTS


def projet_e4() -> Iterable[Judgement]:
    """A system as it was built, open and unencrypted, and as it is meant to be."""
    long_name = "CyberToolsSecurityGroupForGitLabUptimeKumaAndTheOtherInternalAdministrationTools"
    system = System(
        _PROJET_E4,
        "us-east-2",
        {
            "MvpVpc": "AWS::EC2::VPC",
            "CyberVpc": "AWS::EC2::VPC",
            "DatabaseSubnets": "AWS::RDS::DBSubnetGroup",
            "Database1": "AWS::RDS::DBInstance",
            "WebSecurityGroup": "AWS::EC2::SecurityGroup",
            long_name: "AWS::EC2::SecurityGroup",
            "DumpBucket": "AWS::S3::Bucket",
        },
    )
    on_port_22 = "opens port 22 to 0.0.0.0/0, the whole internet"
    findings = (
        system.finding(
            "SEC-TPL-01",
            "Database1",
            FAIL,
            "takes its password from a parameter whose default stands in clear",
            at="MasterUserPassword",
        ),
        system.finding(
            "NET-SG-01", "WebSecurityGroup", FAIL, on_port_22, at="SecurityGroupIngress/0/CidrIp"
        ),
        system.finding(
            "NET-SG-01",
            long_name,
            UNKNOWN,
            "opens port 22 to a block that is not known",
            at="SecurityGroupIngress",
            hangs_on=("parameter `AdministrationCidr` has no value in this profile",),
        ),
        system.finding(
            "NET-RDS-02",
            "DatabaseSubnets",
            FAIL,
            "holds the public subnet MvpPublicSubnet",
            at="SubnetIds",
        ),
        system.finding(
            "ENC-RDS-01",
            "Database1",
            FAIL,
            "stores its data unencrypted",
            fix=Fix({"StorageEncrypted": True}),
            also=("CKV_AWS_16",),
        ),
        system.finding(
            "BAK-RDS-04",
            "Database1",
            FAIL,
            "can be deleted by a stack update",
            fix=Fix({"DeletionProtection": True}),
        ),
        *(
            system.finding(rule, "DumpBucket", FAIL, message)
            for rule, message in (
                ("ENC-S3-01", "sets no encryption"),
                ("BAK-S3-01", "keeps no versions"),
            )
        ),
        *(
            system.finding("NET-VPC-01", vpc, FAIL, "writes no flow log")
            for vpc in ("MvpVpc", "CyberVpc")
        ),
        system.finding("W3011", "Database1", FAIL, "Both policies should be specified."),
        system.finding("CKV_AWS_23", long_name, FAIL, at="SecurityGroupIngress"),
        *system.passing("MAZ-RDS-01", "Database1"),
    )
    built = Judgement(
        system="projet-e4",
        profile="as-built",
        title="Projet E4: shop, WordPress and three teams",
        regions=("us-east-2",),
        templates=(_PROJET_E4,),
        resources=system.resources(),
        findings=findings,
        claims=(
            ClaimResult("ssh", "SSH restricted to the Cyber subnet 10.3.1.0/24", FAIL,
                        ("NET-SG-01",), contradicted_by=(("NET-SG-01", "WebSecurityGroup"),),
                        undecided_by=(("NET-SG-01", long_name),)),
            ClaimResult("db-multi-az", "The database is Multi-AZ", PASS, ("MAZ-RDS-01",)),
        ),
        cost=projet_e4_cost(),
    )  # fmt: skip
    yield built
    yield replace(
        built,
        profile="target",
        findings=tuple(replace(finding, verdict=PASS, message="") for finding in findings),
        claims=tuple(
            replace(claim, verdict=PASS, contradicted_by=(), undecided_by=())
            for claim in built.claims
        ),
    )


def atelier() -> Judgement:
    """A system whose names, paths and messages are markup."""
    odd = "Réservation & Co « été » ' \\\" `"
    system = System(
        _ATELIER, "eu-west-3", {HOSTILE: "AWS::S3::Bucket", odd: "AWS::EC2::SecurityGroup"}
    )
    return Judgement(
        system="atelier <b>d’été</b>",
        profile="prod\"><script>alert('profile')</script>",
        title="Atelier {{ 7 * 7 }} d’été </title></script>",
        description="<img src=x onerror=alert(3)>",
        regions=("eu-west-3",),
        templates=(_ATELIER,),
        resources=system.resources(),
        findings=(
            system.finding(
                "BAK-S3-01",
                HOSTILE,
                FAIL,
                "keeps no versions; javascript:alert(4) <b>not bold</b>",
                fix=Fix({"</script><script>alert(5)</script>": "Enabled"}),
            ),
            system.finding(
                "NET-SG-01",
                odd,
                UNKNOWN,
                "the rule could not be run",
                error="ValueError: </style><script>alert(6)</script>",
            ),
        ),
        parameters={"Título": "<!-- ]]> -->"},
    )
