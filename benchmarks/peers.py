"""What Checkov says about the labelled cases: one file per case, one run over all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
UNKNOWN = "unknown"
Case = Mapping[str, Any]
_CHECKOV = Path(sys.executable).parent / "checkov"
REACHABLE, CLOSED = frozenset({"REACHABLE"}), frozenset({"CLOSED"})
_PORTS = {22: "CKV_AWS_24", 80: "CKV_AWS_260", 3389: "CKV_AWS_25"}


@dataclass(frozen=True)
class Answer:
    """What a tool says to one question.

    `value` is a word or a list; a frozenset holds words that the tool does not tell apart, or the
    actions of paths that it does not group.
    `vocabulary` holds the words that the tool has for the question; None: all of them.
    """

    value: Any
    vocabulary: frozenset[str] | None = None


Answers = dict[str, dict[str, Answer]]  # by case, by question


@dataclass(frozen=True)
class _Question:
    """A question that Checkov answers: failed and passed in the words of the cases."""

    checks: tuple[str, ...]
    failed: frozenset[str]
    passed: frozenset[str]


def _yes(*checks: str) -> _Question:
    return _Question(checks, frozenset({"yes"}), frozenset({"no"}))


_IDENTITY = {
    "admin": _Question(("CKV_AWS_62", "CKV_AWS_63"), frozenset({"full"}), frozenset({"no"})),
    "escalation": _yes("CKV_AWS_110"),
    "exfiltration": _yes("CKV_AWS_108"),
    "credentials_exposure": _yes("CKV_AWS_107"),
    "resource_exposure": _yes("CKV_AWS_109"),
    "resource_wildcard": _Question(
        ("CKV_AWS_111",),
        frozenset({"avoidable"}),
        frozenset({"no", "bounded", "unavoidable"}),
    ),
}
_TRUST = {"public": _yes("CKV_AWS_60", "CKV_AWS_61")}
_RESOURCE = {
    "ecr": {"public": _yes("CKV_AWS_32")},
    "kms": {"public": _yes("CKV_AWS_33")},
    "lambda": {"confused_deputy": _yes("CKV_AWS_364")},
}


def checkov(network: Sequence[Case], iam: Sequence[Case], folder: Path) -> dict[str, Answers]:
    """Checkov's answers by the name of the way it was asked."""
    asked: dict[str, dict[str, dict[str, _Question]]] = {
        "Checkov": {},
        "Checkov, managed policy": {},
        "Checkov, inline policy": {},
    }
    for case in network:
        _write(folder / "network" / f"{case['id']}.yaml", case["template"])
        check = _PORTS.get(case["ask"]["port"])
        if check and case["ask"]["protocol"] == "tcp":
            question = _Question((check,), REACHABLE, CLOSED)
            asked["Checkov"][f"network/{case['id']}"] = {"verdict": question}
    for case in iam:
        kind, name = case["kind"], f"{case['id']}.json"
        if kind == "identity":
            for way, make in (("managed", _managed), ("inline", _inline)):
                _write(folder / way / name, _template(make(case)))
                asked[f"Checkov, {way} policy"][f"{way}/{case['id']}"] = _IDENTITY
        elif kind == "trust":
            _write(folder / kind / name, _template({"Policy": _role(trust=case["policy"])}))
            asked["Checkov"][f"{kind}/{case['id']}"] = _TRUST
        elif kind == "resource":
            place = f"resource-{case['service']}"
            _write(folder / place / name, _template(_resource(case)))
            asked["Checkov"][f"{place}/{case['id']}"] = _RESOURCE.get(case["service"], {})
    records = _run_checkov(folder)
    return {way: _checkov_answers(questions, records) for way, questions in asked.items()}


def _checkov_answers(
    asked: Mapping[str, Mapping[str, _Question]], records: Mapping[str, Mapping[str, set[str]]]
) -> Answers:
    """Answers by case. A check that speaks on no case of a folder was never asked there."""
    speaking = {(place.split("/")[0], check) for place, found in records.items() for check in found}
    answers: Answers = {}
    for place, questions in asked.items():
        folder, id_ = place.split("/")
        answers[id_] = {}
        for key, question in questions.items():
            if not any((folder, check) in speaking for check in question.checks):
                continue
            said = set().union(*(records[place][check] for check in question.checks))
            value: Any = UNKNOWN
            if said:
                value = question.failed if "FAILED" in said else question.passed
            answers[id_][key] = Answer(value, question.failed | question.passed)
    return answers


