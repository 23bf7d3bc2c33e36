"""A finding's remedy: safe or not and why, whether it holds, and its price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from analyzer.findings import Finding, Fix, Remedy
from analyzer.fixes.remedies import remedy_of
from analyzer.fixes.trial import Trial
from analyzer.inputs import Deployment, find_systems
from tests.fixes.trials import DAYS, trial
from tests.rules.pack import RULES
from tests.run.systems import TODAY

DATABASE = """\
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          Engine: postgres
          DBInstanceClass: db.t3.micro
          AllocatedStorage: "20"
          BackupRetentionPeriod: 0
          MasterUserPassword: correct-horse-battery
"""
BUCKET = """\
    Resources:
      Bucket:
        Type: AWS::S3::Bucket
"""


def remedy(tried: Trial, rule: str, fix: Fix | None = None) -> Remedy:
    """The remedy of the first failure of a rule, with another fix where one is given."""
    found = next(one for one in tried.before.findings if one.rule == rule and one.failed)
    answer = remedy_of(tried, found if fix is None else replace(found, fix=fix))
    assert answer is not None
    return answer


def about(tried: Trial, resource: str, fix: Fix) -> Remedy:
    """The remedy of a made-up finding about a resource."""
    found = tried.before.findings[0]
    answer = remedy_of(tried, replace(found, resource=resource, stack="template", fix=fix))
    assert answer is not None
    return answer


def test_a_change_that_replaces_is_unsafe_and_names_the_property(tmp_path: Path) -> None:
    found = remedy(trial(tmp_path, template_yaml=DATABASE), "ENC-RDS-01")
    assert not found.safe
    assert found.holds
    assert found.reason == "replaces Database: StorageEncrypted is set when it is created"


def test_a_change_that_interrupts_is_unsafe(tmp_path: Path) -> None:
    found = remedy(trial(tmp_path, template_yaml=DATABASE), "BAK-RDS-01")
    assert (found.safe, found.reason) == (False, "restarts the database (Database)")


def test_the_same_change_from_another_value_is_safe(tmp_path: Path) -> None:
    text = DATABASE.replace("Period: 0", "Period: 1")
    found = remedy(trial(tmp_path, template_yaml=text), "BAK-RDS-01")
    assert (found.safe, found.reason) == (True, "")


def test_a_second_zone_is_safe_and_has_its_price(tmp_path: Path) -> None:
    found = remedy(trial(tmp_path, template_yaml=DATABASE), "MAZ-RDS-01")
    assert found.safe
    assert found.usd_low == found.usd_high
    assert found.usd_low is not None
    assert found.usd_low > Decimal(10)


def test_a_fix_that_does_not_mend_does_not_hold(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    found = remedy(tried, "MAZ-RDS-01", Fix(set={"CopyTagsToSnapshot": True}))
    assert not found.holds
    assert not found.safe
    assert found.reason == "judged again, the finding is still there"


def test_a_fix_that_makes_another_rule_fail_does_not_hold(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    found = remedy(tried, "BAK-RDS-01", Fix(set={**DAYS.set, "PubliclyAccessible": True}))
    assert not found.holds
    assert "NET-RDS-01 fails for Database then" in found.reason


def test_a_secret_near_the_change_is_masked_in_the_diff(tmp_path: Path) -> None:
    found = remedy(trial(tmp_path, template_yaml=DATABASE), "MAZ-RDS-01")
    assert "correct-horse-battery" not in found.diff
    assert "MasterUserPassword: ********" in found.diff


def test_a_fix_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    found = remedy(trial(tmp_path, template_yaml=DATABASE), "BAK-RDS-01", Fix(note="by hand"))
    assert (found.where, found.diff, found.reason) == ("", "", "by hand")


@pytest.mark.parametrize(
    ("fix", "reason"),
    [
        (Fix(remove=("",)), "removes Bucket (AWS::S3::Bucket)"),
        (Fix(set={"BucketName": "other"}), "replaces Bucket: BucketName is set when it is created"),
    ],
)
def test_what_is_lost_is_named(tmp_path: Path, fix: Fix, reason: str) -> None:
    text = BUCKET + "      Topic: {Type: AWS::SNS::Topic}\n"
    assert about(trial(tmp_path, template_yaml=text), "Bucket", fix).reason.startswith(reason)


def test_a_resource_that_takes_the_place_of_another_one_is_unsafe(tmp_path: Path) -> None:
    policy = """\
      Policy:
        Type: AWS::S3::BucketPolicy
        Properties: {Bucket: !Ref Bucket, PolicyDocument: {}}
