"""`assay fix`: what it shows, what it writes, and what it leaves alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay

DAY = ("--date", "2026-11-21")
TEMPLATE = """\
# the shop
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot   # kept
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: postgres
      DBInstanceClass: db.t3.micro
      AllocatedStorage: "20"
      BackupRetentionPeriod: 1
      MasterUsername: '{{resolve:secretsmanager:login:SecretString:name}}'
      MasterUserPassword: '{{resolve:secretsmanager:login:SecretString:password}}'
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    return file


def test_a_patch_is_shown_with_its_safety_and_its_price(assay: Assay, template: Path) -> None:
    ended = assay("fix", template, "--rule", "MAZ-RDS-01", *DAY)
    assert "patch: safe, +" in ended.out
    assert "+      MultiAZ: true" in ended.out
    assert "1 patch for 1 file (--write writes them)" in ended.out
    assert template.read_text() == TEMPLATE


def test_a_patch_that_is_not_safe_says_why_and_is_not_written(assay: Assay, template: Path) -> None:
    ended = assay("fix", template, "--rule", "ENC-RDS-01", "--write", *DAY)
    assert "unsafe: replaces Database: StorageEncrypted is set when it is created" in ended.out
    assert "nothing to write (--unsafe adds 1 patch)" in ended.out
    assert template.read_text() == TEMPLATE


def test_unsafe_writes_it(assay: Assay, template: Path) -> None:
    assay("fix", template, "--rule", "ENC-RDS-01", "--write", "--unsafe", *DAY)
    assert template.read_text() == TEMPLATE + "      StorageEncrypted: true\n"


def test_what_is_written_keeps_comments_mode_and_ends_of_lines(
    assay: Assay, template: Path
) -> None:
    template.write_bytes(b"\xef\xbb\xbf" + TEMPLATE.replace("\n", "\r\n").encode())
    template.chmod(0o640)
    assay("fix", template, "--rule", "MAZ-RDS-01", "--write", *DAY)
    text = (TEMPLATE + "      MultiAZ: true\n").replace("\n", "\r\n")
    assert template.read_bytes() == b"\xef\xbb\xbf" + text.encode()
    assert template.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(assay: Assay, template: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(template)
    assay("fix", link, "--rule", "MAZ-RDS-01", "--write", *DAY)
    assert link.is_symlink()
    assert "MultiAZ: true" in template.read_text()


def test_a_second_time_there_is_nothing_to_do(assay: Assay, template: Path) -> None:
    assay("fix", template, "--write", "--unsafe", *DAY)
    once = template.read_text()
    ended = assay("fix", template, "--write", "--unsafe", *DAY)
    assert "nothing to write" in ended.out
    assert template.read_text() == once


def test_what_is_left_is_told_and_decides_the_exit_code(assay: Assay, template: Path) -> None:
    ended = assay("fix", template, "--rule", "MAZ-RDS-01", "--write", *DAY)
    assert "failures are left" in ended.out
    assert ended.code == 1


def test_where_a_file_changes_meanwhile_none_is_written(
    assay: Assay, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analyzer.fixes.mending import Mender

    other = tmp_path / "other.yaml"
    other.write_text(TEMPLATE)
    mended = Mender.mended

    def while_somebody_writes(self: Mender, *asked: Any) -> Any:
        found = mended(self, *asked)
        template.write_text("# mine\n" + TEMPLATE)
        return found

    monkeypatch.setattr(Mender, "mended", while_somebody_writes)
    ended = assay("fix", tmp_path, "--rule", "MAZ-RDS-01", "--write", *DAY)
    assert (ended.code, ended.out) == (2, "")
    assert "template.yaml: has changed since it was read: nothing is written" in ended.err
    assert ended.err.count("\n") == 1
    assert template.read_text() == "# mine\n" + TEMPLATE
    assert other.read_text() == TEMPLATE


def test_of_what_cannot_be_read_no_failure_is_said_to_be_left(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("Resources: {\n")
    ended = assay("fix", tmp_path / "broken.yaml", "--write", *DAY)
    assert (ended.code, ended.out) == (2, "")
    assert "broken.yaml" in ended.err


def test_the_diff_is_one_that_patch_takes(assay: Assay, template: Path, tmp_path: Path) -> None:
    patch = assay("fix", template, "--rule", "MAZ-RDS-01", "--format", "diff", *DAY).out
    done = subprocess.run(
        ["git", "apply", "-p1", "--unsafe-paths", "--directory=/", "-"],  # noqa: S607 - as users do
        input=patch,
        text=True,
        cwd="/",
        check=False,
        capture_output=True,
    )
    assert done.stderr == ""
    assert template.read_text() == TEMPLATE + "      MultiAZ: true\n"


@pytest.mark.parametrize(
    "tool", [("patch", "-p1", "--binary"), ("git", "apply", "-")], ids=["patch", "git"]
)
@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE.replace("\n", "\r\n"),
        json.dumps({"Resources": {"Files": {"Type": "AWS::S3::Bucket"}}}, indent="\t"),
    ],
    ids=["ends of lines", "tabs"],
)
def test_the_diff_keeps_tabs_and_ends_of_lines(
    assay: Assay, tmp_path: Path, text: str, tool: tuple[str, ...]
) -> None:
    (tmp_path / "t.template").write_bytes(text.encode())
    patch = assay("fix", "t.template", "--format", "diff", *DAY).out
    done = subprocess.run(tool, input=patch.encode(), cwd=tmp_path, check=False)
    patched = (tmp_path / "t.template").read_bytes()
    assert done.returncode == 0
    assert patched != text.encode()
    (tmp_path / "t.template").write_bytes(text.encode())
    assay("fix", "t.template", "--write", *DAY)
    assert (tmp_path / "t.template").read_bytes() == patched


def test_nothing_is_said_that_only_a_library_would_say(template: Path) -> None:
    template.write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources: {Orders: {Type: AWS::Serverless::SimpleTable}}\n"
    )
    call = f"from analyzer.cli.main import main; main(['fix', '{template}'])"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    assert "it is made of `Orders` by a macro" in done.stdout
    assert done.stderr == ""


