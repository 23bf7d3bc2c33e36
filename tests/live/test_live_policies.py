"""A policy that is read from an account is answered as the same policy in a file."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import boto3
import pytest
from auditing import RULES
from botocore.config import Config
from botocore.exceptions import ClientError
from click.testing import CliRunner

from analyzer.account.plan import plan
from analyzer.account.scan import Means, places, scan
from analyzer.account.sessions import Account, Connection
from analyzer.account.snapshot import Snapshot
from analyzer.audit import scope_of
from analyzer.cli.inventories import inventories
from analyzer.cli.main import cli
from analyzer.cli.policies import answers_about
from tests.iam.labelled import ACCOUNT, agrees, of_kind

REGION = "eu-west-3"  # that of the ARNs in the cases
NOT_LIVE = Path(__file__).with_name("policies_not_live.csv")
CASES = {case["id"]: case for case in of_kind("identity", "trust", "resource")}
FORMS = {"identity": ("inline", "attached"), "trust": ("",), "resource": ("",)}
EMPTY_ZIP = b"PK\5\6" + bytes(18)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allowing(actions, resource="*"):
    return policy({"Effect": "Allow", "Action": actions, "Resource": resource})


TRUST = policy(
    {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
)


# Making the cases. Whatever makes one gives the ARN under which its policy is read.


@dataclass
class Seeding:
    """An account that is filled by direct calls, as somebody of it would make them."""

    url: str
    credentials: dict
    stack: ExitStack
    clients: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)  # (case, form) -> ARN
    refused: dict = field(default_factory=dict)  # case -> what the emulator says

    def client(self, service):
        if service not in self.clients:
            client = boto3.client(
                service,
                region_name=REGION,
                endpoint_url=self.url,
                aws_access_key_id=self.credentials["AccessKeyId"],
                aws_secret_access_key=self.credentials["SecretAccessKey"],
                aws_session_token=self.credentials["SessionToken"],
                config=Config(s3={"addressing_style": "path"}),
            )
            self.clients[service] = self.stack.enter_context(closing(client))
        return self.clients[service]

    def seed(self, case):
        make = {"identity": self.identity, "trust": self.trust, "resource": self.resource}
        for form in FORMS[case["kind"]]:
            try:
                self.made[case["id"], form] = make[case["kind"]](case, form)
            except ClientError as error:
                self.refused[case["id"]] = str(error)

    def identity(self, case, form):
        iam, name = self.client("iam"), f"{case['id']}-{form}"
        attached = [json.dumps(more) for more in case.get("also_attached", ())]
        limit = {}
        if "boundary" in case:
            arn = self.managed(f"{name}-boundary", json.dumps(case["boundary"]))
            limit = {"PermissionsBoundary": arn}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **limit)["Role"]
        document = json.dumps(case["policy"])
        if form == "inline":
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
        else:
            attached.append(document)
        for number, text in enumerate(attached):
            arn = self.managed(f"{name}-{number}", text)
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        self.world(case, name)
        return role["Arn"]

    def world(self, case, holder):
        """What the case says of the roles and policies that its policy names."""
        world = case.get("world", {})
        for arn, described in world.get("roles", {}).items():
            self.role(arn.rpartition("/")[2], allowing(described["allows"]))
        for statement in case["policy"]["Statement"] if "attached_to_self" in world else ():
            arn = self.managed(statement["Resource"].rpartition("/")[2], json.dumps(case["policy"]))
            if arn in world["attached_to_self"]:
                self.client("iam").attach_role_policy(RoleName=holder, PolicyArn=arn)

    def managed(self, name, document):
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
        if arn not in self.made.values():
            self.client("iam").create_policy(PolicyName=name, PolicyDocument=document)
            self.made["policy", name] = arn
        return arn

    def role(self, name, document):
        if ("role", name) not in self.made:
            iam = self.client("iam")
            role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
            self.made["role", name] = role["Arn"]
        return self.made["role", name]

    def trust(self, case, _form):
        document = json.dumps(case["policy"])
        made = self.client("iam").create_role(
            RoleName=case["id"], AssumeRolePolicyDocument=document
        )
        return made["Role"]["Arn"]

    def resource(self, case, _form):
        make = getattr(self, f"of_{case['service']}")
        return make(case["id"], json.dumps(case["policy"]), case)

    def of_s3(self, name, document, case):
        s3 = self.client("s3")
        where = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        s3.put_bucket_policy(Bucket=name, Policy=document.replace(":::app-data", f":::{name}"))
        if "block_public_access" in case:
            block = case["block_public_access"]
            s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
        return f"arn:aws:s3:::{name}/policy"

    def of_sqs(self, name, document, _case):
        own = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
        stated = {"Policy": document.replace(f"{own}orders", f"{own}{name}")}
        self.client("sqs").create_queue(QueueName=name, Attributes=stated)
        return f"{own}{name}/policy"

    def of_sns(self, name, document, _case):
        sns = self.client("sns")
        arn = sns.create_topic(Name=name)["TopicArn"]
        stated = document.replace(f"arn:aws:sns:{REGION}:{ACCOUNT}:orders", arn)
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=stated)
        return f"{arn}/policy"

    def of_kms(self, name, document, _case):
        return self.client("kms").create_key(Description=name, Policy=document)["KeyMetadata"][
            "Arn"
        ]

    def of_ecr(self, name, document, _case):
        ecr = self.client("ecr")
        made = ecr.create_repository(repositoryName=name)["repository"]
        ecr.set_repository_policy(repositoryName=name, policyText=document)
        return made["repositoryArn"]

    def of_secretsmanager(self, name, document, _case):
        secrets = self.client("secretsmanager")
        made = secrets.create_secret(Name=name, SecretString="not-shown-anywhere")
        secrets.put_resource_policy(SecretId=name, ResourcePolicy=document)
        return f"{made['ARN']}/policy"

    def of_lambda(self, name, _document, case):
        (statement,) = case["policy"]["Statement"]
        whom = statement["Principal"]
        names = ("SourceArn", "SourceAccount", "FunctionUrlAuthType")
        stated = {
            parameter: value
            for compared in statement["Condition"].values()
            for key, value in compared.items()
            for parameter in names
            if key.rpartition(":")[2] == parameter
        }
        assert len(stated) == sum(map(len, statement["Condition"].values()))
        functions = self.client("lambda")
        made = functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=self.role("runs", allowing("logs:PutLogEvents")),
            Handler="a.b",
            Code={"ZipFile": EMPTY_ZIP},
        )
        functions.add_permission(
            FunctionName=name,
            StatementId="own",
            Action=statement["Action"],
            Principal=whom if isinstance(whom, str) else whom["Service"],
            **stated,
        )
        return f"{made['FunctionArn']}/permission/own"

    def visitor(self):
        """A role that may take one of another account, of which one here has the name."""
        elsewhere = "arn:aws:iam::444455556666:role/logger"
        self.role("visitor", allowing("sts:AssumeRole", elsewhere))

    def member(self):
        """A user who is granted everything by a group, and nothing else."""
        iam = self.client("iam")
        iam.create_group(GroupName="administrators")
        iam.put_group_policy(
            GroupName="administrators", PolicyName="own", PolicyDocument=allowing("*")
        )
        iam.create_user(UserName="member")
        iam.add_user_to_group(GroupName="administrators", UserName="member")
        self.made["user", "member"] = f"arn:aws:iam::{ACCOUNT}:user/member"


# Reading the account, once.


@dataclass(frozen=True)
class Kept:
    """The snapshot, what was made in the account, and what the emulator refused."""

    folder: Path
    made: dict
    refused: dict
    known: dict = field(default_factory=dict)

    @cached_property
    def inventory(self):
        return next(inventories(self.folder)).inventory

    def answers(self, id_, form=""):
        if (id_, form) not in self.known:
            resource = self.inventory.resources[f"/{self.made[id_, form]}"]
            self.known[id_, form] = answers_about(resource, CASES[id_]["kind"])
        return self.known[id_, form]


@pytest.fixture(scope="module")
def kept(server, tmp_path_factory):
    server.reset()
    role = f"arn:aws:iam::{ACCOUNT}:role/audit"
    given = server.client("sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    with ExitStack() as stack:
        seeding = Seeding(server.url, given, stack)
        for case in CASES.values():
            seeding.seed(case)
        seeding.member()
        seeding.visitor()
    folder = tmp_path_factory.mktemp("kept")
    account, planned = Account(ACCOUNT, role=role), plan(RULES.values(), priced=False)
    snapshot = Snapshot(str(folder))
    snapshot.begin(scope_of([account], {ACCOUNT: (REGION,)}, planned, "2026-11-21T00:00:00+00:00"))
    means = Means(Connection(endpoint_url=server.url), {"*": 1000})
    scan(list(places(account, (REGION,))), planned, snapshot, means)
    server.reset()
    return Kept(folder, seeding.made, seeding.refused)


def excused():
    with NOT_LIVE.open(encoding="utf-8", newline="") as stream:
        return {(row["case"], row["key"]): row["reason"] for row in csv.DictReader(stream)}


EXCUSED = excused()
ASKED = [
    pytest.param(id_, form, key, wanted, id=f"{id_} {case['title']}: {key} {form}".rstrip())
    for id_, case in CASES.items()
    for key, wanted in case["expect"].items()
    for form in FORMS[case["kind"]]
    if not {(id_, "*"), (id_, key)} & EXCUSED.keys()
]


@pytest.mark.parametrize(("id_", "form", "key", "wanted"), ASKED)
def test_what_is_deployed_is_answered_as_what_is_written(kept, id_, form, key, wanted):
    answer = kept.answers(id_, form)[key]

    assert agrees(key, wanted, answer)


def test_the_account_was_read_whole(kept):
    assert kept.inventory.gaps == ()
    assert all(f"/{arn}" in kept.inventory.resources for arn in kept.made.values())


def test_what_the_emulator_refused_is_listed(kept):
    assert set(kept.refused) == {id_ for id_, key in EXCUSED if key == "*"}


@pytest.mark.parametrize(("id_", "key"), [one for one in EXCUSED if one[1] != "*"])
def test_no_verdict_is_excused_that_agrees(kept, id_, key):
    case = CASES[id_]

    for form in FORMS[case["kind"]]:
        assert not agrees(key, case["expect"][key], kept.answers(id_, form)[key])


def test_every_excuse_has_a_reason():
    assert all(EXCUSED.values())
    assert {id_ for id_, _ in EXCUSED} <= CASES.keys()
    assert len(ASKED) > 400


# The command line on the same snapshot.


def assay(*arguments):
    result = CliRunner().invoke(
        cli, [str(argument) for argument in ("iam", *arguments)], standalone_mode=False
    )
    assert result.exception is None, result.exception
    return json.loads(result.stdout), result.return_value


def test_a_role_of_a_snapshot_is_asked_by_its_arn(kept):
    arn = kept.made["iam-001", "inline"]

    found, code = assay("check", kept.folder, "--policy", arn, "--format", "json")

    assert (found["of"], found["in"], found["kind"]) == (arn, ACCOUNT, "identity")
    assert (found["admin"], found["service_wildcard"]) == ("full", "all")
    assert code == 1


def test_two_of_a_snapshot_are_compared_by_their_arns(kept):
    end = f"{kept.folder}#{kept.made['user', 'member']}"

    compared = CliRunner().invoke(cli, ["iam", "compare", end, end])

    assert compared.stdout == f"{kept.made['user', 'member']}: no new access\n"


def test_its_trust_is_asked_by_the_kind(kept):
    arn = kept.made["iam-087", ""]

    found, code = assay(
        "check", kept.folder, "--policy", arn, "--kind", "trust", "--format", "json"
    )

    assert (found["trust"], found["public"], code) == ("public", "conditional", 3)


def test_a_user_has_what_its_groups_have(kept):
    arn = kept.made["user", "member"]

    found, code = assay("check", kept.folder, "--policy", arn, "--format", "json")

    assert (found["admin"], found["missing"], code) == ("full", [], 1)


def test_a_role_of_another_account_is_not_the_one_of_that_name_here(kept):
    assert ("role", "logger") in kept.made
    arn = kept.made["role", "visitor"]

    found, code = assay("check", kept.folder, "--policy", arn, "--format", "json")

    assert (found["escalation"], code) == ("conditional", 3)


def test_two_roles_of_a_snapshot_are_compared(kept):
    one_bucket, everywhere = (
        f"{kept.folder}#{kept.made[id_, 'inline']}" for id_ in ("iam-064", "iam-062")
    )

    wider, code = assay("compare", one_bucket, everywhere, "--format", "json")
    narrower, other = assay("compare", everywhere, one_bucket, "--format", "json")

    assert (wider["b_allows_more_than_a"], wider["a_allows_more_than_b"]) == ("yes", "no")
    assert wider["examples"]["b_allows_more_than_a"]["action"] == "s3:GetObject"
    assert (narrower["b_allows_more_than_a"], code, other) == ("no", 1, 0)
