"""What a card says beside its name: how many, how large, and how it stands in its zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.cost.fleet import launch_property
from analyzer.diagram.catalog import LOOKS
from analyzer.diagram.standing import known
from analyzer.exploration import Open
from analyzer.model import Resource
from analyzer.picture import Spread

_DATABASE = "AWS::RDS::DBInstance"
_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_TASKS = "AWS::ECS::Service"
_SIZES = ("InstanceType", "DBInstanceClass", "CacheNodeType", "NodeType")
_ONE_PLACE = (  # of several subnets, it takes one
    _DATABASE,
    "AWS::DocDB::DBInstance",
    "AWS::Neptune::DBInstance",
    "AWS::ElastiCache::CacheCluster",
    "AWS::Redshift::Cluster",
    "AWS::DMS::ReplicationInstance",
)
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How a thing stands in its subnets, as a note of a few words and as a sentence."""

    spread: Spread
    note: str = ""
    explained: str = ""


def manner_of(resource: Resource, zones: Sequence[str], held: Sequence[str]) -> Manner:
    """How a thing stands in the zones of its subnets; `held` are the keys of all its parts."""
    size = _members(resource, held) or _size(resource)
    if resource.type == _DATABASE:
        return _database(resource, zones, size)
    if len(zones) < _PAIR:
        return Manner(Spread.WHOLE, size)
    if resource.type in _ONE_PLACE:
        return _one_of(zones, size)
    look = LOOKS[resource.type]
    return Manner(Spread.GROUP if look.members else Spread.EVERY, size)


def _database(db: Resource, zones: Sequence[str], size: str) -> Manner:
    multi = known(lambda: db.MultiAZ, bool)
    if multi and len(zones) == _PAIR:
        why = "primary and standby; AWS chooses which zone has which"
        return Manner(Spread.STANDBY, size, why)
    if multi and len(zones) > _PAIR:
        why = f"primary and standby in two of the {len(zones)} zones, which AWS chooses"
        return Manner(Spread.ONE, _joined(size, f"2 of {len(zones)} zones"), why)
    if len(zones) < _PAIR:
        return Manner(Spread.WHOLE, size)
    if _is_open(known(lambda: db.MultiAZ, object)):
        why = "whether it has a standby is not known"
        return Manner(Spread.ONE, _joined(size, "standby not known"), why)
    return _one_of(zones, size)


def _is_open(value: Any) -> bool:
    """Whether a property was read and its value is not known."""
    return value is None or isinstance(value, Open)


def _one_of(zones: Sequence[str], size: str) -> Manner:
    why = f"stands in one of the {len(zones)} zones, which AWS chooses"
    return Manner(Spread.ONE, size, why)


def _members(resource: Resource, held: Sequence[str]) -> str:
    """How many instances a cluster has."""
    inside = [resource.inventory.resources[key].type for key in held]
    count = sum(type_.endswith("::DBInstance") for type_ in inside[1:])
    return f"{count} instance{'s' if count > 1 else ''}" if count else ""


def _size(resource: Resource) -> str:
    """How many of which size, as far as it is known."""
    if resource.type == _GROUP:
        kind = known(lambda: launch_property(resource, "InstanceType"), str) or "servers"
        return f"{_numbers(resource, 'MinSize', 'MaxSize')} {kind}".strip()
    if resource.type == _TASKS:
        count = _number(known(lambda: resource.DesiredCount, int, str))
        return f"{count} task{'' if count == '1' else 's'}" if count else ""
    return next(filter(None, (_read(resource, name, str) for name in _SIZES)), "")


def _read(resource: Resource, name: str, *types: type) -> Any:
    return known(lambda: getattr(resource, name), *types)


def _numbers(resource: Resource, *names: str) -> str:
    found = [_number(_read(resource, name, int, str)) for name in names]
    if not all(found):
        return ""
    low, high = found
    return f"{low} \u00d7" if low == high else f"{low}\u2013{high} \u00d7"


def _number(value: Any) -> str:
    text = f"{value}"
    return text if text.isdecimal() else ""


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))