def test_json_holds_every_patch_with_its_finding(assay: Assay, template: Path) -> None:
    ended = assay("fix", template, "--rule", "MAZ-RDS-01", "--format", "json", *DAY)
    (patch,) = json.loads(ended.out)["patches"]
    assert patch["taken"]
    assert patch["finding"]["remedy"]["where"] == "template"


def test_a_waived_failure_is_left_alone(assay: Assay, template: Path) -> None:
    waiver = """\
    Metadata:
      assay:
        waivers:
          - {rule: MAZ-RDS-01, reason: a demonstration, until: 2026-12-24}
    Properties:"""
    template.write_text(TEMPLATE.replace("    Properties:", waiver))
    ended = assay("fix", template, "--rule", "MAZ-RDS-01", *DAY)
    assert "nothing to write" in ended.out


def test_profiles_that_share_a_template_are_mended_once(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "architecture.yaml").write_text(
        "name: shop\nstacks: {main: {template: template.yaml, region: eu-west-3}}\n"
        "profiles: {dev: {}, prod: {}}\n"
    )
    ended = assay("fix", tmp_path, "--rule", "MAZ-RDS-01", "--write", *DAY)
    assert "1 patch written to 1 file" in ended.out
    assert (tmp_path / "template.yaml").read_text().count("MultiAZ") == 1


def test_what_profiles_leave_alike_is_told_once_where_the_file_has_it(
    assay: Assay, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "architecture.yaml").write_text(
        "name: shop\nstacks: {main: {template: template.yaml, region: eu-west-3}}\n"
        "profiles: {dev: {}, prod: {}}\n"
    )
    asked = ("--rule", "BAK-RDS-01", "--rule", "MAZ-RDS-01", "--rule", "ENC-RDS-01")
    ended = assay("fix", tmp_path, *asked, *DAY)
    assert ended.out.count("StorageEncrypted: true") == 1
    assert "template.yaml:7 in dev, prod" in ended.out
    assert "2 patches for 1 file (--write writes them; --unsafe adds 1 patch)" in ended.out


