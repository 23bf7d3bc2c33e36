"""A deployed stack against its template: what was changed by hand, what breaks, what it costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from analyzer.account.collector import collectors
from analyzer.claims import judge_claims
from analyzer.cost_lines import CostLine
from analyzer.differences import Difference, NotCompared, differences
from analyzer.findings import Finding, Verdict
from analyzer.model import Inventory, Location, Resource
from analyzer.policy.evaluate import judge
from analyzer.policy.rule import Rule
from analyzer.policy.settings import settings_of
from analyzer.pricing import price
from analyzer.results import ClaimResult, CoverageLine
from analyzer.system import Profile, System
from analyzer.unknown import ABSENT, Absent, Reference

# Types that have names, but whose physical id is made of several: `name|id|scope`.
_OWN_IDS = frozenset({"AWS::WAFv2::WebACL"})

PhysicalIds = Mapping[str, str]
"""The physical id of each resource of the template, by its key (`stack/LogicalId`)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A property that was changed by hand."""

    resource: str  # logical id
    stack: str
    type: str
    physical_id: str
    property: str  # slash-separated path
    declared: str  # as text; "" where the template says nothing
    deployed: str  # as text; "" where nothing stands there
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Unlike:
    """A resource that is not there, or of which something could not be compared."""

    resource: str
    stack: str
    type: str
    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything in which a deployed system differs from its templates.

    `broken` are failures that the changes bring, `mended` failures of the template that they take
    away. Costs are USD per month. `compared` counts the resources that were found.
    """

    system: str
    profile: str
    changed: tuple[Changed, ...]
    missing: tuple[Unlike, ...]
    not_compared: tuple[Unlike, ...]
    broken: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    claims: tuple[ClaimResult, ...]
    declared_cost: tuple[CostLine, ...]
    deployed_cost: tuple[CostLine, ...]
    compared: int
    coverage: tuple[CoverageLine, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether anything was changed or taken away."""
        return bool(self.changed or self.missing)


@dataclass(frozen=True)
class Judging:
    """By what both sides are judged and priced."""

    system: System
    profile: Profile
    rules: Mapping[str, Rule]
    policy: Mapping[str, Any]
    today: date


def drift_of(declared: Inventory, deployed: Inventory, ids: PhysicalIds, judging: Judging) -> Drift:
    """Compare a system's inventory with that of the account.

    Raises `InputError` where the profile's usage is wrong.
    """
    pairs, missing, not_compared = _paired(declared, deployed, ids)
    arns = {key: found.id for key, found in pairs.items()}
    keys = {f"/{arn}": key for key, arn in arns.items()}
    found: dict[str, list[Difference]] = {}
    for key, real in pairs.items():
        resource = declared.resources[key]
        for item in differences(resource, real, lambda reference: arns.get(reference.target, "")):
            if isinstance(item, Difference):
                found.setdefault(key, []).append(item)
            else:
                not_compared.append(_unlike(resource, item))
    gone = {f"{unlike.stack}/{unlike.resource}" for unlike in missing}
    actual = Inventory(
        declared.name,
        [
            _overlaid(resource, pairs.get(resource.key), found.get(resource.key, ()), keys)
            for resource in declared
            if resource.key not in gone
        ],
    )
    before, after = _findings(declared, judging), _findings(actual, judging)
    return Drift(
        system=judging.system.name,
        profile=judging.profile.name,
        changed=tuple(
            _changed(declared.resources[key], pairs[key], item)
            for key, items in found.items()
            for item in items
        ),
        missing=tuple(missing),
        not_compared=tuple(not_compared),
        broken=tuple(_new(after, before)),
        mended=tuple(_new(before, after)),
        claims=judge_claims(judging.system.controls, after, judging.profile.name),
        declared_cost=price(judging.system, judging.profile, declared, judging.today).lines,
        deployed_cost=price(judging.system, judging.profile, actual, judging.today).lines,
        compared=len(pairs),
    )


def _paired(
    declared: Inventory, deployed: Inventory, ids: PhysicalIds
) -> tuple[dict[str, Resource], list[Unlike], list[Unlike]]:
    """What was found of each resource in the account, what is gone, and what nobody could read."""
    by_name: dict[tuple[str, str], Resource] = {}
    for real in deployed:
        ends = (real.id, real.id.rpartition("/")[2], real.id.rpartition(":")[2])
        for name in (*ends, *(real.live or {}).get("Names", ())):
            by_name.setdefault((real.type, name), real)
    unread = {gap.type: gap for gap in deployed.gaps}
    not_read: list[Unlike] = []
    pairs: dict[str, Resource] = {}
    missing: list[Unlike] = []
    for resource in declared:
        physical = ids.get(resource.key)
        if physical is None:
            continue
        found = by_name.get((resource.type, physical))
        if found is not None:
            pairs[resource.key] = found
        elif resource.type in unread:
            not_read.append(
                _absent(resource, f"resources of this type {unread[resource.type].reason}")
            )
        elif not _is_told_by_name(resource.type):
            reason = f"'{physical}' is an id that CloudFormation makes and no account shows"
            not_read.append(_absent(resource, reason))
        else:
            missing.append(_absent(resource, f"'{physical}' is not there any more"))
    return pairs, missing, not_read


def _is_told_by_name(type_: str) -> bool:
    """Whether an account shows the physical ids of a type, so that one that is not there is gone.

    Those of parts, such as policies, routes and attachments, CloudFormation makes for itself.
    """
    collector = collectors().get(type_)
    return collector is not None and bool(collector.names) and type_ not in _OWN_IDS


def _absent(resource: Resource, reason: str, path: str = "") -> Unlike:
    return Unlike(resource.id, resource.stack, resource.type, path, reason)


def _unlike(resource: Resource, item: NotCompared) -> Unlike:
    return _absent(resource, item.reason, "/".join(map(str, item.path)))


def _changed(resource: Resource, real: Resource, item: Difference) -> Changed:
    return Changed(
        resource=resource.id,
        stack=resource.stack,
        type=resource.type,
        physical_id=real.id,
        property="/".join(map(str, item.path)),
        declared=_shown(item.declared),
        deployed=_shown(item.deployed),
        location=resource.locate(item.path),
    )


def _shown(value: Any) -> str:
    if isinstance(value, Absent):
        return ""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _overlaid(
    resource: Resource,
    real: Resource | None,
    items: Iterable[Difference],
    keys: Mapping[str, str],
) -> Resource:
    """The resource as it is deployed: its template's words, changed where the account differs."""
    if real is None or not items:
        return resource.copied(resource.properties)
    properties = deepcopy(resource.properties)
    for name in dict.fromkeys(item.path[0] for item in items):
        value = real.properties.get(f"{name}", ABSENT)
        if isinstance(value, Absent):
            properties.pop(f"{name}", None)
        else:
            properties[f"{name}"] = _back(deepcopy(value), keys)
    return resource.copied(properties)


def _back(value: Any, keys: Mapping[str, str]) -> Any:
    """A deployed value with its references pointing into the template again."""
    if isinstance(value, dict):
        return {name: _back(item, keys) for name, item in value.items()}
    if isinstance(value, list):
        return [_back(item, keys) for item in value]
    if isinstance(value, Reference):
        return Reference(keys[value.target]) if value.target in keys else value.text
    return value


def _findings(inventory: Inventory, judging: Judging) -> list[Finding]:
    settings, _ = settings_of(judging.policy, judging.rules)
    return list(judge(judging.rules.values(), inventory, settings, judging.today))


def _new(after: Iterable[Finding], before: Iterable[Finding]) -> list[Finding]:
    """The failures that were none before: of a rule on a resource."""
    old = {_identity(finding) for finding in before if finding.verdict is Verdict.FAIL}
    return [f for f in after if f.verdict is Verdict.FAIL and _identity(f) not in old]


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.stack, finding.resource
