"""`assay iam check`, `compare` and `update`: what they take, print, and end with."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from analyzer.iam.service_reference import ServiceReference
from tests.cli.conftest import Assay, Ended


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allowing(actions: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy({"Effect": "Allow", "Action": actions, "Resource": resource, **more})


FULL = allowing("*")
READS = allowing("s3:GetObject", "arn:aws:s3:::shop/*")
WRITES_TOO = allowing(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop/*")
BY_NIGHT = allowing("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
OPEN = policy(
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "*"},
)
ANYBODY = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
PARTNER = policy(
    {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
    }
)
TEMPLATE = """\
Parameters:
  Actions: {Type: String, Default: "s3:GetObject"}
  Elsewhere: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: !Ref Actions, Resource: "arn:aws:s3:::shop/*"}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}
  Administrators:
    Type: AWS::IAM::Group
    Properties: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
  Member:
    Type: AWS::IAM::User
    Properties: {Groups: [!Ref Administrators]}
  Guest:
    Type: AWS::IAM::User
    Properties: {Groups: [made-elsewhere]}
  Queue:
    Type: AWS::SQS::Queue
  Blocked:
    Type: AWS::S3::Bucket
    Properties: {PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}}
  BlockedPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Blocked
      PolicyDocument: &everybody
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: "*"}
  ForeignPolicy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Elsewhere, PolicyDocument: *everybody}
  FromBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: shop
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::shop
  FromOwnBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: shop
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::shop
      SourceAccount: "111122223333"
"""
ARCHITECTURE = """\
name: shop
stacks:
  app: {template: template.yaml, region: eu-west-3, parameters: {Elsewhere: other}}
profiles:
  dev: {parameters: {Actions: "s3:GetObjekt"}}
  prod: {}