def test_a_template_that_two_systems_share_keeps_the_patches_of_both(
    assay: Assay, tmp_path: Path
) -> None:
    text = TEMPLATE.replace(
        "Period: 1", "Period: !If [IsA, 9, 1]\n      MultiAZ: !If [IsA, false, true]"
    )
    head = "Parameters: {Which: {Type: String}}\nConditions: {IsA: !Equals [!Ref Which, A]}\n"
    (tmp_path / "shared.yaml").write_text(head + text)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "architecture.yaml").write_text(
            f"name: {name}\nstacks: {{main: {{template: ../shared.yaml, region: eu-west-3}}}}\n"
            f"profiles: {{one: {{parameters: {{Which: {name.upper()}}}}}}}\n"
        )
    asked = ("--rule", "BAK-RDS-01", "--rule", "MAZ-RDS-01", "--write")
    ended = assay("fix", "a", "b", *asked, *DAY)
    assert "2 patches written to 1 file" in ended.out
    written = (tmp_path / "shared.yaml").read_text()
    assert "!If [IsA, 9, 7]" in written
    assert "MultiAZ: true" in written


PACK = """\
from analyzer.policy import Fail, rule

QUEUE = "AWS::SQS::Queue"


@rule("ENC-OWN-01", severity="high", on=QUEUE)
def first(queue):
    \"""A queue waits.\"""
    if not queue.DelaySeconds:
        return Fail("does not wait", fix={"DelaySeconds": 60})


@rule("ENC-OWN-02", severity="high", on=QUEUE)
def second(queue):
    \"""A queue keeps messages for a minute at most.\"""
    if queue.MessageRetentionPeriod != 60:
        return Fail("keeps messages", fix={"MessageRetentionPeriod": 60})


@rule("ENC-OWN-03", severity="high", on=QUEUE)
def third(queue):
    \"""A queue keeps messages for longer than it waits.\"""
    waits, keeps = queue.DelaySeconds or 0, queue.MessageRetentionPeriod or 345600
    if BREAKS:
        return Fail("loses messages")
"""
OWN = ("--rule", "ENC-OWN-01", "--rule", "ENC-OWN-02", "--write", "--unsafe", *DAY)


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    file = tmp_path / "queue.yaml"
    file.write_text("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n")
    return file