"""
    added = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {}},
    }
    fix = Fix(add={"Rules": added})
    alone = about(trial(tmp_path, template_yaml=BUCKET), "Bucket", fix)
    second = about(trial(tmp_path, template_yaml=BUCKET + policy), "Bucket", fix)
    assert "takes the place of" not in alone.reason
    assert "takes the place of Policy" in second.reason


def test_a_policy_that_takes_back_what_it_allows_is_unsafe(tmp_path: Path) -> None:
    policy = """\
      Policy:
        Type: AWS::SNS::TopicPolicy
        Properties:
          Topics: [topic]
          PolicyDocument:
            Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: sns:Publish, Resource: "*"}
"""
    tried = trial(tmp_path, template_yaml=BUCKET + policy)
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"}
    more = about(tried, "Policy", Fix(set={"PolicyDocument/Statement/-": denied}))
    less = about(tried, "Policy", Fix(set={"PolicyDocument/Statement/Principal/AWS": "1111"}))
    assert "takes access away" not in more.reason
    assert "takes access away that somebody may use" in less.reason


def test_what_is_left_to_do_by_hand_makes_a_fix_unsafe(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    found = remedy(tried, "MAZ-RDS-01", Fix(set={"MultiAZ": True}, note="tell the users"))
    assert (found.safe, found.holds) == (False, True)
    assert found.reason == "left to do by hand: tell the users"


SERVER = """\
    Resources:
      Template:
        Type: AWS::EC2::LaunchTemplate
        Properties: {LaunchTemplateData: {ImageId: ami-0abcdef1234567890}}
      Server:
        Type: AWS::EC2::Instance
        Properties:
          LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: VERSION}
"""


@pytest.mark.parametrize(
    ("version", "replaced"), [("!GetAtt Template.LatestVersionNumber", True), ("'1'", False)]
)
def test_a_server_that_follows_a_launch_template_is_replaced(
    tmp_path: Path, version: str, replaced: bool
) -> None:
    tried = trial(tmp_path, template_yaml=SERVER.replace("VERSION", version))
    found = remedy(tried, "NET-LT-02")
    assert ("replaces Server: it follows the versions of Template" in found.reason) is replaced
    assert found.safe is not replaced


def test_a_bucket_that_a_policy_opens_to_a_service_needs_a_key_that_it_may_use(
    tmp_path: Path,
) -> None:
    policy = """\
      Policy:
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref Bucket
          PolicyDocument:
            Statement:
              - Effect: Allow
                Principal: {Service: cloudfront.amazonaws.com}
                Action: s3:GetObject
                Resource: !Sub "${Bucket.Arn}/*"
"""
    alone = remedy(trial(tmp_path, template_yaml=BUCKET), "ENC-S3-02")
    read = remedy(trial(tmp_path, template_yaml=BUCKET + policy), "ENC-S3-02")
    assert alone.safe
    assert read.reason == ("left to do by hand: name a key that whom Policy admits may use")


SUBNET = """\
    Resources:
      Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
      Subnet:
        Type: AWS::EC2::Subnet
        Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
"""


def test_a_subnet_in_which_servers_start_is_not_closed_unasked(tmp_path: Path) -> None:
    server = "      Web: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet}}\n"
    empty = remedy(trial(tmp_path, template_yaml=SUBNET), "NET-VPC-02")
    used = remedy(trial(tmp_path, template_yaml=SUBNET + server), "NET-VPC-02")
    assert empty.safe
    assert "left to do by hand: give Web another way in and out" in used.reason


def test_a_group_that_is_to_keep_more_may_grow_to_as_many(tmp_path: Path) -> None:
    group = """\
    Resources:
      Group:
        Type: AWS::AutoScaling::AutoScalingGroup
        Properties: {MinSize: "1", MaxSize: "1", DesiredCapacity: "1"}
