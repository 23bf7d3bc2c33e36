"""Small templates of every kind, read and judged by the built-in rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from analyzer.assembly import assemble
from analyzer.compare.matching import Matched, Sides, match
from analyzer.compare.pairing import every, pair, renamed
from analyzer.content import content
from analyzer.findings import Finding
from analyzer.model import Inventory
from analyzer.policy.evaluate import judge
from analyzer.policy.pack import load_packs
from analyzer.policy.rule import Rule
from analyzer.system import Profile, StackSpec, System

TODAY = date(2026, 6, 1)
Resources = dict[str, dict[str, Any]]


@cache
def rules() -> dict[str, Rule]:
    return load_packs([content("rules")])


@dataclass(frozen=True)
class World:
    """A template as it was read, and what the rules say of it."""

    inventory: Inventory
    findings: tuple[Finding, ...]


def world(resources: Resources, *, stack: str = "main") -> World:
    """A template of these resources; the parameter `Days` has no value."""
    template = {"Parameters": {"Days": {"Type": "Number"}}, "Resources": resources}
    spec = StackSpec(stack, Path(f"{stack}.json"), content=json.dumps(template).encode())
    system = System("system", (Profile("", (spec,)),))
    inventory = assemble(system, system.profiles[0], {}).inventory
    return World(inventory, tuple(judge(rules().values(), inventory, {}, TODAY)))


def compare(base: World, head: World) -> tuple[Matched, Sides]:
    """The findings of one world beside those of another."""
    was, is_ = (next(iter(side.inventory)).stack for side in (base, head))
    pairs = pair(base.inventory, head.inventory, {was: is_})
    gone = frozenset(resource.key for resource in every(base.inventory)) - pairs.keys()
    renamed_ = renamed(base.inventory, pairs)
    sides = Sides(renamed_, head.inventory, pairs, gone, {was: is_})
    return match(base.findings, head.findings, sides), sides


PORTS = st.sampled_from([22, 80, 443, 3306, 3389])
CIDRS = st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24"])
RULES = st.lists(
    st.tuples(PORTS, CIDRS).map(
        lambda it: {"IpProtocol": "tcp", "FromPort": it[0], "ToPort": it[0], "CidrIp": it[1]}
    ),
    max_size=4,
    unique_by=lambda rule: (rule["FromPort"], rule["CidrIp"]),
)
GROUPS = RULES.map(
    lambda ingress: {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "one", "SecurityGroupIngress": ingress},
    }
)
BUCKETS = st.fixed_dictionaries(
    {},
    optional={
        "BucketName": st.sampled_from(["one", "two"]),
        "VersioningConfiguration": st.just({"Status": "Enabled"}),
        "PublicAccessBlockConfiguration": st.fixed_dictionaries({"BlockPublicAcls": st.booleans()}),
    },
).map(lambda properties: {"Type": "AWS::S3::Bucket", "Properties": properties})
DATABASES = st.fixed_dictionaries(
    {
        "DBInstanceClass": st.sampled_from(["db.t3.micro", "db.m5.large"]),
        "Engine": st.just("postgres"),
        "BackupRetentionPeriod": st.sampled_from([0, 7, {"Ref": "Days"}]),
        "StorageEncrypted": st.booleans(),
        "MultiAZ": st.booleans(),
    }
).map(lambda properties: {"Type": "AWS::RDS::DBInstance", "Properties": properties})
ROLES = st.lists(
    st.sampled_from(["s3:GetObject", "s3:*", "iam:PassRole"]), min_size=1, unique=True
).map(
    lambda actions: {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": _statement(
                Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole"
            ),
            "Policies": [
                {
                    "PolicyName": "own",
                    "PolicyDocument": _statement(Action=actions, Resource="*"),
                }
            ],
        },
    }
)


def _statement(**said: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **said}]}


def _linked(made: list[dict[str, Any]]) -> Resources:
    """The resources under ids; databases point to the first group."""
    named = {f"Thing{position}": resource for position, resource in enumerate(made)}
    group = next((n for n, r in named.items() if r["Type"].endswith("SecurityGroup")), None)
    for resource in named.values():
        if resource["Type"].endswith("DBInstance") and group:
            own = {**resource["Properties"], "VPCSecurityGroups": [{"Ref": group}]}
            resource["Properties"] = own
    return named


TEMPLATES = st.lists(st.one_of(GROUPS, BUCKETS, DATABASES, ROLES), min_size=1, max_size=5).map(
    _linked
)


def under_other_names(resources: Resources) -> Resources:
    """The same resources, each with another logical id."""
    text = json.dumps(resources)
    for name in resources:
        text = text.replace(f'"{name}"', f'"New{name}"')
    loaded: Resources = json.loads(text)
    return loaded