def test_a_patch_with_which_another_rule_fails_is_never_written(
    assay: Assay, queue: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.py").write_text(PACK.replace("BREAKS", "keeps == 60"))
    ended = assay("fix", queue, "--pack", tmp_path / "own.py", *OWN)
    assert "unsafe: ENC-OWN-03 fails for Jobs then" in ended.out
    assert "1 patch written to 1 file" in ended.out
    assert "--unsafe adds" not in ended.out
    assert "DelaySeconds: 60" in queue.read_text()
    assert "MessageRetentionPeriod" not in queue.read_text()


def test_of_patches_that_break_a_rule_together_the_last_one_is_left(
    assay: Assay, queue: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.py").write_text(PACK.replace("BREAKS", "keeps <= waits"))
    ended = assay("fix", queue, "--pack", tmp_path / "own.py", *OWN)
    assert "not made: with the patches before it ENC-OWN-03 fails for Jobs" in ended.out
    assert "1 patch written to 1 file" in ended.out
    assert "MessageRetentionPeriod" not in queue.read_text()
    again = assay("fix", queue, "--pack", tmp_path / "own.py", *OWN)
    assert "nothing to write" in again.out


def test_what_another_patch_stood_in_the_way_of_is_made_too(assay: Assay, queue: Path) -> None:
    queue.write_text(
        "Resources:\n"
        "  Files:\n"
        "    Type: AWS::S3::Bucket\n"
        "  Jobs: {Type: AWS::SQS::Queue, Properties: &shared {SqsManagedSseEnabled: false}}\n"
        "  Mails: {Type: AWS::SQS::Queue, Properties: *shared}\n"
    )
    asked = ("--rule", "ENC-SQS-01", "--rule", "ENC-S3-02", "--write", *DAY)
    ended = assay("fix", queue, *asked)
    assert "3 patches written to 1 file" in ended.out
    assert re.search(r"Jobs \(AWS::SQS::Queue\) \S*:4$", ended.out, re.MULTILINE)
    assert "nothing to write" in assay("fix", queue, *asked).out


def test_what_another_patch_makes_safe_is_made_too(assay: Assay, tmp_path: Path) -> None:
    """The distribution may read the bucket by a statement of the policy that another patch adds."""
    file = tmp_path / "site.yaml"
    file.write_text(
        "Resources:\n  Site: {Type: AWS::S3::Bucket}\n  Shop:\n"
        "    Type: AWS::CloudFront::Distribution\n    Properties:\n      DistributionConfig:\n"
        "        Enabled: true\n        Origins:\n"
        "          - {Id: s3, DomainName: !GetAtt Site.RegionalDomainName, S3OriginConfig: {}}\n"
        "        DefaultCacheBehavior: {TargetOriginId: s3, ViewerProtocolPolicy: https-only}\n"
    )
    asked = ("--rule", "NET-CF-02", "--rule", "ENC-S3-03", "--write", *DAY)
    assert "2 patches written to 1 file" in assay("fix", file, *asked).out
    assert "nothing to write" in assay("fix", file, *asked).out


INGRESS = """\
Parameters: {Which: {Type: String, Default: ''}}
Conditions: {Prod: !Equals [!Ref Which, prod]}
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for tests
      SecurityGroupIngress:
"""
OPEN = "        - {{IpProtocol: tcp, FromPort: {0}, ToPort: {0}, CidrIp: {1}}}\n"


def test_a_patch_that_is_safe_alone_but_not_with_another_is_left(
    assay: Assay, tmp_path: Path
) -> None:
    """Of two rules that let the same in, either may go, and not both."""
    file = tmp_path / "groups.yaml"
    file.write_text(INGRESS + 2 * OPEN.format(22, "0.0.0.0/0"))
    asked = ("fix", file, "--rule", "NET-SG-01", *DAY)
    ended = assay(*asked, "--write")
    assert "not made: with the patches before it closes a way in that somebody may use" in ended.out
    assert file.read_text() == INGRESS + OPEN.format(22, "0.0.0.0/0")
    assert "nothing to write (--unsafe adds 1 patch)" in assay(*asked, "--write").out
    assert "1 patch written" in assay(*asked, "--write", "--unsafe").out


def test_a_waived_failure_is_left_alone_where_the_list_before_it_got_shorter(
    assay: Assay, tmp_path: Path
) -> None:
    ssh = OPEN.format(22, "!If [Prod, 0.0.0.0/0, 10.0.0.0/8]")
    (tmp_path / "template.yaml").write_text(INGRESS + OPEN.format(3389, "0.0.0.0/0") + ssh)
    (tmp_path / "architecture.yaml").write_text(
        "name: shop\nstacks: {main: {template: template.yaml, region: eu-west-3}}\n"
        "profiles: {dev: {}, prod: {parameters: {Which: prod}}}\n"
    )
    (tmp_path / "waivers.yaml").write_text(
        "waivers:\n  - {rule: NET-SG-01, resource: Web, reason: a test, until: 2026-12-24}\n"
    )
    rules = ("--rule", "NET-SG-01", "--rule", "NET-SG-02")
    assay("fix", tmp_path, *rules, "--write", "--unsafe", *DAY)
    assert (tmp_path / "template.yaml").read_text() == INGRESS + ssh


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-", "--write"), "standard input cannot be written"),
        (("template.yaml", "--rule", "NO-SUCH-01"), "there is no rule 'NO-SUCH-01'"),
        (("nowhere.yaml",), "does not exist"),
    ],
)
def test_bad_usage_is_one_line(
    assay: Assay, template: Path, arguments: tuple[str, ...], message: str
) -> None:
    ended = assay("fix", *arguments, *DAY)
    assert ended.code == 2
    assert message in ended.err
    assert ended.err.count("\n") == 1