def _run_checkov(folder: Path) -> dict[str, dict[str, set[str]]]:
    """What the checks say, by "folder/case". What only stands beside the case's policy is left."""
    questions = [*_IDENTITY.values(), *_TRUST.values()]
    questions += [question for asked in _RESOURCE.values() for question in asked.values()]
    checks = {check for question in questions for check in question.checks} | set(_PORTS.values())
    done = subprocess.run(
        [f"{_CHECKOV}", "-d", f"{folder}", "--framework", "cloudformation", "-o", "json",
         "--compact", "--skip-download", "-c", ",".join(sorted(checks))],
        capture_output=True, text=True, check=False, cwd=folder,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"checkov ended with {done.returncode}: {done.stderr[-500:]}") from None
    records: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part in report if isinstance(report, list) else [report]:
        for name in part["results"].get("parsing_errors", []):
            print(f"checkov cannot read {name}", file=sys.stderr)
        for record in part["results"]["passed_checks"] + part["results"]["failed_checks"]:
            path = Path(record["file_path"])
            beside = path.parent.name != "network" and ".Policy" not in record["resource"]
            if not beside:
                place = records[f"{path.parent.name}/{path.stem}"]
                place[record["check_id"]].add(record["check_result"]["result"])
    return records


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _template(resources: Mapping[str, Any]) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}, indent=1)


def _made(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties}


def _role(trust: Any = None, **properties: Any) -> dict[str, Any]:
    service = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
    usual = {"Version": "2012-10-17", "Statement": [{**service, "Action": "sts:AssumeRole"}]}
    return _made("AWS::IAM::Role", AssumeRolePolicyDocument=trust or usual, **properties)


def _managed(case: Case) -> dict[str, Any]:
    """The case's policies as managed policies of a role."""
    names = {
        f"Policy{number or ''}": policy
        for number, policy in enumerate([case["policy"], *case.get("also_attached", [])])
    }
    arns = [{"Ref": name} for name in names]
    bounds = _bounds(case)
    bound = {"PermissionsBoundary": {"Ref": "Boundary"}} if "Boundary" in bounds else {}
    return {
        "Role": _role(ManagedPolicyArns=arns, **bound),
        **{name: _made("AWS::IAM::ManagedPolicy", PolicyDocument=p) for name, p in names.items()},
        **bounds,
    }


def _inline(case: Case) -> dict[str, Any]:
    """The case's policies inside a role; it is called Policy, as all that is asked about."""
    policies = [
        {"PolicyName": f"policy-{number}", "PolicyDocument": policy}
        for number, policy in enumerate([case["policy"], *case.get("also_attached", [])])
    ]
    bounds = _bounds(case)
    bound = {"PermissionsBoundary": {"Ref": "Boundary"}} if "Boundary" in bounds else {}
    return {"Policy": _role(Policies=policies, **bound), **bounds}


def _bounds(case: Case) -> dict[str, Any]:
    made = {
        f"Scp{number}": _made(
            "AWS::Organizations::Policy", Name=f"scp-{number}", Type="SERVICE_CONTROL_POLICY",
            Content=content, TargetIds=[ACCOUNT],
        )
        for number, content in enumerate(case.get("scp", []))
    }  # fmt: skip
    if "boundary" in case:
        made["Boundary"] = _made("AWS::IAM::ManagedPolicy", PolicyDocument=case["boundary"])
    return made


def _resource(case: Case) -> dict[str, Any]:
    """The case's policy as the resource that carries it; what is asked about is called Policy."""
    policy, service, beside = case["policy"], case["service"], {"Ref": "Beside"}
    block = case.get("block_public_access")
    blocked = {"PublicAccessBlockConfiguration": block} if block else {}
    if service == "lambda":
        return {f"Policy{n or ''}": _permission(made) for n, made in enumerate(policy["Statement"])}
    policies: dict[str, dict[str, Any]] = {
        "s3": _made("AWS::S3::BucketPolicy", Bucket=beside, PolicyDocument=policy),
        "sqs": _made("AWS::SQS::QueuePolicy", Queues=[beside], PolicyDocument=policy),
        "sns": _made("AWS::SNS::TopicPolicy", Topics=[beside], PolicyDocument=policy),
        "kms": _made("AWS::KMS::Key", KeyPolicy=policy),
        "ecr": _made("AWS::ECR::Repository", RepositoryPolicyText=policy),
        "secretsmanager": _made(
            "AWS::SecretsManager::ResourcePolicy", SecretId=beside, ResourcePolicy=policy
        ),
    }
    carriers = {
        "s3": _made("AWS::S3::Bucket", BucketName="app-data", **blocked),
        "sqs": _made("AWS::SQS::Queue", QueueName="orders"),
        "sns": _made("AWS::SNS::Topic", TopicName="orders"),
        "secretsmanager": _made("AWS::SecretsManager::Secret"),
    }
    carrier = {"Beside": carriers[service]} if service in carriers else {}
    return {"Policy": policies[service], **carrier}


def _permission(statement: Mapping[str, Any]) -> dict[str, Any]:
    principal = statement["Principal"]
    names = {"aws:sourcearn": "SourceArn", "aws:sourceaccount": "SourceAccount",
             "lambda:functionurlauthtype": "FunctionUrlAuthType"}  # fmt: skip
    bounds = {
        names[key.lower()]: value
        for keys in statement.get("Condition", {}).values()
        for key, value in keys.items()
        if key.lower() in names
    }
    return _made(
        "AWS::Lambda::Permission", FunctionName="shop", Action=statement["Action"],
        Principal=principal if isinstance(principal, str) else next(iter(principal.values())),
        **bounds,
    )  # fmt: skip