"""
    found = remedy(trial(tmp_path, template_yaml=group), "MAZ-ASG-03")
    assert 'Properties: {MinSize: "2", MaxSize: "2", DesiredCapacity: "2"}' in found.diff


@pytest.mark.parametrize(("stated", "added"), [("", True), (", HealthCheckGracePeriod: 60", False)])
def test_servers_are_given_time_to_start_before_they_are_judged(
    tmp_path: Path, stated: str, added: bool
) -> None:
    group = f"""\
    Resources:
      Group:
        Type: AWS::AutoScaling::AutoScalingGroup
        Properties: {{MinSize: "2", MaxSize: "4", TargetGroupARNs: [arn]{stated}}}
"""
    found = remedy(trial(tmp_path, template_yaml=group), "MAZ-ASG-02")
    assert ("HealthCheckGracePeriod: 300" in found.diff) is added


def test_a_secret_is_read_with_its_new_key_by_those_who_read_it_before(tmp_path: Path) -> None:
    text = "    Resources:\n      Secret: {Type: AWS::SecretsManager::Secret}\n"
    found = remedy(trial(tmp_path, template_yaml=text), "ENC-SEC-01")
    assert found.safe
    assert "kms:CallerAccount: !Ref AWS::AccountId" in found.diff
    assert 'kms:ViaService: !Sub "secretsmanager.${AWS::Region}.amazonaws.com"' in found.diff


def test_a_new_charge_by_undeclared_usage_is_a_range_with_its_assumption(tmp_path: Path) -> None:
    fix = Fix(add={"Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}}})
    found = about(trial(tmp_path, template_yaml=BUCKET), "Bucket", fix)
    assert (found.usd_low, found.usd_high) == (Decimal("1.00"), Decimal("4.00"))
    assert found.assumptions == ("KMS/requests of Key: 1,000 to 1,000,000 requests",)


def test_a_charge_that_nobody_prices_makes_no_number(tmp_path: Path) -> None:
    fix = Fix(add={"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": True}}})
    found = about(trial(tmp_path, template_yaml=BUCKET), "Bucket", fix)
    assert (found.usd_low, found.usd_high) == (None, None)
    assert "CloudTrail" in found.assumptions[0]


@pytest.mark.parametrize(("rule", "known"), [("MAZ-RDS-01", False), ("BAK-RDS-03", True)])
def test_a_charge_whose_amount_is_not_known_before_and_after_makes_no_number_where_it_changes(
    tmp_path: Path, rule: str, known: bool
) -> None:
    text = DATABASE.replace("db.t3.micro", "!Ref Class")
    text = text.replace(
        "    Resources:", "    Parameters: {Class: {Type: String}}\n    Resources:", 1
    )
    found = remedy(trial(tmp_path, template_yaml=text), rule)
    assert (found.usd_low is not None) is known


def _told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    return sorted((one.rule, one.resource, one.verdict.value, one.message) for one in findings)


@pytest.mark.parametrize("name", ["webmarket", "jeancloud", "projet-e4"])
def test_judging_again_what_a_change_touches_is_judging_all_again(name: str) -> None:
    (system,) = find_systems([Path("architectures") / name], Deployment()).systems
    tried = Trial(system, system.profiles[-1], TODAY, RULES)
    for finding in tried.before.findings:
        if finding.failed and finding.fix:
            quick = tried.with_fixes([(f"{finding.stack}/{finding.resource}", finding.fix)])
            if quick.documents:
                sources = {**tried.sources, **quick.documents}
                full = tried.state(quick.state.system, quick.state.profile, sources)
                assert _told(quick.findings) == _told(full.findings)
                assert quick.cost == full.cost
