"""What the owner says that roles may do at most, held against what they are granted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from analyzer.findings import Finding, RuleInfo, Verdict
from analyzer.iam import (
    Comparison,
    allows_more,
    grant_of,
    in_every_case,
    service_reference,
    whole_holder,
)
from analyzer.iam.statements import policy_of
from analyzer.model import Inventory, Resource
from analyzer.stated import finding_of, rule_of
from analyzer.system import Ceiling, System
from analyzer.unknown import Partial, Reference

FAMILY = "iam"
_IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
_NAMED = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}")
_VERDICTS = {"yes": Verdict.FAIL, "no": Verdict.PASS, "maybe": Verdict.UNKNOWN}


def rules_of_ceilings(systems: Iterable[System]) -> dict[str, RuleInfo]:
    """Every ceiling as the outputs speak of it: with an id, a title and a reason, as a rule."""
    return {ceiling.id: _rule(system, ceiling) for system in systems for ceiling in system.ceilings}


def _rule(system: System, ceiling: Ceiling) -> RuleInfo:
    return rule_of(
        ceiling,
        system,
        title=f"{' and '.join(ceiling.roles)} may do no more than its ceiling",
        family=FAMILY,
        fix="Take the actions or resources that the message names out of the policy.",
    )


def judge_ceilings(system: System, profile: str, inventory: Inventory) -> Iterator[Finding]:
    """A finding for each identity that a ceiling is about, or a skip where there is none here."""
    for ceiling in system.ceilings:
        if ceiling.profiles and profile not in ceiling.profiles:
            continue
        rule = _rule(system, ceiling)
        about = [
            identity
            for identity in inventory.declared(*_IDENTITIES)
            if any(fnmatchcase(identity.id, glob) for glob in ceiling.roles)
        ]
        for identity in about:
            yield _finding(rule, ceiling, identity, inventory)
        if not about:
            message = f"nothing here is {' or '.join(ceiling.roles)}"
            yield finding_of(rule, Verdict.SKIP, inventory.name, message)


def _finding(rule: RuleInfo, ceiling: Ceiling, identity: Resource, inventory: Inventory) -> Finding:
    found = in_every_case(lambda: _compared(ceiling, identity, inventory))
    verdict = _VERDICTS[found.verdict]
    message = ""
    if verdict is Verdict.FAIL:
        message = f"allows more than its ceiling: {found.example}"
    elif verdict is Verdict.UNKNOWN:
        may = f": it may allow {found.example}" if found.example else ""
        message = f"not decided: whether it allows more than its ceiling{may}"
    hangs_on = found.hangs_on if verdict is Verdict.UNKNOWN else ()
    return finding_of(rule, verdict, identity, message, hangs_on=hangs_on)


def _compared(ceiling: Ceiling, identity: Resource, inventory: Inventory) -> Comparison:
    if not identity.exists():
        return Comparison("no")
    reference = service_reference()
    keys = {resource.id: resource.key for resource in inventory}
    most = grant_of(policy_of(_linked(ceiling.statements, keys)), reference=reference)
    return allows_more(whole_holder(identity).grant, most, reference)


def _linked(value: Any, keys: Mapping[str, str]) -> Any:
    """The statements with resources, by their keys, in place of their logical ids."""
    if isinstance(value, dict):
        return {key: _linked(item, keys) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_linked(item, keys) for item in value]
    return _text(value, keys) if isinstance(value, str) else value


def _text(text: str, keys: Mapping[str, str]) -> Any:
    parts: list[Any] = []
    position = 0
    for match in _NAMED.finditer(text):
        if match[1] in keys:
            parts += [text[position : match.start()], Reference(keys[match[1]], match[2] or "")]
            position = match.end()
    if not parts:
        return text
    rest = [part for part in (*parts, text[position:]) if part != ""]
    return rest[0] if len(rest) == 1 else Partial(*rest)
