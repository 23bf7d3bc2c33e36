"""The sample run as a pull request would see it: compared with a base, with fixes worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from analyzer.comparison import AccessChange, Base, Before, CostChange
from analyzer.findings import Change, Finding, Remedy, Verdict, Waiver
from analyzer.model import Location
from analyzer.results import Judgement, Run
from tests.output.sample import HOSTILE, sample_run

# What each profile's change brings; every other failure was there before.
_NEW = {"projet-e4": {"NET-SG-01", "ENC-RDS-01"}, "moodle": {"ENC-LT-01"}}
_UNDECIDED = {"moodle": {"ENC-S3-01"}}
PATCH = """\
--- a/architectures/moodle/template.yaml
+++ b/architectures/moodle/template.yaml
@@ -40,4 +40,5 @@
         Ebs:
           VolumeSize: 30
+          Encrypted: true
           VolumeType: gp3  # ```
"""


def compared_run() -> Run:
    """A run with every kind of change; the same value on every call."""
    run = sample_run()
    return replace(
        run,
        judgements=tuple(map(_compared, run.judgements)),
        base=Base(
            "origin/main",
            "8f3c2b1a9d7e6f5041322334455667788990aabb",
            waivers_added=(
                Waiver(
                    "NET-SG-0*",
                    "WebSecurityGroup",
                    f"| {HOSTILE} @everyone #1 [x](https://evil.example)",
                    "@team",
                    date(2027, 1, 31),
                    Location("assay.yaml", 14),
                ),
            ),
            removed=(("moodle", "pilot"),),
        ),
    )


def _compared(judgement: Judgement) -> Judgement:
    findings = tuple(_told(judgement, finding) for finding in judgement.findings)
    return replace(judgement, findings=findings, before=_before(judgement))


def _told(judgement: Judgement, finding: Finding) -> Finding:
    if finding.verdict is Verdict.UNKNOWN:
        new = finding.rule in _UNDECIDED.get(judgement.system, ())
        return replace(finding, change=Change.UNDECIDED if new else Change.UNCHANGED)
    if finding.verdict is not Verdict.FAIL:
        return finding
    new = finding.rule in _NEW.get(judgement.system, ()) or HOSTILE in finding.resource
    known = finding.rule == "BAK-RDS-04"
    change = Change.NEW if new else Change.KNOWN if known else Change.UNCHANGED
    return replace(finding, change=change, remedy=_remedy(judgement, finding) if new else None)


def _remedy(judgement: Judgement, finding: Finding) -> Remedy | None:
    if finding.rule == "ENC-LT-01":
        price = Decimal(0) if judgement.profile == "medium" else Decimal("4.10")
        return Remedy("template", PATCH, safe=True, holds=True, usd_low=price, usd_high=price)
    if finding.rule == "ENC-RDS-01":
        return Remedy(
            "template",
            PATCH.replace("moodle", "projet-e4"),
            holds=True,
            reason="StorageEncrypted replaces the database",
            usd_low=Decimal(1),
            usd_high=Decimal(9),
            assumptions=("10,000 requests to KMS",),
        )
    if HOSTILE in finding.resource:
        return Remedy(
            "template", f"+</details>{HOSTILE}\n+~~~\n+```\n+@everyone\n", safe=True, holds=True
        )
    return None


def _before(judgement: Judgement) -> Before | None:
    if judgement.system == "projet-e4":
        return _before_projet_e4(judgement)
    if judgement.profile == "dev":
        return Before(exists=False)
    return Before(usd=judgement.usd)


def _before_projet_e4(judgement: Judgement) -> Before:
    was = next(iter(judgement.findings))
    line = CostChange(
        "Database1",
        "AWS::RDS::DBInstance",
        "RDS/instance-hours",
        Decimal("24.82"),
        Decimal("49.64"),
        "main",
        "db.t3.small instead of db.t3.micro",
    )
    odd = CostChange(f"{HOSTILE}|x", "AWS::S3::Bucket", "S3/storage", None, None, reason=HOSTILE)
    return Before(
        usd=judgement.usd - line.difference,
        fixed=(replace(was, verdict=Verdict.FAIL, change=Change.FIXED),),
        cost=(odd, line),
        access=(
            AccessChange("WebRole", "yes", f"s3:GetObject on arn:aws:s3:::{HOSTILE}/*"),
            AccessChange("TaskRole", "maybe", hangs_on=("parameter `Bucket` has no value",)),
            AccessChange("CiRole", "no"),
        ),
    )
