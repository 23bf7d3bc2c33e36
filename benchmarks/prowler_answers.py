"""Prowler's own decisions on what is given on stdin, as JSON on stdout; nothing is asked of AWS.

Run with the Python that Prowler is installed for. Policies of resources are judged by the checks
themselves, whose clients are replaced by ones that hold the one resource; groups and identity
policies by the functions that the checks call.
"""

from __future__ import annotations

import copy
import importlib
import json
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

_SERVICES = "prowler.providers.aws.services"
_CHECKS = {
    "s3": ("s3", "s3_bucket_public_access"),
    "sqs": ("sqs", "sqs_queues_not_publicly_accessible"),
    "sns": ("sns", "sns_topics_not_publicly_accessible"),
    "kms": ("kms", "kms_key_not_publicly_accessible"),
    "ecr": ("ecr", "ecr_repositories_not_publicly_accessible"),
    "lambda": ("awslambda", "awslambda_function_not_publicly_accessible"),
    "secretsmanager": ("secretsmanager", "secretsmanager_not_publicly_accessible"),
}
_SURELY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}],
}
_WILD = ("iam", "s3", "sqs", "sns", "ec2", "lambda", "kms", "dynamodb", "logs", "cloudtrail", "sts")


class _Thing(SimpleNamespace):
    """A resource as a check meets it."""

    def dict(self) -> dict[str, Any]:
        """What a finding keeps of it."""
        return {"name": self.name}


def main() -> int:
    """Answer every case."""
    asked = json.load(sys.stdin)
    answers: dict[str, dict[str, Any]] = {
        id_: {"verdict": _verdict(case)} for id_, case in asked["network"].items()
    }
    judges = {"identity": _identity, "trust": _trust, "resource": _resource}
    for case in asked["iam"]:
        answers[case["id"]] = judges[case["kind"]](copy.deepcopy(case), asked["account"])
    json.dump(answers, sys.stdout)
    return 0


def _verdict(case: dict[str, Any]) -> str:
    """As ec2_instance_port_*_exposed_to_internet decides it, over all groups of the target."""
    groups = importlib.import_module(f"{_SERVICES}.ec2.lib.security_groups")
    found = any(
        groups.check_security_group(rule, "tcp", [case["port"]], any_address=True)
        for rule in case["rules"]
    )
    return "REACHABLE" if found else "CLOSED"


def _identity(case: dict[str, Any], _: str) -> dict[str, Any]:
    """As iam_customer_attached_policy_no_administrative_privileges and its like decide it."""
    library = importlib.import_module(f"{_SERVICES}.iam.lib.policy")
    escalation = importlib.import_module(f"{_SERVICES}.iam.lib.privilege_escalation")
    policies = [case["policy"], *case.get("also_attached", [])]
    found = ", ".join(filter(None, map(escalation.check_privilege_escalation, policies)))
    if any(library.check_full_service_access("*", policy) for policy in policies):
        wild: Any = "all"
    else:
        wild = [
            service
            for service in _WILD
            if any(library.check_full_service_access(service, policy) for policy in policies)
        ]
    answers = {
        "admin": "full" if any(map(library.check_admin_access, policies)) else "no",
        "service_wildcard": wild,
    }
    # With data that lacks a service of its list, the function catches its own error and finds
    # nothing in any policy: that is an installation that does not work, and no answer.
    if escalation.check_privilege_escalation(_SURELY):
        answers["escalation"] = "yes" if found else "no"
        answers["paths"] = sorted({name.strip(" '") for name in found.split(",")} - {""})
    else:
        print("check_privilege_escalation does not work here: left out", file=sys.stderr)
    return answers


def _trust(case: dict[str, Any], account: str) -> dict[str, Any]:
    """As iam_role_cross_service_confused_deputy_prevention decides it, for roles of services."""
    library = importlib.import_module(f"{_SERVICES}.iam.lib.policy")
    principals = [statement.get("Principal") for statement in case["policy"]["Statement"]]
    if not any(isinstance(principal, dict) and "Service" in principal for principal in principals):
        return {}
    exposed = library.is_policy_public(
        case["policy"],
        account,
        check_cross_service_confused_deputy=True,
        not_allowed_actions=["sts:AssumeRole", "sts:*"],
    )
    return {"confused_deputy": "yes" if exposed else "no"}


def _resource(case: dict[str, Any], account: str) -> dict[str, Any]:
    """As the service's own check on public policies decides it."""
    service, name = _CHECKS[case["service"]]
    given = case.get("block_public_access", {})
    thing = _Thing(
        id="thing", name="thing", arn=f"arn:aws:{service}:::thing", region="eu-west-3", tags=[],
        policy=case["policy"], manager="CUSTOMER", state="Enabled", acl_grantees=[],
        public_access_block=SimpleNamespace(
            ignore_public_acls=given.get("IgnorePublicAcls", False),
            restrict_public_buckets=given.get("RestrictPublicBuckets", False),
        ),
    )  # fmt: skip
    one = {"thing": thing}
    client = SimpleNamespace(
        audited_account=account, audit_config={}, queues=[thing], topics=[thing], keys=[thing],
        buckets=one, functions=one, secrets=one, provider=SimpleNamespace(),
        registries={"one": SimpleNamespace(repositories=[thing])},
    )  # fmt: skip
    _stand_in(service, f"{service}_client", client)
    _stand_in(service, "s3control_client", SimpleNamespace(account_public_access_block=None))
    path = f"{_SERVICES}.{service}.{name}.{name}"
    sys.modules.pop(path, None)
    findings = getattr(importlib.import_module(path), name)().execute()
    if not findings:
        return {}
    return {"public": "yes" if findings[0].status == "FAIL" else "no"}


def _stand_in(service: str, name: str, client: SimpleNamespace) -> None:
    """Give checks a client that asks nobody."""
    module = ModuleType(name)
    setattr(module, name, client)
    sys.modules[f"{_SERVICES}.{service}.{name}"] = module


if __name__ == "__main__":
    sys.exit(main())