"""


def file_of(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return file_of(tmp_path, "template.yaml", TEMPLATE)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    file_of(folder, "template.yaml", TEMPLATE)
    file_of(folder, "architecture.yaml", ARCHITECTURE)
    return folder


def found(ended: Ended) -> Any:
    assert ended.err == ""
    return json.loads(ended.out)


def is_one_line(ended: Ended) -> bool:
    return (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)


# check


@pytest.mark.parametrize(
    ("stated", "code", "answers"),
    [
        (FULL, 1, {"kind": "identity", "admin": "full", "service_wildcard": "all"}),
        (READS, 0, {"kind": "identity", "admin": "no", "effective_services": ["s3"]}),
        (BY_NIGHT, 3, {"admin": "conditional", "escalation": "conditional"}),
        (OPEN, 1, {"kind": "resource", "public": "yes"}),
        (ANYBODY, 1, {"kind": "trust", "public": "yes", "trust": "public"}),
        (PARTNER, 0, {"kind": "trust", "trust": "cross-account", "guarded": "no"}),
    ],
)
def test_a_policy_is_answered_by_its_kind(
    assay: Assay, tmp_path: Path, stated: Any, code: int, answers: dict[str, Any]
) -> None:
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert found(ended).items() >= answers.items()
    assert ended.code == code


def test_yaml_and_json_are_read_alike(assay: Assay, tmp_path: Path) -> None:
    text = 'Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "*", Resource: "*"}\n'
    written = assay("iam", "check", file_of(tmp_path, "p.yaml", text), "--format", "json")
    plain = assay("iam", "check", file_of(tmp_path, "p.json", FULL), "--format", "json")

    assert found(written) == found(plain)


def test_a_policy_may_stand_in_a_text(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", {"policy": json.dumps(ANYBODY)})

    assert found(assay("iam", "check", file, "--format", "json"))["trust"] == "public"


def test_the_kind_can_be_said(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", PARTNER)
    ended = assay("iam", "check", file, "--kind", "resource", "--format", "json")

    assert found(ended)["kind"] == "resource"


@pytest.mark.parametrize(
    ("around", "code", "answers"),
    [
        ({"boundary": allowing("s3:*")}, 0, {"admin": "no", "effective_services": ["s3"]}),
        ({"boundary": FULL}, 1, {"admin": "full"}),
        ({"scp": [allowing(["s3:*", "logs:*"])]}, 0, {"effective_services": ["logs", "s3"]}),
        ({"also_attached": [policy({"Effect": "Deny", "Action": "*", "Resource": "*"})]}, 0, {}),
    ],
)
def test_what_stands_around_a_policy_decides_with_it(
    assay: Assay, tmp_path: Path, around: dict[str, Any], code: int, answers: dict[str, Any]
) -> None:
    file = file_of(tmp_path, "p.json", {"policy": FULL, **around})
    ended = assay("iam", "check", file, "--format", "json")

    assert found(ended).items() >= answers.items()
    assert ended.code == code


@pytest.mark.parametrize(("power", "verdict", "code"), [("*", "yes", 1), ("logs:Put*", "no", 0)])
def test_the_world_says_what_taking_a_role_gains(
    assay: Assay, tmp_path: Path, power: str, verdict: str, code: int
) -> None:
    role = "arn:aws:iam::111122223333:role/other"
    stated = {
        "policy": allowing("sts:AssumeRole", role),
        "world": {"roles": {role: {"allows": [power]}}},
    }
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert (found(ended)["escalation"], ended.code) == (verdict, code)


def test_a_blocked_bucket_lets_none_but_services_in(assay: Assay, tmp_path: Path) -> None:
    stated = {"policy": OPEN, "block_public_access": {"RestrictPublicBuckets": True}}
    ended = assay("iam", "check", file_of(tmp_path, "p.json", stated), "--format", "json")

    assert found(ended).items() >= {"public": "no", "confused_deputy": "yes"}.items()


def test_the_text_says_the_answers_and_spells_the_ways_out(assay: Assay, tmp_path: Path) -> None:
    file = file_of(tmp_path, "p.json", allowing("iam:CreatePolicyVersion"))
    ended = assay("iam", "check", file)
    lines = [line.split(maxsplit=1) for line in ended.out.splitlines()]

    assert lines[0] == ["kind", "identity"]
    assert ["admin", "effective"] in lines
    assert ["escalation", "yes"] in lines
    assert any("iam:CreatePolicyVersion" in line[1] for line in lines[1:])
    assert ended.code == 1


# check, of a resource


@pytest.mark.parametrize(
    ("name", "more", "code", "answers"),
    [
        ("Role", (), 0, {"in": "template.yaml", "kind": "identity", "admin": "no"}),
        ("Role", ("--kind", "trust"), 0, {"kind": "trust", "trust": "service"}),
        ("Other", ("--kind", "trust"), 1, {"trust": "public"}),
        ("Member", (), 1, {"admin": "full", "missing": []}),
        ("Guest", (), 3, {"admin": "no", "missing": ["the group made-elsewhere"]}),
        ("BlockedPolicy", (), 1, {"public": "no", "confused_deputy": "yes"}),
        ("ForeignPolicy", (), 3, {"public": "unknown"}),
        ("FromBucket", (), 1, {"kind": "resource", "confused_deputy": "yes", "public": "no"}),
        ("FromOwnBucket", (), 0, {"confused_deputy": "no"}),
    ],
)
def test_a_resource_of_a_template_is_asked_by_its_logical_id(
    assay: Assay,
    template: Path,
    name: str,
    more: tuple[str, ...],
    code: int,
    answers: dict[str, Any],
) -> None:
    ended = assay("iam", "check", template.name, "--policy", name, *more, "--format", "json")

    answered = found(ended)
    assert answered["of"].endswith(f"/{name}")
    assert answered.items() >= answers.items()
    assert ended.code == code


def test_what_is_not_known_is_said(assay: Assay, template: Path) -> None:
    ended = assay("iam", "check", template, "--policy", "ForeignPolicy")

    assert "parameter `Elsewhere`" in ended.out
    assert ended.code == 3


@pytest.mark.parametrize(("profile", "misspelt"), [("dev", ["s3:GetObjekt"]), ("prod", [])])
def test_the_profile_of_an_architecture_decides(
    assay: Assay, shop: Path, profile: str, misspelt: list[str]
) -> None:
    asked = ("--policy", "Role", "--profile", profile, "--format", "json")
    answered = found(assay("iam", "check", shop, *asked))

    assert answered["in"] == f"shop {profile}"
    assert answered["unknown_actions"] == misspelt


# compare


@pytest.mark.parametrize(
    ("old", "new", "code", "more", "less"),
    [
        (READS, READS, 0, "no", "no"),
        (READS, WRITES_TOO, 1, "yes", "no"),
        (WRITES_TOO, READS, 0, "no", "yes"),
        (READS, {"policy": FULL, "boundary": READS}, 0, "no", "no"),
        (PARTNER, ANYBODY, 1, "yes", "no"),
    ],
)
def test_two_policies_are_compared(
    assay: Assay, tmp_path: Path, old: Any, new: Any, code: int, more: str, less: str
) -> None:
    before, after = file_of(tmp_path, "old.json", old), file_of(tmp_path, "new.json", new)
    ended = assay("iam", "compare", before, after, "--format", "json")

    answered = found(ended)
    assert answered["b_allows_more_than_a"] == more
    assert answered["a_allows_more_than_b"] == less
    assert set(answered["examples"]) == {
        key for key in ("b_allows_more_than_a", "a_allows_more_than_b") if answered[key] == "yes"
    }
    assert ended.code == code


def test_the_text_names_a_request(assay: Assay, tmp_path: Path) -> None:
    old, new = file_of(tmp_path, "old.json", READS), file_of(tmp_path, "new.json", WRITES_TOO)
    wider, narrower = assay("iam", "compare", old, new), assay("iam", "compare", new, old)

    assert "allows what the old one did not" in wider.out
    assert "for example s3:PutObject on arn:aws:s3:::shop/" in wider.out
    assert "no new access" in narrower.out
    assert "no longer allowed: s3:PutObject" in narrower.out


def test_one_resource_of_a_file_is_named_behind_it(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    ended = assay(
        "iam",
        "compare",
        file_of(tmp_path, "old.json", READS),
        f"{template}#Role",
        "--format",
        "json",
    )

    answered = found(ended)
    assert answered["of"].endswith("/Role")
    assert (answered["a_allows_more_than_b"], ended.code) == ("no", 0)


def test_what_hangs_on_a_parameter_ends_with_3(assay: Assay, tmp_path: Path) -> None:
    text = TEMPLATE.replace(', Default: "s3:GetObject"', "")
    file = file_of(tmp_path, "open.yaml", text)
    ended = assay("iam", "compare", file_of(tmp_path, "old.json", READS), f"{file}#Role")

    assert "may allow what the old one did not" in ended.out
    assert "hangs on" in ended.out
    assert "parameter `Actions`" in ended.out
    assert ended.code == 3


def test_trust_is_compared_by_its_kind(assay: Assay, template: Path) -> None:
    arguments = (f"{template}#Role", f"{template}#Other", "--kind", "trust", "--format", "json")
    ended = assay("iam", "compare", *arguments)

    assert found(ended)["b_allows_more_than_a"] == "yes"
    assert ended.code == 1


def verdicts(ended: Ended) -> dict[str, str]:
    return {one["of"]: one["b_allows_more_than_a"] for one in found(ended)}


def test_whole_templates_are_compared_role_by_role(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    wider = TEMPLATE.replace("arn:aws:s3:::shop/*", "arn:aws:s3:::*").replace("Guest:", "New:")
    after = file_of(tmp_path, "after.yaml", wider.replace("[made-elsewhere]", "[]"))
    ended = assay("iam", "compare", template, after, "--format", "json")

    wanted = {"Role": "yes", "Other": "no", "Administrators": "no", "Member": "no", "New": "no"}
    assert verdicts(ended) == wanted
    assert ended.code == 1


def test_what_is_new_is_compared_with_nothing(assay: Assay, template: Path, tmp_path: Path) -> None:
    before = file_of(tmp_path, "before.yaml", TEMPLATE.replace("  Role:", "  Former:"))
    ended = assay("iam", "compare", before, template, "--format", "json")

    assert verdicts(ended)["Role"] == "yes"
    assert "Former" not in verdicts(ended)


def test_folders_are_compared_file_by_file(assay: Assay, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        for name in ("a.yaml", "b.yaml"):
            file_of(tmp_path / folder, name, TEMPLATE.replace("[made-elsewhere]", "[]"))
    ended = assay("iam", "compare", "old", tmp_path / "new", "--format", "json")

    assert set(verdicts(ended)) >= {"a.yaml Role", "b.yaml Role"}
    assert set(verdicts(ended).values()) == {"no"}
    assert ended.code == 0


def test_an_id_that_two_stacks_have_is_compared_twice(assay: Assay, shop: Path) -> None:
    line = "  app: {template: template.yaml, region: eu-west-3, parameters: {Elsewhere: other}}\n"
    text = ARCHITECTURE.replace(line, line + line.replace("app:", "api:"))
    file_of(shop, "architecture.yaml", text)
    ended = assay("iam", "compare", shop, shop, "--profile", "prod", "--format", "json")

    assert {"app/Role", "api/Role"} <= verdicts(ended).keys()


def test_the_profiles_of_an_architecture_are_compared_one_by_one(assay: Assay, shop: Path) -> None:
    one = assay("iam", "compare", shop, shop, "--profile", "prod", "--format", "json")
    both = assay("iam", "compare", shop, shop, "--format", "json")

    assert verdicts(one)["Role"] == "no"
    assert verdicts(both).keys() >= {"shop dev Role", "shop prod Role"}


# update


def package(folder: Path) -> Path:
    """A made-up package of one service with two actions."""
    data = folder / "data"
    for name in ("actions", "resourceTypes"):
        (data / name).mkdir(parents=True)
    stated = {"version": "9.9.9", "updatedAt": "2026-11-20T00:00:00Z"}
    file_of(folder, "package.json", stated)
    file_of(data, "services.json", ["shop"])
    types = {"cart": {"key": "Cart", "arn": "arn:${Partition}:shop:::cart/${Id}"}}
    file_of(data / "resourceTypes", "shop.json", types)
    actions = {
        "getcart": {
            "name": "GetCart",
            "accessLevel": "Read",
            "resourceTypes": [{"name": "Cart", "required": True}],
        },
        "listcarts": {"name": "ListCarts", "accessLevel": "List", "resourceTypes": []},
    }
    file_of(data / "actions", "shop.json", actions)
    return folder


def reference_in(folder: Path) -> ServiceReference:
    file = folder / "service_reference.json.gz"
    return ServiceReference(json.loads(gzip.decompress(file.read_bytes())))


def test_a_package_becomes_the_reference(assay: Assay, tmp_path: Path) -> None:
    ended = assay("iam", "update", "--from", package(tmp_path / "p"), "--to", tmp_path / "out")

    assert ended.code == 0
    assert "2 actions as of 2026-11-20" in ended.out
    reference = reference_in(tmp_path / "out")
    assert list(reference.services) == ["shop"]
    action = reference.action("shop:getcart")
    assert action is not None
    assert (action.name, action.level, action.required) == ("shop:GetCart", "R", ("cart",))
    assert reference.arn("shop", "cart") == "arn:${Partition}:shop:::cart/${Id}"


def test_an_archive_is_read_as_its_folder(assay: Assay, tmp_path: Path) -> None:
    folder, archive = package(tmp_path / "p"), tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(folder, "package")
    for source, target in ((folder, "one"), (archive, "other")):
        assert assay("iam", "update", "--from", source, "--to", tmp_path / target).code == 0

    one, other = (
        (tmp_path / name / "service_reference.json.gz").read_bytes() for name in ("one", "other")
    )
    assert one == other


# What cannot be used ends with one line.


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.json", "{broken", "p.json:1:2: is not JSON"),
        ("p.json", [1], "is no policy"),
        ("p.yaml", "Statement: [\n", "is no policy"),
        ("p.json", {"policy": {"Version": "2012-10-17"}}, "its policy has no Statement"),
        ("p.json", {"policy": 7}, "its policy has no Statement"),
        ("p.json", {"policy": "no JSON"}, "a text and not JSON"),
        ("p.json", {"Statement": "a text"}, "a Statement that is no map"),
        ("p.json", {"Statement": [7]}, "a Statement that is no map"),
        ("p.json", {"Statement": [{"Effect": "allow"}]}, "neither Allow nor Deny"),
        ("p.json", allowing("*", Condition="x"), "a Condition that is no map"),
        ("p.json", allowing("*", Condition={"Bool": 1}), "a Condition that is no map"),
        ("p.json", {"policy": FULL, "boundary": 7}, "its boundary has no Statement"),
        ("p.json", {"policy": FULL, "scp": [7]}, "its scp has no Statement"),
        ("p.json", {"policy": FULL, "world": [7]}, "states world that is no map"),
        ("p.json", {"policy": OPEN, "block_public_access": True}, "block_public_access that is no"),
        ("p.json", {"policy": FULL, "kind": "nonsense"}, "of no kind 'nonsense'"),
    ],
)
def test_a_file_that_is_no_policy(
    assay: Assay, tmp_path: Path, name: str, content: Any, words: str
) -> None:
    ended = assay("iam", "check", file_of(tmp_path, name, content))

    assert is_one_line(ended)
    assert words in ended.err


def test_a_file_that_is_no_text(assay: Assay, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(b"\xff\xfe")
    ended = assay("iam", "check", file)

    assert is_one_line(ended)
    assert "is not UTF-8 text" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "nowhere.json"), "nowhere.json: does not exist"),
        (("check", "nowhere.yaml", "--policy", "Role"), "nowhere.yaml: does not exist"),
        (("check", "template.yaml"), "name one of its resources with --policy"),
        (("check", "template.yaml", "--policy", "Rolle"), "did you mean 'Role'?"),
        (("check", "template.yaml", "--policy", "Queue"), "'Queue' (AWS::SQS::Queue) has no"),
        (("check", "template.yaml", "--policy", "Role", "--kind", "resource"), "no resource pol"),
        (("check", "template.yaml", "--policy", "Queue", "--kind", "trust"), "has no trust policy"),
        (("check", "template.yaml", "--policy", "Role", "--profile", "x"), "no profile 'x'"),
        (("check", "empty", "--policy", "Role"), "nor a CloudFormation template"),
        (("compare", "template.yaml#Role", "nowhere.json"), "nowhere.json: does not exist"),
        (("compare", "nowhere.yaml#Role", "template.yaml"), "nowhere.yaml: does not exist"),
        (("compare", "template.yaml#Rolle", "template.yaml#Role"), "did you mean 'Role'?"),
        (("compare", "template.yaml#Queue", "template.yaml#Role"), "has no resource policy"),
        (("update", "--from", "empty", "--to", "out"), "package.json: does not exist"),
        (("update", "--from", "template.yaml", "--to", "out"), "is no archive of a package"),
    ],
)
def test_a_wrong_call(
    assay: Assay, template: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    ended = assay("iam", *arguments)

    assert is_one_line(ended)
    assert words in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [("check", "p.json", "--kind", "x"), ("compare", "p.json"), ("update", "--from", "nowhere")],
)
def test_a_call_that_there_is_not(assay: Assay, arguments: tuple[str, ...]) -> None:
    ended = assay("iam", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
